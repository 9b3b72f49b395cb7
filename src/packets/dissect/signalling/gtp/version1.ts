import { u16, u32 } from '../../../../lib/endian.ts';
import { accessPoint, addressText, semiOctets } from './values.ts';

/** Lengths in bytes of elements that do not tell theirs. @see 3GPP TS 29.060, 7.7 */
const FIXED: Readonly<Record<number, number>> = {
  1: 1,
  2: 8,
  3: 6,
  4: 4,
  5: 4,
  8: 1,
  9: 28,
  11: 1,
  12: 3,
  13: 1,
  14: 1,
  15: 1,
  16: 4,
  17: 4,
  18: 5,
  19: 1,
  20: 1,
  21: 1,
  22: 9,
  23: 1,
  24: 1,
  25: 2,
  26: 2,
  27: 2,
  28: 2,
  29: 1,
  127: 4,
};

/** From here on elements tell their length. */
const WITH_LENGTH = 128;
const MOST_ELEMENTS = 512;

/** One information element: its value lies from `at` to `end`. */
export interface GtpElement {
  readonly type: number;
  readonly at: number;
  readonly end: number;
}

/** What a control message of version 1 tells; each undefined, or empty, where it does not. */
export interface Gtp1Content {
  readonly elements: readonly GtpElement[];
  /** Bytes at the end that are no elements. */
  readonly unread: number;
  readonly cause: number | undefined;
  readonly imsi: string | undefined;
  readonly msisdn: string | undefined;
  readonly accessPoint: string | undefined;
  readonly recovery: number | undefined;
  /** Tunnels for data and for control that the sender wants to be used. */
  readonly dataTeid: number | undefined;
  readonly controlTeid: number | undefined;
  /** Addresses of the sender's nodes. */
  readonly nodes: readonly string[];
  readonly privateExtensions: readonly GtpElement[];
}

/**
 * Information elements of version 1 from `at` to `end`.
 *
 * @see 3GPP TS 29.060, 7.7
 */
export function gtp1Content(bytes: Uint8Array, at: number, end: number): Gtp1Content {
  const elements: GtpElement[] = [];
  let from = at;
  while (from < end && elements.length < MOST_ELEMENTS) {
    const type = bytes[from]!;
    const own = type >= WITH_LENGTH && from + 3 <= end ? 3 : 1;
    const size = type < WITH_LENGTH ? FIXED[type] : own === 3 ? u16(bytes, from + 1) : undefined;
    if (size === undefined || from + own + size > end) break;
    elements.push({ type, at: from + own, end: from + own + size });
    from += own + size;
  }
  const all = (type: number): GtpElement[] => elements.filter((element) => element.type === type);
  const byte = (type: number): number | undefined => all(type).map((element) => bytes[element.at]!)[0];
  const word = (type: number): number | undefined => all(type).map((element) => u32(bytes, element.at))[0];
  const text = (type: number, skip = 0): string | undefined =>
    all(type).map((element) => semiOctets(bytes, element.at + skip, element.end))[0];
  return {
    elements,
    unread: end - from,
    cause: byte(1),
    imsi: text(2),
    msisdn: text(134, 1),
    accessPoint: all(131).map((element) => accessPoint(bytes, element.at, element.end))[0],
    recovery: byte(14),
    dataTeid: word(16),
    controlTeid: word(17),
    nodes: all(133).flatMap((element) => addressText(bytes, element.at, element.end) ?? []),
    privateExtensions: all(255),
  };
}
