import { u16, u32 } from '../../../../lib/endian.ts';

/** T-PDU: the message carries a packet of the user. */
export const G_PDU = 255;

/** Extension headers of one message; no honest one has more. */
const MOST_EXTENSIONS = 32;

/** One extension header: its content lies from `at` to `end`. */
export interface GtpExtension {
  readonly type: number;
  readonly at: number;
  readonly end: number;
}

/** A message of GTP version 0, of version 1 and of GTP'. What it carries lies from `at` to `end`. */
export interface GtpHeader {
  readonly version: number;
  /** The charging protocol, which has no tunnel. */
  readonly prime: boolean;
  readonly type: number;
  /** Bytes behind the part of the header that every message has, as the message tells. */
  readonly length: number;
  /** Number of the tunnel, of version 0 its flow label; undefined of GTP'. */
  readonly teid: number | undefined;
  readonly sequence: number | undefined;
  readonly extensions: readonly GtpExtension[];
  readonly at: number;
  /** Where the message ends by its own length, or the bytes do before. */
  readonly end: number;
  /** Bytes behind the end that the message tells. */
  readonly trailing: number;
}

/**
 * The header of GTP but of version 2.
 *
 * @returns Nothing where it is cut, or of another version.
 * @see 3GPP TS 29.060, 6; TS 29.281, 5; TS 32.295, 6.1; GSM 09.60, 6
 */
export function gtpHeader(bytes: Uint8Array, at: number, end: number): GtpHeader | undefined {
  if (at + 4 > end) return undefined;
  const flags = bytes[at]!;
  const version = flags >> 5;
  const prime = (flags & 0x10) === 0;
  // A short header of GTP' says so in its last bit, of its first version.
  const header = prime ? (version === 0 && (flags & 1) === 0 ? 20 : 6) : version === 0 ? 20 : 8;
  if (version > (prime ? 2 : 1) || at + header > end) return undefined;
  const length = u16(bytes, at + 2);
  const to = at + header + length;
  const head = {
    version,
    prime,
    type: bytes[at + 1]!,
    length,
    end: Math.min(to, end),
    trailing: Math.max(0, end - to),
  };
  if (prime) return { ...head, teid: undefined, sequence: u16(bytes, at + 4), extensions: [], at: at + header };
  if (version === 0) {
    return { ...head, teid: u16(bytes, at + 6), sequence: u16(bytes, at + 4), extensions: [], at: at + header };
  }
  const teid = u32(bytes, at + 4);
  if ((flags & 7) === 0) return { ...head, teid, sequence: undefined, extensions: [], at: at + header };
  if (at + 12 > head.end) return undefined;
  const sequence = (flags & 2) === 0 ? undefined : u16(bytes, at + 8);
  const { extensions, next } = extensionsOf(bytes, at + 11, head.end, (flags & 4) !== 0);
  return { ...head, teid, sequence, extensions, at: next };
}

/** Extension headers tell their length in words of four bytes first, and the type of the next one last. */
function extensionsOf(
  bytes: Uint8Array,
  at: number,
  end: number,
  any: boolean,
): { extensions: GtpExtension[]; next: number } {
  const extensions: GtpExtension[] = [];
  let from = at + 1;
  let type = any ? bytes[at]! : 0;
  while (type !== 0 && extensions.length < MOST_EXTENSIONS) {
    const size = from < end ? 4 * bytes[from]! : 0;
    if (size === 0 || from + size > end) return { extensions, next: end };
    extensions.push({ type, at: from + 1, end: from + size - 1 });
    type = bytes[from + size - 1]!;
    from += size;
  }
  return { extensions, next: from };
}

/** Messages that are defined, first and last of each range. @see 3GPP TS 29.060, 7.1; TS 32.295, 6.2 */
const RANGES: readonly (readonly [first: number, last: number])[] = [
  [1, 7],
  [16, 37],
  [48, 62],
  [70, 70],
  [96, 105],
  [112, 121],
  [128, 129],
  [240, 241],
  [254, 255],
];
const DEFINED = new Uint8Array(256);
for (const [first, last] of RANGES) DEFINED.fill(1, first, last + 1);

/** Is this the number of a message that is defined for versions 0 and 1? */
export function isGtpMessage(type: number): boolean {
  return DEFINED[type] === 1;
}
