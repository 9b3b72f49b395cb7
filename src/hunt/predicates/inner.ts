import type { Frames } from '../../packets/capture/frames.ts';
import { CORE } from '../../packets/dissect/core.ts';
import { Dissector } from '../../packets/dissect/dissector.ts';
import { P } from '../../packets/dissect/protocols.ts';
import { Laid } from './laid.ts';
import { dissectFrame, type Paths } from './paths.ts';
import { groundOf } from './seats.ts';
import { typeOfVersion } from './ears.ts';

const ETHERNET_HEADER = 14;

/** Which packets inside of frames are wanted. */
export interface Wanted {
  /** Those deeper than the outermost, too. */
  readonly inner: boolean;
  readonly ethernet: boolean;
  readonly network: boolean;
  readonly dressed: boolean;
  readonly udp: boolean;
  readonly icmpv6: boolean;
}

/**
 * Finds the packets that lie inside of frames: what tunnels carry, what stands behind tags and labels, and datagrams. Each is a
 * packet of its own, as it comes out of the tunnel; where the frame itself is looked at as one, it is not found again.
 */
export class Inner {
  readonly ethernet = new Laid();
  readonly network = new Laid();
  /** Network packets with a header of Ethernet before them, which tells the EtherType and has 0 for addresses. */
  readonly dressed = new Laid();
  readonly udp = new Laid();
  readonly icmpv6 = new Laid();
  readonly #layers = new Dissector(CORE);
  readonly #paths: Paths;
  readonly #wanted: Wanted;

  constructor(wanted: Wanted, paths: Paths) {
    this.#wanted = wanted;
    this.#paths = paths;
  }

  /** Finds them in frames of one link type. */
  of(frames: Frames, linkType: number): void {
    for (const laid of [this.ethernet, this.network, this.dressed, this.udp, this.icmpv6]) laid.clear();
    const { header, own } = groundOf(linkType);
    for (let index = 0; index < frames.count; index++) {
      dissectFrame(this.#layers, frames, index);
      this.#layersOf(frames, index, header, own === 'ethernet');
    }
  }

  #layersOf(frames: Frames, index: number, header: number | undefined, ethernet: boolean): void {
    const layers = this.#layers;
    const [frameStart, kept] = [frames.start[index]!, frames.captured[index]!];
    const cut = Math.max(0, frames.wire[index]! - kept);
    let path = -1;
    /** Where in the frame the last layer began that lies in it: those put together of several frames have no place there. */
    let lastOffset = 0;
    let transports = 0;
    for (let layer = 0; layer < layers.count; layer++) {
      const protocol = layers.protocol[layer]!;
      const [bytes, from, to] = [layers.data[layer]!, layers.start[layer]!, layers.end[layer]!];
      const here = bytes === frames.bytes;
      if (here) lastOffset = from - frameStart;
      const outermost = here && lastOffset === header;
      const first = transports === 0;
      if (protocol === P.udp || protocol === P.icmpv6) transports += 1;
      const kind = this.#kindsOf(protocol, { layer, outermost, first, ethernet });
      if (kind.length === 0) continue;
      if (path < 0) path = this.#paths.of(layers);
      const packet = { bytes, from, to, wire: to - from + (here && to === frameStart + kept ? cut : 0) };
      const place = { frame: index, offset: lastOffset, path };
      for (const laid of kind) {
        const start = laid.add(laid === this.dressed ? ETHERNET_HEADER : 0, packet, place);
        if (laid === this.dressed) setType(laid.bytes, start + 12, typeOfVersion(bytes[from]));
      }
    }
  }

  /** Where a layer is laid. */
  #kindsOf(
    protocol: number,
    { layer, outermost, first, ethernet }: { layer: number; outermost: boolean; first: boolean; ethernet: boolean },
  ): readonly Laid[] {
    const wanted = this.#wanted;
    if (protocol === P.udp) return wanted.udp && (wanted.inner || first) ? [this.udp] : [];
    if (protocol === P.icmpv6) return wanted.icmpv6 && (wanted.inner || first) ? [this.icmpv6] : [];
    if (!wanted.inner) return [];
    if (protocol === P.eth) return wanted.ethernet && layer > 0 ? [this.ethernet] : [];
    if (protocol !== P.ip && protocol !== P.ipv6) return [];
    // The frame itself was run, or what its header carries.
    const behindEthernet = layer > 0 && this.#layers.protocol[layer - 1] === P.eth;
    const kinds: Laid[] = [];
    if (wanted.network && !outermost) kinds.push(this.network);
    if (wanted.dressed && !behindEthernet && !(outermost && !ethernet)) kinds.push(this.dressed);
    return kinds;
  }
}

function setType(bytes: Uint8Array, at: number, type: number): void {
  bytes[at] = type >> 8;
  bytes[at + 1] = type & 255;
}

/** Puts a header of Ethernet before what frames carry behind a header of a fixed length; shorter frames are left out. */
export function dress(frames: Frames, { header, typeAt }: { header: number; typeAt?: number }, into: Laid): Laid {
  into.clear();
  const { bytes } = frames;
  for (let index = 0; index < frames.count; index++) {
    const [start, kept] = [frames.start[index]!, frames.captured[index]!];
    if (kept < header) continue;
    const from = start + header;
    const packet = { bytes, from, to: start + kept, wire: Math.max(0, frames.wire[index]! - header) };
    const at = into.add(ETHERNET_HEADER, packet, { frame: index, offset: 0, path: -1 });
    if (typeAt === undefined) setType(into.bytes, at + 12, typeOfVersion(kept > header ? bytes[from] : undefined));
    else into.bytes.set(bytes.subarray(start + typeAt, start + typeAt + 2), at + 12);
  }
  return into;
}
