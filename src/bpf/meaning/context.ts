import type { Formulas, Load } from '../formula.ts';
import { headersOf, learnType, type Headers } from '../headers.ts';
import { learn } from '../learn.ts';
import { ARP, IPV4, IPV6, IPV6_HEADER, LLC, TRANSPORTS, VLAN } from '../protocols.ts';
import { roleOf } from '../role.ts';
import { complement, numbersOf, type Intervals } from '../sets/intervals.ts';
import type { PacketSets } from '../sets/packet-set.ts';
import { onlyValue, type Bits, type Known } from './fused.ts';

/** What the packets of a region have before what is looked for. */
export interface Context {
  readonly headers: Headers;
  /** The IP protocols that are let through, where they are few. */
  readonly protocols: readonly number[];
  /** Whether they are later fragments of IPv4 packets, which begin with content. */
  readonly later: boolean;
}

/** What a bound on bits says of the bytes that hold them. */
interface BytesBound {
  readonly load: Load;
  /** Where the bits are in the load. */
  readonly mask: number;
  readonly shift: number;
}

/** More values than this say nothing about which header follows. */
const MOST_VALUES = 8;

/**
 * What a region says of the headers of its packets: network protocol, IP protocol, and where they begin.
 *
 * @param boundTo EtherType that the socket is bound to.
 */
export function contextOf(bounds: readonly Known[], { link, formulas }: PacketSets, boundTo?: number): Context {
  let headers = headersOf(link, boundTo);
  const { type, typeAt } = headers;
  const guessed =
    link === 'network' ? typeByHeader(bounds) : typeAt !== undefined && isFramed(bounds, typeAt) ? LLC : undefined;
  if (type === undefined && guessed !== undefined) headers = learnType(headers, undefined, guessed, true) ?? headers;
  let protocols: readonly number[] = [];
  for (const { variable, intervals } of bounds) {
    if (variable.kind !== 'bits') continue;
    const whole = variable.base?.kind === 'ancillary' && variable.width === 32 ? variable.base : undefined;
    const bytes = bytesOf(variable, formulas);
    const of = bytes?.load ?? whole;
    if (of === undefined) continue;
    const shift = bytes?.shift ?? 0;
    const mask = bytes?.mask ?? 0xffffffff;
    if (mask === 0xff && roleOf(of, headers).kind === 'ipProtocol') protocols = numbersOf(intervals, MOST_VALUES) ?? [];
    for (const { value, equal } of knownValues(intervals, variable)) {
      headers = learn(headers, { of, value: (value << shift) >>> 0, mask }, equal) ?? headers;
    }
  }
  return { headers, protocols, later: headers.type === IPV4 && isLater(bounds, headers.networkAt) };
}

/**
 * The network protocol that the first bytes of a packet are those of, where nothing else says it: ARP by its sizes of
 * addresses; IP by its version, or IPv6 by a next header with something asked behind 40 bytes; LLC by what is neither.
 */
function typeByHeader(bounds: readonly Known[]): number | undefined {
  const bytes = new Map<number, number>();
  let furthest = 0;
  for (const { variable, intervals } of bounds) {
    const value = onlyValue(intervals);
    if (variable.kind !== 'bits' || variable.base !== undefined) continue;
    furthest = Math.max(furthest, variable.bit + variable.width);
    if (value === undefined || variable.bit % 8 !== 0 || variable.width % 8 !== 0) continue;
    for (let at = 0; at < variable.width / 8; at++) {
      bytes.set(variable.bit / 8 + at, Math.floor(value / 2 ** (variable.width - 8 * (at + 1))) & 0xff);
    }
  }
  const is = (at: number, ...wanted: readonly number[]) =>
    wanted.every((byte, index) => (bytes.get(at + index) ?? byte) === byte);
  if (bytes.has(4) && bytes.has(5) && is(0, 0, 1, 8, 0, 6, 4)) return ARP;
  const version = (bytes.get(0) ?? 0) >> 4;
  if (version === 4) return IPV4;
  if (version !== 0 && version !== 6) return LLC;
  const next = bytes.get(6);
  const carried = next !== undefined && next in TRANSPORTS && !bytes.has(9) && furthest > 8 * IPV6_HEADER;
  return version === 6 || (!bytes.has(0) && carried) ? IPV6 : undefined;
}

/** Whether the number that stands for an EtherType is the length of a frame. */
function isFramed(bounds: readonly Known[], typeAt: number): boolean {
  const type = bounds.find(
    ({ variable }) =>
      variable.kind === 'bits' && variable.base === undefined && variable.bit === 8 * typeAt && variable.width === 16,
  );
  return type !== undefined && type.intervals.every(([, to]) => to <= LONGEST_FRAME);
}

/** IEEE 802.3, 3.2.6 */
const LONGEST_FRAME = 1500;

/** Whether the offset of a fragment is asked to be more than 0. */
function isLater(bounds: readonly Known[], networkAt: number): boolean {
  const first = 8 * networkAt + 51;
  const last = 8 * networkAt + 64;
  return bounds.some(({ variable, intervals }) => {
    if (variable.kind !== 'bits' || variable.base !== undefined) return false;
    const inside = variable.bit >= first && variable.bit + variable.width <= last;
    return inside && (intervals[0]?.[0] ?? 0) > 0;
  });
}

function knownValues(intervals: Intervals, { width }: Bits): { readonly value: number; readonly equal: boolean }[] {
  const value = onlyValue(intervals);
  if (value !== undefined) return [{ value, equal: true }];
  // Tags of all kinds move what follows alike.
  if (width === 16 && intervals.every(([from, to]) => from === to && VLAN.includes(from))) {
    return [{ value: intervals[0]?.[0] ?? 0, equal: true }];
  }
  const excluded = complement(intervals, 2 ** width - 1);
  const single = excluded.every(([from, to]) => from === to) && excluded.length <= MOST_VALUES;
  return single ? excluded.map(([other]) => ({ value: other, equal: false })) : [];
}

/** The load of the bytes around some bits; undefined for ancillary values and for bits that no load of one value holds. */
export function bytesOf({ base, bit, width }: Bits, formulas: Formulas): BytesBound | undefined {
  if (base?.kind === 'ancillary') return undefined;
  const start = Math.floor(bit / 8);
  const covered = Math.ceil((bit + width) / 8) - start;
  const size = covered === 3 ? 4 : covered;
  if (size !== 1 && size !== 2 && size !== 4) return undefined;
  const offset = formulas.constant(start);
  const load = formulas.load(base === undefined ? offset : formulas.operation('add', base, offset), size);
  if (load.kind !== 'load') return undefined;
  const shift = 8 * (start + size) - bit - width;
  return { load, shift, mask: ((2 ** width - 1) * 2 ** shift) >>> 0 };
}
