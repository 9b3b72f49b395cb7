import type { Dissector } from './dissector.ts';
import { PROTOCOL_NAMES } from './protocols.ts';

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

  /** Counts a frame that was taken apart. */
  add(layers: Dissector, wire: number): void {
    let below = this.#top;
    for (let index = 0; index < layers.count; index++) {
      const protocol = layers.protocol[index]!;
      let node = below.get(protocol);
      if (node === undefined) {
        node = { frames: 0, bytes: 0, below: new Map() };
        below.set(protocol, node);
      }
      node.frames += 1;
      node.bytes += wire;
      below = node.below;
    }
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
