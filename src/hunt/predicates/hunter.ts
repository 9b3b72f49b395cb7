import { emptyFrames, type Frames } from '../../packets/capture/frames.ts';
import { ipText } from '../../lib/ip-address.ts';
import type { Dissector } from '../../packets/dissect/dissector.ts';
import { P } from '../../packets/dissect/protocols.ts';
import { Behind, bare, earOf, headed, surroundingsOf, type Ear } from './ears.ts';
import { dress, Inner } from './inner.ts';
import { Laid } from './laid.ts';
import { dissectFrame, Paths, singleReader } from './paths.ts';
import { groundOf, isDressable, seatOf, type Seat, type Sought } from './seats.ts';

/** A packet that a filter lets through. */
export interface Hit {
  readonly filter: number;
  /** Number of its frame in the capture, from 1. */
  readonly frame: number;
  readonly micros: number;
  /** The layers of the frame. */
  readonly path: string;
  /** Byte of the frame where the layer begins that the filter was run on; 0 is the frame itself. */
  readonly offset: number;
  /** Address of the sender, where that was asked for and the frame tells it. */
  readonly sender?: string;
}

/** Hits as columns, for a moment. */
interface Found {
  readonly index: number;
  readonly filter: number;
  readonly offset: number;
  /** Number of the path, -1 where the frame is still to be taken apart. */
  readonly path: number;
}

/** Runs filters over the frames of captures, as the kernel of a host would have that saw them. */
export class Hunter {
  readonly #filters: readonly Sought[];
  readonly #senders: boolean;
  /** By link type and seat. */
  readonly #ears = new Map<number, ReadonlyMap<Seat, Ear>>();
  readonly #paths = new Paths();
  readonly #reader = singleReader();
  readonly #behind = new Behind();
  readonly #dressed = new Laid();
  readonly #inside: Inner;
  /** Filters for what lies inside of frames, whatever their link. */
  readonly #deep: readonly (readonly [laid: Laid, ear: Ear])[];
  #part: Frames | undefined;

