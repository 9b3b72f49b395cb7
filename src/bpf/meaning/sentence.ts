import { transportName } from '../protocols.ts';
import { complement, numbersOf, type Intervals } from '../sets/intervals.ts';
import { acceptsAll, acceptsNothing, type Analysis } from './analysis.ts';
import { valueText } from './value-text.ts';
import { factsOf, type Fact, type Facts } from './facts.ts';
import type { Region } from '../sets/regions.ts';
import { primeRegions } from './primes.ts';

/** More kinds of packets than this are counted, not told. */
const MOST_KINDS = 6;
const MOST_VALUES = 8;
const MOST_CONDITIONS = 16;
/** Longer calculations are cut. */
const LONGEST_FIELD = 160;
/** Parts of a region that are told by the names of protocols, or that every reader takes for granted. */
const SILENT: ReadonlySet<Fact['role']> = new Set(['etherType', 'version', 'ipProtocol', 'fragment', 'length']);

const ETHER_TYPE_NAMES: Readonly<Record<number, string>> = {
  0x0004: 'LLC',
  0x00fe: 'ISO',
  0x0800: 'IPv4',
  0x0806: 'ARP',
  0x0842: 'Wake-on-LAN',
  0x8035: 'RARP',
  0x8100: 'VLAN',
  0x86dd: 'IPv6',
  0x8809: 'slow protocols (LACP)',
  0x8847: 'MPLS',
  0x8863: 'PPPoE discovery',
  0x8864: 'PPPoE',
  0x888e: 'EAPOL',
  0x88a8: 'provider VLAN',
  0x88cc: 'LLDP',
  0x88f7: 'PTP',
};

/**
 * Which packets a filter lets through, in words that a network engineer can check.
 *
 * Bounds that only keep the kinds apart are left out, as are the lengths that reading a field takes.
 */
export function sentenceOf(analysis: Analysis): string {
  const { exact, regions, sets, set, standpoint } = analysis;
  const open = exact
    ? ''
    : ' It is too entangled to be followed in all its ways: fewer packets than these may be let through.';
  if (acceptsNothing(analysis)) return 'Lets nothing through.';
  if (acceptsAll(analysis))
    return exact ? 'Lets everything through that reaches its socket.' : `May let anything through.${open}`;
  const primes = primeRegions(
    set,
    regions.map(({ region }) => region),
    sets,
  );
  const described = new Map<Region, Facts>(regions.map((one) => [one.region, one]));
  const kinds = primes?.map((region) => described.get(region) ?? factsOf(region, sets, standpoint.boundTo)) ?? regions;
  const told = [...new Set(kinds.map(kindOf))];
  const more = told.length > MOST_KINDS ? [`${told.length - MOST_KINDS} more kinds of packets`] : [];
  return `Lets through ${[...told.slice(0, MOST_KINDS), ...more].join('; or ')}.${open}`;
}

/** The packets of one region: their protocols, and what else they must have. */
export function kindOf({ headers, protocols, facts }: Facts): string {
  const type = facts.find(({ role }) => role === 'etherType');
  const network = networkName(headers.type, type, facts);
  const carried = headers.protocol === undefined ? protocols : [headers.protocol];
  const transport = carried.map((number) => transportName(number).toUpperCase()).join(', ');
  const names = [network, transport].filter((name) => name !== '').join(' ');
  const all = facts.flatMap((fact) => conditionOf(fact, carried.length > 0, network !== ''));
  const left = all.length - MOST_CONDITIONS;
  const conditions = left > 0 ? [...all.slice(0, MOST_CONDITIONS), `${left} more conditions`] : all;
  const lengths = conditions.length === 0 && names === '' ? facts.flatMap(lengthOf) : facts.flatMap(exactLength);
  const what = `${names === '' ? 'packets' : names}${lengths.length === 0 ? '' : ` of ${lengths.join(' and ')}`}`;
  if (conditions.length > 0) return `${what} with ${conditions.join(', ')}`;
  return names === '' && lengths.length === 0 ? 'packets of any kind' : what;
}

