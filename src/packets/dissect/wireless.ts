import { u16, u16le, u32le } from '../../lib/endian.ts';
import type { Dissector, Step } from './dissector.ts';
import { P } from './protocols.ts';
import type { Steps } from './steps.ts';

/** What the receiver noted of a frame of IEEE 802.11 that matters for reading it. */
interface Noted {
  /** It ends with a checksum of four bytes. */
  readonly checksum: boolean;
  /** Its header is filled up to a multiple of four. */
  readonly padded: boolean;
}

const NOTHING: Noted = { checksum: false, padded: false };

const DATA = 2;
const ORDER = 0x80;
const PROTECTED = 0x40;
const MORE_FRAGMENTS = 0x04;

/**
 * A frame of IEEE 802.11: its header is as long as its type and flags say. Data that is encrypted, or in fragments, stays unread.
 *
 * @see IEEE 802.11-2020, 9.2.4 and 9.3.2
 */
function wireless(d: Dissector, { checksum, padded }: Noted): number {
  const { bytes, at } = d;
  if (checksum) d.limit = Math.max(at, d.limit - 4);
  if (d.left < 24) {
    d.enter(P.wlan, d.left);
    return 0;
  }
  const [control, flags] = [bytes[at]!, bytes[at + 1]!];
  const kind = control >> 4;
  if (((control >> 2) & 3) !== DATA) {
    d.enter(P.wlan, d.left);
    return 0;
  }
  const quality = (kind & 8) !== 0;
  let header = (flags & 3) === 3 ? 30 : 24;
  const qualityAt = at + header;
  if (quality) header += (flags & ORDER) === 0 ? 2 : 6;
  if (padded) header = (header + 3) & ~3;
  const fragment = (flags & MORE_FRAGMENTS) !== 0 || (bytes[at + 22]! & 0x0f) !== 0;
  d.enter(P.wlan, header);
  if ((kind & 4) !== 0 || (flags & PROTECTED) !== 0 || fragment || d.left === 0) return 0;
  // Several frames in one, each with addresses and a length of its own.
  if (quality && (bytes[qualityAt]! & 0x80) !== 0) return aggregate(d);
  return P.llc;
}

function aggregate(d: Dissector): number {
  d.enter(P.wlan_aggregate, 0);
  for (let at = d.at; at + 14 <= d.limit;) {
    const end = at + 14 + u16(d.bytes, at + 12);
    if (end > d.limit) return 0;
    d.inside(P.llc, at + 14, end);
    at += (end - at + 3) & ~3;
  }
  return 0;
}

const wlan: Step = (d) => wireless(d, NOTHING);

/** The notes of a receiver, which of them there are told by bits; the flags stand behind a time of eight bytes. @see radiotap.org */
const radiotap: Step = (d) => {
  const { bytes, at } = d;
  const length = d.left < 8 ? d.left : u16le(bytes, at + 2);
  if (length < 8 || length > d.left) {
    d.enter(P.radiotap, d.left);
    return 0;
  }
  const present = u32le(bytes, at + 4);
  let notes = at + 8;
  for (let more = present; (more & 0x80000000) !== 0 && notes + 4 <= at + length; notes += 4)
    more = u32le(bytes, notes);
  if ((present & 1) !== 0) notes = at + ((notes - at + 7) & ~7) + 8;
  const flags = (present & 2) !== 0 && notes < at + length ? bytes[notes]! : 0;
  d.enter(P.radiotap, length);
  d.enter(P.wlan_radio, 0);
  return wireless(d, { checksum: (flags & 0x10) !== 0, padded: (flags & 0x20) !== 0 });
};

export const wirelessSteps: Steps = { wlan, radiotap };

/** A header of fixed length stands before the frame. */
const behind =
  (header: number): Step =>
  (d) => {
    d.at = Math.min(d.at + header, d.limit);
    return P.wlan;
  };

export const wirelessLinks: Readonly<Record<number, Step>> = {
  105: () => P.wlan,
  119: behind(144),
  127: () => P.radiotap,
  163: behind(64),
};