  /**
   * @param inner Whether the packets inside of tunnels are looked at, too.
   * @param senders Whether senders are told.
   */
  constructor(
    filters: readonly Sought[],
    { inner, senders = false }: { readonly inner: boolean; readonly senders?: boolean },
  ) {
    this.#filters = filters;
    this.#senders = senders;
    const which = (holds: (one: Sought) => boolean): readonly number[] =>
      [...filters.keys()].filter((number) => holds(filters[number]!));
    const ethernet = inner ? which(({ link }) => link === 'ethernet') : [];
    const dressed = inner ? which(({ link, program }) => link === 'ethernet' && isDressable(program)) : [];
    const network = inner ? which(({ link }) => link === 'network') : [];
    const udp = which((one) => seatOf(one, {}) === 'udp');
    const icmpv6 = which((one) => seatOf(one, {}) === 'icmpv6');
    this.#inside = new Inner(
      {
        inner,
        ethernet: ethernet.length > 0,
        network: network.length > 0,
        dressed: dressed.length > 0,
        udp: udp.length > 0,
        icmpv6: icmpv6.length > 0,
      },
      this.#paths,
    );
    const alone = { hidden: 0, environment: () => ({}) };
    this.#deep = (
      [
        [this.#inside.ethernet, ethernet, headed(14, 12)],
        [this.#inside.dressed, dressed, headed(14, 12)],
        [this.#inside.network, network, bare(0)],
        [this.#inside.udp, udp, alone],
        [this.#inside.icmpv6, icmpv6, alone],
      ] as const
    ).flatMap(([laid, filters, around]) =>
      filters.length === 0 ? [] : [[laid, earOf(filters, this.#filters, around)] as const],
    );
  }

  /** Finds what filters let through: by frame, within one by where it begins, then by filter. */
  *hunt(frames: Frames): Generator<Hit> {
    const { count, link } = frames;
    for (let from = 0; from < count;) {
      let to = from + 1;
      while (to < count && link[to] === link[from]) to += 1;
      yield* this.#alike(from === 0 && to === count ? frames : this.#partOf(frames, from, to), link[from]!);
      from = to;
    }
  }

  *#alike(frames: Frames, linkType: number): Generator<Hit> {
    let ears = this.#ears.get(linkType);
    if (ears === undefined) {
      ears = this.#earsOn(linkType);
      this.#ears.set(linkType, ears);
    }
    const found: Found[] = [];
    for (const [seat, ear] of ears) this.#listen(frames, linkType, seat, ear, found);
    if (this.#deep.length > 0) {
      this.#inside.of(frames, linkType);
      for (const [laid, { filters, fused }] of this.#deep) {
        const { count, packet, program } = fused.scan(laid);
        for (let at = 0; at < count; at++) {
          const index = packet[at]!;
          found.push({
            index: laid.frame[index]!,
            filter: filters[program[at]!]!,
            offset: laid.offset[index]!,
            path: laid.path[index]!,
          });
        }
      }
    }
    if (ears.size + this.#deep.length > 1)
      found.sort((a, b) => a.index - b.index || a.offset - b.offset || a.filter - b.filter);
    let [lastIndex, lastPath] = [-1, ''];
    for (const { index, filter, offset, path } of found) {
      if (path < 0 && index !== lastIndex)
        [lastIndex, lastPath] = [index, this.#paths.text(this.#paths.of(this.#layersOf(frames, index)))];
      yield {
        filter,
        frame: frames.first + index,
        micros: frames.micros[index]!,
        path: path < 0 ? lastPath : this.#paths.text(path),
        offset,
        ...(this.#senders ? senderOf(this.#layersOf(frames, index), frames.start[index]! + offset) : {}),
      };
    }
  }

  #listen(frames: Frames, linkType: number, seat: Seat, { filters, fused }: Ear, found: Found[]): void {
    const { header = 0, typeAt } = groundOf(linkType);
    const dressed =
      seat === 'dressed'
        ? dress(frames, { header, ...(typeAt === undefined ? {} : { typeAt }) }, this.#dressed)
        : undefined;
    const packets = dressed ?? (seat === 'behind' ? this.#behind.of(frames, header) : frames);
    const { count, packet, program } = fused.scan(packets);
    const offset = seat === 'frame' ? 0 : header;
    for (let at = 0; at < count; at++) {
      const index = packet[at]!;
      found.push({ index: dressed?.frame[index] ?? index, filter: filters[program[at]!]!, offset, path: -1 });
    }
  }

  #layersOf(frames: Frames, index: number): Dissector {
    dissectFrame(this.#reader, frames, index);
    return this.#reader;
  }

  #earsOn(linkType: number): ReadonlyMap<Seat, Ear> {
    const ground = groundOf(linkType);
    const seats = new Map<Seat, number[]>();
    this.#filters.forEach((one, filter) => {
      const seat = seatOf(one, ground);
      if (seat === 'udp' || seat === 'icmpv6' || typeof seat === 'object') return;
      seats.set(seat, [...(seats.get(seat) ?? []), filter]);
    });
    const ears = new Map<Seat, Ear>();
    for (const [seat, filters] of seats) ears.set(seat, earOf(filters, this.#filters, surroundingsOf(seat, ground)));
    return ears;
  }

  /** Some of the frames, by themselves. */
  #partOf(frames: Frames, from: number, to: number): Frames {
    const part = (this.#part ??= emptyFrames());
    part.bytes = frames.bytes;
    part.count = to - from;
    part.first = frames.first + from;
    for (const name of ['start', 'captured', 'wire', 'micros', 'link', 'at'] as const)
      part[name].set(frames[name].subarray(from, to));
    return part;
  }
}

/** Who sent the packet that begins at a byte, or the datagram there: the first network layer behind it says it, or the last before. */
function senderOf(layers: Dissector, at: number): { readonly sender?: string } {
  const networks = Array.from(layers.network.subarray(0, layers.levels));
  const layer = networks.find((one) => layers.start[one]! >= at) ?? networks.at(-1);
  if (layer === undefined) return {};
  const [bytes, start, end] = [layers.data[layer]!, layers.start[layer]!, layers.end[layer]!];
  const [from, size] = layers.protocol[layer] === P.ipv6 ? [start + 8, 16] : [start + 12, 4];
  return from + size > end ? {} : { sender: ipText(bytes.subarray(from, from + size)) };
}
