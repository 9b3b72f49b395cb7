import { u16, u32 } from '../../../../lib/endian.ts';
import { accessPoint, addressText, semiOctets, type TunnelEnd } from './values.ts';

const MOST_ELEMENTS = 512;
/** Contexts of bearers, which group elements. */
const BEARER_CONTEXT = 93;
const F_TEID = 87;
const IMSI = 1;
const CAUSE = 2;
const RECOVERY = 3;
const ACCESS_POINT = 71;
const MSISDN = 76;
const PRIVATE_EXTENSION = 255;

/** One information element: its value lies from `at` to `end`. */
export interface Gtp2Element {
  readonly type: number;
  readonly instance: number;
  readonly at: number;
  readonly end: number;
}

/** One end of a tunnel, and whose. */
export interface FullTeid extends TunnelEnd {
  /** What the node is to the tunnel, as a number: 0 the eNodeB for data, 10 and 11 the MME and SGW for control, 6 and 7 the SGW and PGW. */
  readonly interface: number;
}

/** A control message of version 2; what the message does not tell is undefined, or empty. */
export interface Gtp2Message {
  readonly type: number;
  /** Bytes behind the first four, as the message tells. */
  readonly length: number;
  readonly teid: number | undefined;
  readonly sequence: number;
  /** Another message follows this one in the same packet. */
  readonly piggybacked: boolean;
  readonly elements: readonly Gtp2Element[];
  readonly cause: number | undefined;
  readonly imsi: string | undefined;
  readonly msisdn: string | undefined;
  readonly accessPoint: string | undefined;
  readonly recovery: number | undefined;
  /** Ends of tunnels, those of bearers with them. */
  readonly tunnels: readonly FullTeid[];
  readonly privateExtensions: readonly Gtp2Element[];
  /** Where the message ends by its own length, or the bytes do before. */
  readonly end: number;
  /** Bytes at the end of the message that are no elements. */
  readonly unread: number;
  /** Bytes behind the end that the message tells. */
  readonly trailing: number;
}

/**
 * A control message of version 2.
 *
 * @see 3GPP TS 29.274, 5 and 8
 */
export function gtp2Message(bytes: Uint8Array, at: number, end: number): Gtp2Message | undefined {
  if (at + 8 > end || bytes[at]! >> 5 !== 2) return undefined;
  const tunnelled = (bytes[at]! & 8) !== 0;
  const header = tunnelled ? 12 : 8;
  if (at + header > end) return undefined;
  const length = u16(bytes, at + 2);
  const to = at + 4 + length;
  const stop = Math.min(to, end);
  const { elements, next } = elementsOf(bytes, at + header, stop);
  const first = (type: number): Gtp2Element | undefined => elements.find((element) => element.type === type);
  const byte = (element: Gtp2Element | undefined): number | undefined =>
    element && element.at < element.end ? bytes[element.at] : undefined;
  const digits = (element: Gtp2Element | undefined): string | undefined =>
    element && semiOctets(bytes, element.at, element.end);
  const point = first(ACCESS_POINT);
  const bearers = elements
    .filter((element) => element.type === BEARER_CONTEXT)
    .flatMap((context) => elementsOf(bytes, context.at, context.end).elements);
  return {
    type: bytes[at + 1]!,
    length,
    teid: tunnelled ? u32(bytes, at + 4) : undefined,
    sequence: u32(bytes, at + header - 4) >>> 8,
    piggybacked: (bytes[at]! & 16) !== 0,
    elements,
    cause: byte(first(CAUSE)),
    imsi: digits(first(IMSI)),
    msisdn: digits(first(MSISDN)),
    accessPoint: point && accessPoint(bytes, point.at, point.end),
    recovery: byte(first(RECOVERY)),
    tunnels: [...elements, ...bearers].flatMap((element) =>
      element.type === F_TEID ? (fullTeid(bytes, element) ?? []) : [],
    ),
    privateExtensions: elements.filter((element) => element.type === PRIVATE_EXTENSION),
    end: stop,
    unread: Math.max(0, stop - next),
    trailing: Math.max(0, end - to),
  };
}

/** Elements by type, length and instance. */
function elementsOf(bytes: Uint8Array, at: number, end: number): { elements: Gtp2Element[]; next: number } {
  const elements: Gtp2Element[] = [];
  let from = at;
  while (from + 4 <= end && elements.length < MOST_ELEMENTS) {
    const to = from + 4 + u16(bytes, from + 1);
    if (to > end) break;
    elements.push({ type: bytes[from]!, instance: bytes[from + 3]! & 15, at: from + 4, end: to });
    from = to;
  }
  return { elements, next: from };
}

/** @see 3GPP TS 29.274, 8.22 */
function fullTeid(bytes: Uint8Array, { at, end }: Gtp2Element): FullTeid | undefined {
  if (at + 5 > end) return undefined;
  const flags = bytes[at]!;
  const after = at + 5 + ((flags & 0x80) === 0 ? 0 : 4);
  return {
    interface: flags & 0x3f,
    teid: u32(bytes, at + 1),
    ipv4: (flags & 0x80) === 0 ? undefined : addressText(bytes, at + 5, Math.min(after, end)),
    ipv6: (flags & 0x40) === 0 ? undefined : addressText(bytes, after, Math.min(after + 16, end)),
  };
}
