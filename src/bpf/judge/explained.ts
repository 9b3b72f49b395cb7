import type { DescribedRegion } from '../meaning/analysis.ts';
import type { Fact } from '../meaning/facts.ts';
import { wordsOfFact } from '../meaning/sentence.ts';
import type { Field, Layout, Part } from './knowledge/layout.ts';
import { isServicePort } from './knowledge/ports.ts';
import { layoutsFor, type Candidate } from './layouts.ts';

/** Whether a documented protocol that may be in these packets has that value, or an address of its own, at that place. */
export function isExplained(fact: Fact, region: DescribedRegion): boolean {
  if (isPortPair(fact, region) || isTypeOnLink(fact)) return true;
  if (fact.from !== undefined) return isInnerHeader(fact, region);
  return alternativesOf(fact).every((one) => layoutOf(one, region) !== undefined);
}

const found = new WeakMap<Fact, Layout | 'none'>();

/** The documented protocol whose packets have such values there, the first of those that may be. It is asked for often. */
export function layoutOf(fact: Fact, region: DescribedRegion): Layout | undefined {
  const known = found.get(fact) ?? lookedUp(fact, region) ?? 'none';
  found.set(fact, known);
  return known === 'none' ? undefined : known;
}

/** @param fact Of this region, or one value of such a fact. */
function lookedUp(fact: Fact, region: DescribedRegion): Layout | undefined {
  if (fact.bit === undefined || fact.at.startsWith('end')) return undefined;
  const own = partsOf(fact);
  const parts = new Map<number, Part>(own);
  const label = labelOf(fact);
  for (const other of region.facts) {
    if (other.bit === fact.bit || other.role !== 'payload' || labelOf(other) !== label) continue;
    for (const [at, part] of partsOf(other)) parts.set(at, part);
  }
  const bytes = own.map(([at]) => at);
  return layoutsFor(fact, region).find((candidate) => covers(candidate, bytes, parts))?.layout;
}

/** From so many bits on, in one piece or in several, what a peer makes up is worth a remark. */
const REMARKABLE_BITS = 24;

/** Values that a documented protocol has where they are asked for, but that one of its peers makes up: in words. */
export function chosenByPeers(region: DescribedRegion): string[] {
  const chosen = region.facts
    .filter(({ role, value }) => role === 'payload' && value !== undefined)
    .map((fact) => ({ fact, bits: chosenBits(fact, region) }))
    .filter(({ bits }) => bits > 0);
  const bits = chosen.reduce((sum, one) => sum + one.bits, 0);
  return bits < REMARKABLE_BITS ? [] : chosen.map(({ fact }) => wordsOfFact(fact));
}

/** How many bits of a fact stand where peers put numbers, names and addresses of their own. */
function chosenBits(fact: Fact, region: DescribedRegion): number {
  const fields = layoutOf(fact, region)?.fields ?? [];
  const selected = partsOf(fact).filter(([at]) =>
    fields.some(({ at: start, size, use }) => use !== 'structure' && at >= start && at < start + size),
  );
  return selected.reduce((sum, [, { mask }]) => sum + onesOf(mask), 0);
}

/** Behind a header of variable length in a tunnel: versions, types, protocols and ports of what it carries. */
function isInnerHeader({ value, width }: Fact, region: DescribedRegion): boolean {
  if (!isTunnel(region)) return false;
  if (width <= 8) return true;
  return width === 16 && value !== undefined && (INNER_TYPES.has(Number(value)) || isServicePort(Number(value)));
}

/** An EtherType behind a link header that the filter reads in several ways, tagged or not. */
function isTypeOnLink({ protocol, width, value }: Fact): boolean {
  return protocol === undefined && width === 16 && value !== undefined && INNER_TYPES.has(Number(value));
}

const INNER_TYPES: ReadonlySet<number> = new Set([0x0800, 0x86dd, 0x0806, 0x6558, 0x8100, 0x88a8, 0x8847]);

/** Packets that carry others: by protocol of IP, by EtherType (PPPoE, MPLS), or by port (GTP-U, VXLAN, Geneve, L2TP, Teredo). */
const TUNNELS = {
  protocols: [4, 41, 43, 44, 47, 60, 115, 137],
  types: [0x8847, 0x8848, 0x8864],
  ports: [1701, 2152, 3544, 4789, 6081, 6635, 8472],
};

