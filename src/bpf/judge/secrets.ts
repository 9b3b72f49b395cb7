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
  const told = found.filter(({ role }) => role !== 'relation');
  return {
    bits: found.reduce(
      (sum, fact) => sum + (isUnusual(fact) && !isFree(fact, region) ? UNUSUAL_BITS : bitsOf(fact)),
      0,
    ),
    magic: told.map(magicOf),
    relations: found.filter(({ role }) => role === 'relation').map(wordsOfFact),
    facts: found,
  };
}

function isSecret(fact: Fact, region: DescribedRegion): boolean {
  if (bitsOf(fact) <= 0 || isTrivial(fact)) return false;
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

/** A whole address, its maker, its group bit, or all but one address are what filters ask for; four bytes of one are not. */
function isPartOfAddress({ field, width, bit = 0, value = 0n }: Fact, { facts }: DescribedRegion): boolean {
  const name = field.replace(/\[.*/, '');
  const alone = facts.filter((other) => other.field.startsWith(name)).length === 1;
  // No sender is a group.
  const group = name === 'eth.dst' && bit === 0 && ((value >> BigInt(Math.max(0, width - 8))) & 1n) === 1n;
  return alone && !group && width > 24 && width < 48;
}

/** Whether the filter has looked at what header it reads: else ARP and LLC read like fields of IP. */
function isHeaderKnown({ headers, facts }: DescribedRegion): boolean {
  return (
    headers.type !== undefined ||
    headers.protocol !== undefined ||
    facts.some(({ role, value }) => role === 'version' && (value === 4n || value === 6n))
  );
}

/** How many bits a fact settles: 32 for one value of a word, 0 where as many values are allowed as are excluded. */
function bitsOf({ role, width, mask, value, intervals, at }: Fact): number {
  if (value !== undefined && mask !== undefined) return onesOf(mask);
  if (at === 'comparison') return value === 1n ? 16 : 0;
  const whole = role === 'relation' ? 32 : width;
  if (value !== undefined) return whole;
  const count = intervals.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  return whole > 32 || count === 0 ? 0 : Math.floor(whole - Math.log2(count));
}

/** Nothing, or everything: what fields hold that are not used. */
function isTrivial({ value, width, mask }: Fact): boolean {
  if (value === undefined) return false;
  return value === 0n || (mask === undefined && value === 2n ** BigInt(width) - 1n);
}

/** A calculation over what a packet carries behind its headers, or over fields that are free, with a telling result. */
function isContentRelation({ field, value, at, intervals }: Fact): boolean {
  const content = /payload|variable|end[+-]|transport\+[4-9]|icmp6?\+[4-9]/.test(field);
  if (at === 'comparison') return content && value === 1n && (field.match(/payload/g)?.length ?? 0) > 1;
  if (!content) return false;
  if (value !== undefined) return value > 0xffn;
  return intervals.every(([from, to]) => from > 0xff && to - from < 0x10000);
}

/** The bits that all values of a fact have in common, as bytes. */
function magicOf(fact: Fact): Magic {
  const { bit = 0, width, protocol, at } = fact;
  const { value, mask } = commonBits(fact);
  const inside = ((bit % 8) + 8) % 8;
  const size = Math.ceil((inside + width) / 8);
  const after = BigInt(8 * size - inside - width);
  const hex = (bits: bigint) => (bits << after).toString(16).padStart(2 * size, '0');
  const whole = mask << after === 2n ** BigInt(8 * size) - 1n;
  return { protocol: protocol ?? 'packet', at, size, value: hex(value), ...(whole ? {} : { mask: hex(mask) }) };
}