function networkName(type: number | undefined, fact: Fact | undefined, facts: readonly Fact[]): string {
  if (type !== undefined)
    return ETHER_TYPE_NAMES[type] ?? `EtherType ${valueText(type, { role: 'etherType', width: 16 })}`;
  if (fact !== undefined) {
    const values = few(fact.intervals);
    if (values !== undefined)
      return values
        .map((value) => ETHER_TYPE_NAMES[value] ?? `EtherType ${valueText(value, { role: 'etherType', width: 16 })}`)
        .join(' or ');
  }
  return facts.some(({ protocol }) => protocol === 'ip')
    ? 'IPv4'
    : facts.some(({ protocol }) => protocol === 'ipv6')
      ? 'IPv6'
      : '';
}

function conditionOf(fact: Fact, transportNamed: boolean, networkNamed: boolean): string[] {
  const { role, field, intervals } = fact;
  const values = few(intervals);
  if (role === 'fragment') return values?.length === 1 && values[0] === 0 ? [] : [`${field} ${rangeWords(fact)}`];
  const told =
    (role === 'ipProtocol' && transportNamed) ||
    (role === 'etherType' && networkNamed && values !== undefined) ||
    role === 'version' ||
    (role === 'length' && fact.at === 'length');
  if (told && SILENT.has(role)) return [];
  return [wordsOfFact(fact)];
}

/** A field and what it must be: `udp.dstport = 53`. */
export function wordsOfFact(fact: Fact): string {
  const { at, width, value, mask } = fact;
  const field = fact.field.length > LONGEST_FIELD ? `${fact.field.slice(0, LONGEST_FIELD)} …` : fact.field;
  if (at === 'comparison') return value === 1n ? field : `not ${field}`;
  if (value === undefined || mask === undefined) return `${field} ${rangeWords(fact)}`;
  const [under, number] = [mask, value].map((bits) => valueText(bits, { role: 'header', width }));
  return `${field} & ${under} = ${number}`;
}

function rangeWords({ intervals, width, value, role }: Fact): string {
  const number = (of: number | bigint) => valueText(of, { role, width });
  if (value !== undefined) return `= ${number(value)}`;
  const values = few(intervals);
  if (values !== undefined) return `= ${values.map(number).join(' or ')}`;
  const most = width === 0 ? 2 ** 32 - 1 : 2 ** width - 1;
  const excluded = complement(intervals, most);
  const not = few(excluded);
  if (not !== undefined && not.length <= intervals.length) return `not ${not.map(number).join(' or ')}`;
  const parts = intervals
    .slice(0, MOST_VALUES)
    .map(([from, to]) =>
      from === to
        ? number(from)
        : from === 0
          ? `up to ${number(to)}`
          : to >= most
            ? `from ${number(from)}`
            : `${number(from)} to ${number(to)}`,
    );
  return `${parts.join(' or ')}${intervals.length > MOST_VALUES ? ' …' : ''}`;
}

/** A length that is asked for, rather than taken by reading a field. */
function exactLength(fact: Fact): string[] {
  if (fact.role !== 'length' || fact.at !== 'length' || fact.field !== 'frame.len') return [];
  const [first] = fact.intervals;
  const open = fact.intervals.length === 1 && (first?.[1] ?? 0) >= 65535;
  return open ? [] : lengthOf(fact);
}

function lengthOf(fact: Fact): string[] {
  if (fact.field !== 'frame.len') return [];
  const parts = fact.intervals.map(([from, to]) =>
    from === to ? `${from}` : to >= 65535 ? `at least ${from}` : `${from} to ${to}`,
  );
  return [`${parts.join(' or ')} bytes`];
}

/** The numbers of some intervals, when they are few. */
function few(intervals: Intervals): number[] | undefined {
  return intervals.length === 0 ? undefined : numbersOf(intervals, MOST_VALUES);
}
