import { u32 } from '../../../lib/endian.ts';
import { P } from '../protocols.ts';

const HEADER = 20;
/** A header, and the names of a sender that every message has. */
const SHORTEST = 36;
const LONGEST = 65_534;
/** No honest message has more at its top. */
const MOST_AVPS = 1024;

const REQUEST = 0x80;
const ERROR = 0x20;
const RESERVED = 0x0f;

const u24 = (bytes: Uint8Array, at: number): number => (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;

/** One attribute: its value lies from `at` to `end`, without padding. */
export interface Avp {
  readonly code: number;
  readonly flags: number;
  /** 0 where it is of the base. */
  readonly vendor: number;
  readonly at: number;
  readonly end: number;
}

export interface DiameterMessage {
  /** Length in bytes, as the message tells it. */
  readonly length: number;
  readonly request: boolean;
  readonly proxiable: boolean;
  readonly error: boolean;
  readonly retransmitted: boolean;
  readonly command: number;
  readonly application: number;
  readonly hopByHop: number;
  readonly endToEnd: number;
  readonly avps: readonly Avp[];
}

/** Names that say who talks with whom; each undefined where the message does not tell it. */
export interface DiameterNames {
  readonly session: string | undefined;
  readonly user: string | undefined;
  readonly originHost: string | undefined;
  readonly originRealm: string | undefined;
  readonly destinationHost: string | undefined;
  readonly destinationRealm: string | undefined;
  readonly routeRecord: readonly string[];
  readonly resultCode: number | undefined;
}

/** Does a message begin here? Five bytes tell. */
export function isDiameter(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 5 > end || bytes[at] !== 1) return false;
  const length = u24(bytes, at + 1);
  const flags = bytes[at + 4]!;
  return (
    length >= SHORTEST &&
    length <= LONGEST &&
    (flags & RESERVED) === 0 &&
    (flags & (REQUEST | ERROR)) !== (REQUEST | ERROR)
  );
}

/**
 * A message of Diameter, of which the end may be cut.
 *
 * @see RFC 6733, 3
 */
export function diameter(bytes: Uint8Array, at: number, end: number): DiameterMessage | undefined {
  if (at + HEADER > end || bytes[at] !== 1) return undefined;
  const length = u24(bytes, at + 1);
  if (length < HEADER) return undefined;
  const flags = bytes[at + 4]!;
  return {
    length,
    request: (flags & REQUEST) !== 0,
    proxiable: (flags & 0x40) !== 0,
    error: (flags & ERROR) !== 0,
    retransmitted: (flags & 0x10) !== 0,
    command: u24(bytes, at + 5),
    application: u32(bytes, at + 8),
    hopByHop: u32(bytes, at + 12),
    endToEnd: u32(bytes, at + 16),
    avps: avpsOf(bytes, at + HEADER, Math.min(at + length, end)),
  };
}

/**
 * Attributes from `at` to `end`: those of a message, or of one that groups others.
 *
 * @see RFC 6733, 4.1
 */
export function avpsOf(bytes: Uint8Array, at: number, end: number): Avp[] {
  const avps: Avp[] = [];
  for (let from = at; from + 8 <= end && avps.length < MOST_AVPS;) {
    const flags = bytes[from + 4]!;
    const header = (flags & 0x80) === 0 ? 8 : 12;
    const length = u24(bytes, from + 5);
    if (length < header || from + header > end) break;
    const vendor = header === 12 ? u32(bytes, from + 8) : 0;
    avps.push({ code: u32(bytes, from), flags, vendor, at: from + header, end: Math.min(from + length, end) });
    from += (length + 3) & ~3;
  }
  return avps;
}

/** The names in a message. */
export function diameterNames(bytes: Uint8Array, { avps }: Pick<DiameterMessage, 'avps'>): DiameterNames {
  const texts = (code: number): string[] =>
    avps
      .filter((avp) => avp.code === code && avp.vendor === 0)
      .map(({ at, end }) => Buffer.from(bytes.subarray(at, end)).toString('utf8'));
  const result = avps.find(({ code, vendor, at, end }) => code === 268 && vendor === 0 && end - at === 4);
  return {
    session: texts(263)[0],
    user: texts(1)[0],
    originHost: texts(264)[0],
    originRealm: texts(296)[0],
    destinationHost: texts(293)[0],
    destinationRealm: texts(283)[0],
    routeRecord: texts(282),
    resultCode: result && u32(bytes, result.at),
  };
}

/** How messages are cut out of a stream. */
export const framedDiameter = {
  protocol: P.diameter,
  lengthOf(bytes: Uint8Array, at: number, end: number): number {
    if (at + 5 > end) return end > at && bytes[at] !== 1 ? -1 : 0;
    return isDiameter(bytes, at, end) ? u24(bytes, at + 1) : -1;
  },
};
