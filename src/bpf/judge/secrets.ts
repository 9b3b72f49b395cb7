import type { DescribedRegion } from '../meaning/analysis.ts';
import type { Fact } from '../meaning/facts.ts';
import { wordsOfFact } from '../meaning/sentence.ts';
import { IS_USUAL, UNUSUAL_BITS } from './knowledge/usual.ts';
import { commonBits, isExplained, onesOf } from './explained.ts';

/** A value that a packet must carry and that no documented protocol asks for. */
export interface Magic {
  readonly protocol: string;
  /** Layer and byte in it: `payload+0`. */
  readonly at: string;
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal, as `mask`. */
  readonly value: string;
  readonly mask?: string;
}

/** With so many bits that only the two ends can know, chance does not send such a packet: one in 16,384 of those that fit otherwise. */
export const SECRET_BITS = 14;

/** What a region asks of its packets that only the two ends can know. */
export interface Secrets {
  /** How many bits of a packet must be as the filter says, beyond what protocols ask for. */
  readonly bits: number;
  readonly magic: readonly Magic[];
  readonly relations: readonly string[];
  readonly facts: readonly Fact[];
}

/** Fields that a sender fills with what comes, and that no filter for a protocol compares with one value. */
const FREE_FIELDS: ReadonlySet<string> = new Set([
  'tcp.seq_raw',
  'tcp.ack_raw',
  'tcp.urgent_pointer',
  'ip.id',
  'ipv6.flow',
  'ipv6.fraghdr.ident',
  'sctp.verification_tag',
  'sctp.checksum',
  'udp.checksum',
  'tcp.checksum',
]);

/** A host knows the answers to its own requests by the first; to ask for one number as well leaves nothing free. */
const NUMBER_OF: Readonly<Record<string, string>> = {
  'icmp.seq': 'icmp.ident',
  'icmpv6.echo.sequence_number': 'icmpv6.echo.identifier',
};

/** Values that scanners are known by, and that are looked for to find them. */
const OF_SCANNERS: Readonly<Record<string, readonly bigint[]>> = {
  'ip.id': [54321n], // zmap
};

