import { u16, u32 } from '../../../lib/endian.ts';
import { accessPoint, addressText, type TunnelEnd } from './gtp/values.ts';

const MOST_ELEMENTS = 1024;
const MOST_DEEP = 4;

const CAUSE = 19;
const F_TEID = 21;
const F_SEID = 57;
const NODE = 60;
const RECOVERY_TIME = 96;
const OUTER_HEADER = 84;

/** Elements that group others: rules of sessions, and what is in them. @see 3GPP TS 29.244, 8.1.2 */
const GROUPS = new Set([
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 51, 54, 58, 59, 68, 77, 78, 79, 80, 83, 85, 86, 87, 99,
  105, 118, 127, 128, 129, 130, 132, 143, 147,
]);

/** One information element: its value lies from `at` to `end`. */
export interface PfcpElement {
  readonly type: number;
  /** The maker of an element of its own, by its number. */
  readonly enterprise: number | undefined;
  readonly at: number;
  readonly end: number;
}

/** An end of a session. */
export interface FullSeid {
  /** 16 hexadecimal digits. */
  readonly seid: string;
  readonly ipv4: string | undefined;
  readonly ipv6: string | undefined;
}

/** A message between those who decide on a user's traffic and those who carry it. */
export interface PfcpMessage {
  readonly version: number;
  readonly type: number;
  /** Bytes behind the first four, as the message tells. */
  readonly length: number;
  /** 16 hexadecimal digits. */
  readonly seid: string | undefined;
  readonly sequence: number;
  readonly elements: readonly PfcpElement[];
  readonly cause: number | undefined;
  readonly node: string | undefined;
  readonly session: FullSeid | undefined;
  /** Ends of tunnels in the rules of the session, and to where packets are to be sent. */
  readonly tunnels: readonly TunnelEnd[];
  /** Seconds since 1900. */
  readonly recoveryTime: number | undefined;
  readonly end: number;
  /** Bytes at the end of the message that are no elements. */
  readonly unread: number;
  /** Bytes behind the end that the message tells. */
  readonly trailing: number;
}

/**
 * A message of PFCP.
 *
 * @see 3GPP TS 29.244, 7.2 and 8
 */
export function pfcp(bytes: Uint8Array, at: number, end: number): PfcpMessage | undefined {
  if (at + 8 > end) return undefined;
  const ofSession = (bytes[at]! & 1) !== 0;
  const header = ofSession ? 16 : 8;
  if (at + header > end) return undefined;
  const length = u16(bytes, at + 2);
  const to = at + 4 + length;
  const stop = Math.min(to, end);
  const { elements, next } = elementsOf(bytes, at + header, stop);
  const first = (type: number): PfcpElement | undefined => elements.find((element) => element.type === type);
  const cause = first(CAUSE);
  const node = first(NODE);
  const session = first(F_SEID);
  const recovery = first(RECOVERY_TIME);
  return {
    version: bytes[at]! >> 5,
    type: bytes[at + 1]!,
    length,
    seid: ofSession ? hex64(bytes, at + 4) : undefined,
    sequence: u32(bytes, at + header - 4) >>> 8,
    elements,
    cause: cause && cause.at < cause.end ? bytes[cause.at] : undefined,
    node: node && nodeOf(bytes, node),
    session: session && fullSeid(bytes, session),
    tunnels: tunnelsIn(bytes, elements, 0),
    recoveryTime: recovery && recovery.at + 4 <= recovery.end ? u32(bytes, recovery.at) : undefined,
    end: stop,
    unread: Math.max(0, stop - next),
    trailing: Math.max(0, end - to),
  };
}

/** Elements by type and length; those of a maker name it first. */
function elementsOf(bytes: Uint8Array, at: number, end: number): { elements: PfcpElement[]; next: number } {
  const elements: PfcpElement[] = [];
  let from = at;
  while (from + 4 <= end && elements.length < MOST_ELEMENTS) {
    const type = u16(bytes, from);
    const to = from + 4 + u16(bytes, from + 2);
    if (to > end) break;
    const own = type >= 0x8000 && from + 6 <= to;
    elements.push({ type, enterprise: own ? u16(bytes, from + 4) : undefined, at: from + (own ? 6 : 4), end: to });
    from = to;
  }
  return { elements, next: from };
}

function tunnelsIn(bytes: Uint8Array, elements: readonly PfcpElement[], depth: number): TunnelEnd[] {
  return elements.flatMap((element) => {
    if (element.type === F_TEID) return fullTeid(bytes, element) ?? [];
    if (element.type === OUTER_HEADER) return outerHeader(bytes, element) ?? [];
    if (!GROUPS.has(element.type) || depth >= MOST_DEEP) return [];
    return tunnelsIn(bytes, elementsOf(bytes, element.at, element.end).elements, depth + 1);
  });
}

/** The end of a tunnel that is to be listened on; nothing where the other side is to choose it. @see 3GPP TS 29.244, 8.2.3 */
function fullTeid(bytes: Uint8Array, { at, end }: PfcpElement): TunnelEnd | undefined {
  const flags = at < end ? bytes[at]! : 4;
  if ((flags & 4) !== 0 || at + 5 > end) return undefined;
  return {
    teid: u32(bytes, at + 1),
    ...addresses(bytes, at + 5, end, (flags & 1) !== 0, (flags & 2) !== 0),
  };
}

/** To where packets are sent. @see 3GPP TS 29.244, 8.2.56 */
function outerHeader(bytes: Uint8Array, { at, end }: PfcpElement): TunnelEnd | undefined {
  if (at + 6 > end) return undefined;
  const kind = bytes[at]!;
  const [four, six] = [(kind & 1) !== 0, (kind & 2) !== 0];
  return four || six ? { teid: u32(bytes, at + 2), ...addresses(bytes, at + 6, end, four, six) } : undefined;
}

/** @see 3GPP TS 29.244, 8.2.37 */
function fullSeid(bytes: Uint8Array, { at, end }: PfcpElement): FullSeid | undefined {
  if (at + 9 > end) return undefined;
  const flags = bytes[at]!;
  return { seid: hex64(bytes, at + 1), ...addresses(bytes, at + 9, end, (flags & 2) !== 0, (flags & 1) !== 0) };
}

function addresses(
  bytes: Uint8Array,
  at: number,
  end: number,
  four: boolean,
  six: boolean,
): Pick<FullSeid, 'ipv4' | 'ipv6'> {
  const after = at + (four ? 4 : 0);
  return {
    ipv4: four ? addressText(bytes, at, Math.min(after, end)) : undefined,
    ipv6: six ? addressText(bytes, after, Math.min(after + 16, end)) : undefined,
  };
}

/** An address, or a name. @see 3GPP TS 29.244, 8.2.38 */
function nodeOf(bytes: Uint8Array, { at, end }: PfcpElement): string | undefined {
  const kind = at < end ? bytes[at]! & 15 : -1;
  if (kind === 2) return accessPoint(bytes, at + 1, end);
  return kind === 0 || kind === 1 ? addressText(bytes, at + 1, end) : undefined;
}

const hex64 = (bytes: Uint8Array, at: number): string => Buffer.from(bytes.subarray(at, at + 8)).toString('hex');
