import { u16, u16le, u32, u32le } from '../../lib/endian.ts';
import type { CaptureFormat, Taken } from './format.ts';
import { LONGEST_FRAME } from './format.ts';
import { MOST_FRAMES, type Frames } from './frames.ts';

/** Length of a capture's header. */
export const PCAP_HEADER = 24;

/** The first four bytes as a number, most significant byte first: byte order, unit of time, size of a record's header. */
const KINDS: Readonly<Record<number, { readonly little: boolean; readonly nano: boolean; readonly record: number }>> = {
  0xa1b2c3d4: { little: false, nano: false, record: 16 },
  0xd4c3b2a1: { little: true, nano: false, record: 16 },
  0xa1b23c4d: { little: false, nano: true, record: 16 },
  0x4d3cb2a1: { little: true, nano: true, record: 16 },
  // A variant of old Linux distributions, with the interface and the protocol in each record.
  0xa1b2cd34: { little: false, nano: false, record: 24 },
  0x34cdb2a1: { little: true, nano: false, record: 24 },
};

export function isPcap(head: Uint8Array): boolean {
  return head.length >= 4 && u32(head, 0) in KINDS;
}

/** How records lie in a capture that begins so: how long the header of each is, and how its numbers are read. */
export function recordsOf(head: Uint8Array): {
  readonly header: number;
  readonly long: (bytes: Uint8Array, at: number) => number;
  /** Units of its clock a second. */
  readonly second: number;
} {
  const { record, little, nano } = KINDS[u32(head, 0)]!;
  return { header: record, long: little ? u32le : u32, second: nano ? 1e9 : 1e6 };
}

/**
 * A capture in the format of libpcap, from its header on.
 *
 * @returns How it is read and how long its header is; a text says why it cannot be read; undefined asks for more bytes.
 * @see draft-ietf-opsawg-pcap
 */
export function pcapOf(head: Uint8Array): { format: CaptureFormat; length: number } | string | undefined {
  if (head.length < PCAP_HEADER) return undefined;
  const kind = KINDS[u32(head, 0)]!;
  const [short, long] = kind.little ? [u16le, u32le] : [u16, u32];
  const [major, minor] = [short(head, 4), short(head, 6)];
  if (major !== 2) return `its version is ${major}.${minor}, and 2.4 is the one that is known`;
  const link = long(head, 20) & 0xffff;
  return { format: new Pcap(kind.record, kind.little, kind.nano ? 1e-3 : 1, link), length: PCAP_HEADER };
}

class Pcap implements CaptureFormat {
  readonly #record: number;
  readonly #little: boolean;
  readonly #unit: number;
  readonly #link: number;

  constructor(record: number, little: boolean, unit: number, link: number) {
    this.#record = record;
    this.#little = little;
    this.#unit = unit;
    this.#link = link;
  }

  take(bytes: Uint8Array, from: number, to: number, base: number, frames: Frames): Taken {
    const [record, little, unit, linkType] = [this.#record, this.#little, this.#unit, this.#link];
    const { start, captured, wire, micros, at, link } = frames;
    // Of all ways to read a number this is the one that costs least, and every frame has four.
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let next = from;
    let count = frames.count;
    let needs = record;
    let broken: string | undefined;
    while (next + record <= to && count < MOST_FRAMES) {
      const kept = view.getUint32(next + 8, little);
      if (kept > LONGEST_FRAME) {
        broken = `a record says that it holds ${kept} bytes`;
        break;
      }
      needs = record + kept;
      if (next + needs > to) break;
      start[count] = next + record;
      captured[count] = kept;
      wire[count] = view.getUint32(next + 12, little);
      micros[count] = view.getUint32(next, little) * 1e6 + view.getUint32(next + 4, little) * unit;
      link[count] = linkType;
      at[count] = base + next + record;
      count += 1;
      next += needs;
      needs = record;
    }
    frames.count = count;
    return { next, needs, ...(broken === undefined ? {} : { broken }) };
  }
}