function isTunnel({ headers, protocols, facts }: DescribedRegion): boolean {
  const { type, protocol } = headers;
  const carried = protocol === undefined ? protocols : [protocol];
  return (
    carried.some((one) => TUNNELS.protocols.includes(one)) ||
    (type !== undefined && TUNNELS.types.includes(type)) ||
    facts.some(({ role, value }) => role === 'port' && value !== undefined && TUNNELS.ports.includes(Number(value)))
  );
}

/** Behind an IPv4 header taken for one without options: the ports of a protocol that is not looked at. */
function isPortPair({ protocol, bit, width }: Fact, { headers, facts }: DescribedRegion): boolean {
  const later = facts.some(({ role, value }) => role === 'fragment' && value !== undefined && value !== 0n);
  const ports = headers.protocol === undefined || [6, 17, 132].includes(headers.protocol);
  return protocol === 'ip' && ports && !later && bit !== undefined && bit >= 160 && bit + width <= 192;
}

/** A fact for each of its values, where they are so many single ones. */
function alternativesOf(fact: Fact): readonly Fact[] {
  const { value, intervals } = fact;
  if (value !== undefined || !intervals.every(([from, to]) => from === to)) return [fact];
  return intervals.map(([only]) => ({ ...fact, value: BigInt(only), intervals: [[only, only]] }));
}

/** With so many bits of its own a protocol is told from others, wherever it stands. */
const TELLING_BITS = 16;

/**
 * Every one of some bytes belongs to a field of the layout that may hold it, and what else is compared there fits too. A layout
 * that neither a port nor a type stands for has to show by its own marks, before the fields that a peer chooses count.
 */
function covers(
  { layout: { fields }, sure }: Candidate,
  bytes: readonly number[],
  parts: ReadonlyMap<number, Part>,
): boolean {
  // What is only taken for a protocol has to be that protocol as a whole.
  const over = (sure ? bytes : [...parts.keys()]).map((byte) =>
    fields.find(({ at, size }) => byte >= at && byte < at + size),
  );
  if (over.includes(undefined)) return false;
  const inside = ({ at, size }: Field) => Array.from({ length: size }, (_, index) => parts.get(at + index));
  const fits = (field: Field): boolean => {
    if (field.allowed === undefined) return true;
    const compared = inside(field);
    return compared.every((part) => part === undefined) || field.allowed(compared);
  };
  if (!over.every((field) => field !== undefined && fits(field)) || !fields.every(fits)) return false;
  if (sure || over.every((field) => field !== undefined && isMark(field))) return true;
  const marks = fields.filter(isMark).flatMap(inside);
  return marks.reduce((sum, part) => sum + onesOf(part?.mask ?? 0), 0) >= TELLING_BITS;
}

/** A place where a protocol has one of few values. */
function isMark({ use, allowed }: Field): boolean {
  return use === 'structure' && allowed !== undefined && allowed.loose !== true;
}

export const onesOf = (bits: number | bigint): number => bits.toString(2).replaceAll('0', '').length;

const labelOf = ({ at, protocol }: Fact): string => `${protocol} ${at.replace(/[+-]\d+$/, '')}`;

/** The bytes that a fact compares, each with the bits that count. */
function partsOf(fact: Fact): (readonly [at: number, part: Part])[] {
  const { bit, width } = fact;
  if (bit === undefined) return [];
  const { value, mask } = commonBits(fact);
  const first = Math.floor(bit / 8);
  const last = Math.floor((bit + width - 1) / 8);
  const after = BigInt(8 * (last + 1) - bit - width);
  const parts: [number, Part][] = [];
  for (let at = first; at <= last; at++) {
    const shift = BigInt(8 * (last - at));
    const byte = (bits: bigint) => Number(((bits << after) >> shift) & 0xffn);
    parts.push([at, { value: byte(value), mask: byte(mask) }]);
  }
  return parts;
}

/** The bits that all values of a fact have in common. */
export function commonBits({ width, value, mask, intervals }: Fact): { readonly value: bigint; readonly mask: bigint } {
  const [low, high] = [intervals[0]?.[0] ?? 0, intervals.at(-1)?.[1] ?? 0];
  let free = 0;
  if (value === undefined) while (Math.floor(low / 2 ** free) !== Math.floor(high / 2 ** free)) free++;
  return {
    value: value ?? (BigInt(low) >> BigInt(free)) << BigInt(free),
    mask: mask ?? (2n ** BigInt(width - free) - 1n) << BigInt(free),
  };
}
