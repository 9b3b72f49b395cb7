import type { Dissector } from './dissector.ts';
import { P, PROTOCOL_NAMES } from './protocols.ts';

interface Node {
  frames: number;
  bytes: number;
  readonly below: Map<number, Node>;
}

/**
 * How many frames, and bytes on the wire, have which layers: a tree of protocols as Wireshark shows it. What a path has holds
 * what the paths below it have.
 */
export class Hierarchy {
  readonly #top = new Map<number, Node>();

  /** Counts a frame that was taken apart; a comment on it stands before its layers, as Wireshark has it. */
  add(layers: Dissector, wire: number, commented: boolean): void {
    let below = commented ? counted(this.#top, P.pkt_comment, wire) : this.#top;
    for (let index = 0; index < layers.count; index++) below = counted(below, layers.protocol[index]!, wire);
  }

  /** Frames and bytes by path, such as `eth/ip/udp`. */
  paths(): Record<string, readonly [frames: number, bytes: number]> {
    const told: Record<string, readonly [number, number]> = {};
    const walk = (below: ReadonlyMap<number, Node>, before: string): void => {
      for (const [protocol, node] of below) {
        const path = `${before}${PROTOCOL_NAMES[protocol] ?? ''}`;
        told[path] = [node.frames, node.bytes];
        walk(node.below, `${path}/`);
      }
    };
    walk(this.#top, '');
    return told;
  }
}

/** @returns What stands below the layer. */
function counted(below: Map<number, Node>, protocol: number, wire: number): Map<number, Node> {
  let node = below.get(protocol);
  if (node === undefined) {
    node = { frames: 0, bytes: 0, below: new Map() };
    below.set(protocol, node);
  }
  node.frames += 1;
  node.bytes += wire;
  return node.below;
}