function isFree({ field, value }: Fact, { facts }: DescribedRegion): boolean {
  const name = field.replace(/\[.*/, '');
  if (value !== undefined && OF_SCANNERS[name]?.includes(value) === true) return false;
  const session = NUMBER_OF[name];
  return (
    FREE_FIELDS.has(name) ||
    (session !== undefined && facts.some((fact) => fact.field === session && fact.value !== undefined))
  );
}

function isUnusual({ field, value }: Fact): boolean {
  return value !== undefined && IS_USUAL[field]?.(Number(value)) === false;
}

export function secretsOf(region: DescribedRegion): Secrets {
  const found = region.facts.filter((fact) => isSecret(fact, region));
  const scattered = scatteredIn(region);
  const all = [...found, ...scattered];
  const told = all.filter(({ role }) => role !== 'relation');
  const bits = all.reduce((sum, fact) => sum + weightOf(fact, region), 0);
  return {
    // What is left over of a bit each time must not add up to less than there is.
    bits: Math.floor(bits + 1e-6),
    magic: told.flatMap(magicOf),
    relations: found.filter(({ role }) => role === 'relation').map(wordsOfFact),
    facts: all,
  };
}

function weightOf(fact: Fact, region: DescribedRegion): number {
  return isUnusual(fact) && !isFree(fact, region) ? UNUSUAL_BITS : bitsOf(fact);
}

/** From so many places and bits on, even zeros and ones are no chance. */
const MANY_PLACES = 4;
const MANY_BITS = 16;

/** Zeros, ones and single bits, at many places of the content at a time. */
function scatteredIn(region: DescribedRegion): readonly Fact[] {
  const trivial = region.facts.filter(
    (fact) => fact.role === 'payload' && isTrivial(fact) && !isExplained(fact, region),
  );
  const bits = trivial.reduce((sum, fact) => sum + bitsOf(fact), 0);
  const differ = trivial.some(({ value }) => value === 0n) && trivial.some(({ value }) => value !== 0n);
  return trivial.length >= MANY_PLACES && bits >= MANY_BITS && differ ? trivial : [];
}

/** What settles less of a bit than this settles nothing. */
const LEAST_BITS = 0.5;

function isSecret(fact: Fact, region: DescribedRegion): boolean {
  if (bitsOf(fact) < LEAST_BITS || isTrivial(fact)) return false;
  switch (fact.role) {
    case 'payload':
      return !isExplained(fact, region);
    case 'header':
    case 'type':
    case 'checksum':
      if (fact.protocol === 'arp') return !isExplained(fact, region);
      return (isFree(fact, region) || isUnusual(fact)) && isHeaderKnown(region);
    case 'hardwareAddress':
      return isPartOfAddress(fact, region);
    case 'relation':
      return isContentRelation(fact);
    default:
      return false;
  }
}

/** Beginnings of the addresses of groups. IEEE 802.1D; RFC 1112, RFC 2464; Cisco, PTP, iSCSI and ring protocols. */
const GROUPS = [
  '01005e',
  '3333',
  '0180c2',
  '01000c',
  '011b19',
  '01e052',
  '010ccd',
  '01154e',
  'ffffffff',
  '09002b',
  '0300',
];

/** A whole address, its maker, its group bit, or all but one address are what filters ask for; four bytes of one are not. */
function isPartOfAddress({ field, bit = 0, value = 0n, width }: Fact, { facts }: DescribedRegion): boolean {
  const name = field.replace(/\[.*/, '');
  const parts = facts.filter((other) => other.field.replace(/\[.*/, '') === name);
  if (parts.some((part) => part.value === undefined)) return false;
  const asked = parts.reduce((sum, part) => sum + onesOf(part.mask ?? 2n ** BigInt(part.width) - 1n), 0);
  const start = value.toString(16).padStart(Math.ceil(width / 4), '0');
  // No sender is a group.
  const group = name === 'eth.dst' && bit === 0 && GROUPS.some((known) => start.startsWith(known));
  return !group && asked > 24 && asked < 48;
}

/** Whether the filter has looked at what header it reads: else ARP and LLC read like fields of IP. */
function isHeaderKnown({ headers, facts }: DescribedRegion): boolean {
  return (
    headers.type !== undefined ||
    headers.protocol !== undefined ||
    facts.some(({ role, value }) => role === 'version' && (value === 4n || value === 6n))
  );
}

/** How many bits a fact settles: 32 for one value of a word, 1 where half of the values are allowed. */
function bitsOf({ field, width, mask, value, intervals, at, greatest }: Fact): number {
  if (value !== undefined && mask !== undefined) return onesOf(mask);
  if (at === 'comparison') return value === 1n ? comparedBits(field) : 0;
  const whole = greatest === undefined ? width : Math.log2(greatest + 1);
  if (value !== undefined) return isJoined(field) ? Math.max(whole, JOINED_BITS) : whole;
  const count = intervals.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  return whole > 32 || count === 0 ? 0 : whole - Math.log2(count);
}

/** No protocol has a sum of some bytes of its content: two ends have agreed on it, however few its values are. */
const JOINED_BITS = 14;

const isJoined = (field: string): boolean => (field.match(/payload|variable|icmp6?\+/g)?.length ?? 0) > 1;

/** Of two values that have to be equal: those of the shorter one. */
function comparedBits(field: string): number {
  if (!field.includes(' = ')) return 0;
  const sizes = [...field.matchAll(/:([124])\b/g)].map(([, size]) => 8 * Number(size));
  return sizes.length < 2 ? 16 : Math.min(...sizes);
}

/** Nothing, or everything: what fields hold that are not used. */
function isTrivial({ value, width, mask }: Fact): boolean {
  if (value === undefined) return false;
  return value === 0n || (mask === undefined && value === 2n ** BigInt(width) - 1n);
}

/** A calculation over what a packet carries behind its headers, or over fields that are free. */
function isContentRelation({ field, value, at }: Fact): boolean {
  if (at === 'comparison') return value === 1n && /payload|variable/.test(field);
  return /payload|variable|end[+-]/.test(field) || readsFreely(field);
}

/** Where a TCP header says how long it is, and its flags: lengths of segments are calculated with them. */
const LENGTH_AND_FLAGS = [12, 13];

function readsFreely(field: string): boolean {
  return [...field.matchAll(/(?:transport|icmp6?)\+(\d+)/g)].some(
    ([, offset]) => Number(offset) >= 4 && !LENGTH_AND_FLAGS.includes(Number(offset)),
  );
}

/** More values than this are not told one by one. */
const MOST_VALUES = 8;

/** Each of a few values, or the bits that all have in common, as bytes. */
function magicOf(fact: Fact): Magic[] {
  const { value, intervals } = fact;
  const single = value === undefined && intervals.length <= MOST_VALUES && intervals.every(([from, to]) => from === to);
  return single ? intervals.map(([only]) => oneMagic({ ...fact, value: BigInt(only) })) : [oneMagic(fact)];
}

function oneMagic(fact: Fact): Magic {
  const { bit = 0, width, protocol, at } = fact;
  const { value, mask } = commonBits(fact);
  const inside = ((bit % 8) + 8) % 8;
  const size = Math.ceil((inside + width) / 8);
  const after = BigInt(8 * size - inside - width);
  const hex = (bits: bigint) => (bits << after).toString(16).padStart(2 * size, '0');
  const whole = mask << after === 2n ** BigInt(8 * size) - 1n;
  return { protocol: protocol ?? 'packet', at, size, value: hex(value), ...(whole ? {} : { mask: hex(mask) }) };
}
