import type { DescribedRegion } from '../meaning/analysis.ts';
import type { Fact } from '../meaning/facts.ts';
import type { Link } from '../link.ts';
import { IPV4, IPV6, transportName, VLAN } from '../protocols.ts';
import { contains, type Intervals } from '../sets/intervals.ts';
import type { Variables } from '../sets/variables.ts';
import { apart, MOST_RULES } from './alternatives.ts';
import { isReached, lengthTerms, reachOf } from './lengths.ts';
import { relationTerms } from './relations.ts';
import type { Rule, Term } from './rule.ts';
import { isTelling } from './telling.ts';
import { termsOf } from './terms.ts';

/** Suricata rules for the packets of a region. */
export interface RegionRules {
  readonly rules: readonly Rule[];
  /** What the rules do not say of the region, in words. */
  readonly limits: readonly string[];
}

export const FRAGMENTS = 'Suricata puts fragments together: no rule sees a single one';

/** The numbers of IP in frames of Ethernet and of PPP, by version. */
const TYPES: Readonly<Record<number, readonly number[]>> = { 4: [IPV4, 0x21], 6: [IPV6, 0x57] };

export function rulesFor(region: DescribedRegion, link: Link, variables: Variables): RegionRules {
  const limits: string[] = [];
  const none = (limit: string): RegionRules => ({ rules: [], limits: [limit] });
  const versions = versionsOf(region, link, limits);
  if (versions.length === 0) return none('Suricata has no rules for frames that are not IP');
  if (region.facts.some(isFragment)) return none(FRAGMENTS);
  const protocols = protocolsOf(region, link);
  const rules: Rule[] = [];
  for (const protocol of protocols.length === 0 ? [undefined] : protocols) {
    const rule = ruleOf(region, protocol, versions, variables, limits);
    if (rule === undefined) continue;
    if (versions.includes(4) && countsFromFixedPlace(region, variables)) {
      rule.terms.push(number('ipv4.hdr', 0, 0x0f, [[5, 5]]));
      limits.push('Suricata: an IPv4 header without options is asked for, which the filter takes for granted');
    }
    rules.push(...apart(rule, limits));
  }
  return { rules: rules.slice(0, MOST_RULES), limits: [...new Set(limits)] };
}

/** The versions of IP that a region holds. */
function versionsOf({ facts, headers }: DescribedRegion, link: Link, limits: string[]): readonly number[] {
  let versions = link === 'icmp6-socket' ? [6] : [4, 6];
  const overNetwork = link !== 'icmp6-socket' && link !== 'udp-socket';
  if (overNetwork && headers.type !== undefined)
    versions = versions.filter((version) => typesOf(version).includes(headers.type!));
  for (const { role, intervals, width, bit = 0 } of facts) {
    if (role === 'version' && width === 4) versions = versions.filter((version) => contains(intervals, version));
    const tags = intervals.every(([from, to]) => from === to && VLAN.includes(from));
    if (role === 'etherType' && tags) limits.push('Suricata: the VLAN tag is not asked for: matches more');
    else if (role === 'etherType' && (width === 16 || (width === 32 && bit === 0))) {
      versions = versions.filter((version) => typesOf(version).some((type) => contains(intervals, type)));
    }
  }
  const asksIpv4 = facts.some(({ protocol }) => protocol === 'ip');
  if (versions.length > 1 && asksIpv4) {
    limits.push('Suricata: the packet is taken to be IPv4, for which the filter does not ask');
    return [4];
  }
  return versions;
}

const typesOf = (version: number): readonly number[] => TYPES[version] ?? [];

function isFragment({ field, role, intervals, value }: Fact): boolean {
  if (field === 'ipv6.nxt' && value === 44n) return true;
  return role === 'fragment' && !contains(intervals, 0);
}

function protocolsOf({ protocols, headers }: DescribedRegion, link: Link): readonly number[] {
  if (link === 'udp-socket') return [17];
  if (link === 'icmp6-socket') return [58];
  return headers.protocol === undefined ? protocols : [headers.protocol];
}

interface Draft extends Rule {
  readonly terms: Term[];
}

function ruleOf(
  region: DescribedRegion,
  protocol: number | undefined,
  versions: readonly number[],
  variables: Variables,
  limits: string[],
): Draft | undefined {
  const terms: Term[] = [];
  const ports: [Intervals | undefined, Intervals | undefined] = [undefined, undefined];
  const written: Fact[] = [];
  const lacking: Fact[] = [];
  for (const fact of region.facts) {
    const port = portOf(fact, protocol);
    if (port !== undefined) ports[port] = fact.intervals;
    else if (!isImplied(fact)) {
      const found =
        termsOf(fact, protocol, region) ??
        lengthTerms(fact, versions) ??
        relationTerms(fact, protocol, region, variables);
      if (found === undefined) {
        lacking.push(fact);
        continue;
      }
      terms.push(...found);
    }
    written.push(fact);
  }
  const name = protocol === undefined ? 'any protocol' : transportName(protocol);
  const named = lacking.filter(({ role }) => role !== 'length').map(({ field }) => field);
  if (!isTelling({ ...region, facts: written })) {
    limits.push(`no Suricata rule over ${name}: ${named.join(', ')} cannot be written in one`);
    return undefined;
  }
  for (const field of named) limits.push(`Suricata: ${field} is not asked for: matches more`);
  const reach = reachOf(terms, protocol, region);
  if (lacking.some((fact) => fact.role === 'length' && !isReached(fact, terms, reach)))
    limits.push('Suricata: the length is not asked for: matches more');
  guard(terms, protocol, versions);
  return { protocol, ports, terms };
}

/** What a rule of a protocol says by itself, or says by the version of IP. */
function isImplied({ role, field, protocol }: Fact): boolean {
  return (
    role === 'etherType' ||
    role === 'fragment' ||
    role === 'version' ||
    (role === 'ipProtocol' && protocol === 'ip') ||
    field === 'ipv6.version'
  );
}

function portOf({ role, at, bit, width, mask }: Fact, protocol: number | undefined): 0 | 1 | undefined {
  if (role !== 'port' || !at.startsWith('transport') || width !== 16 || mask !== undefined) return undefined;
  if (protocol !== 6 && protocol !== 17 && protocol !== 132) return undefined;
  return bit === 0 ? 0 : bit === 16 ? 1 : undefined;
}

const number = (buffer: 'ipv4.hdr' | 'ipv6.hdr', offset: number, mask: number, intervals: Intervals): Term => ({
  kind: 'number',
  buffer,
  offset,
  size: 1,
  mask,
  intervals,
});

/** Rules of transport protocols are for both versions of IP. */
function guard(terms: Term[], protocol: number | undefined, versions: readonly number[]): void {
  const [version, other] = protocol === 1 ? [4] : protocol === 58 ? [6] : versions;
  if (version === undefined || other !== undefined) return;
  const buffer = version === 4 ? 'ipv4.hdr' : 'ipv6.hdr';
  const asked = terms.some((term) => term.kind !== 'ending' && term.buffer === buffer);
  if (!asked) terms.push(number(buffer, 0, 0xf0, [[version, version]]));
}

/** Whether the filter looks at a place behind the IPv4 header without asking how long that is. */
function countsFromFixedPlace({ region, headers, facts }: DescribedRegion, variables: Variables): boolean {
  if (facts.some(({ field }) => field === 'ip.hdr_len' || field === 'ip[0:1]')) return false;
  return region.some(({ variable }) => {
    const known = variables.variable(variable);
    return known.kind === 'bits' && known.base === undefined && known.bit >= 8 * (headers.networkAt + 20);
  });
}
