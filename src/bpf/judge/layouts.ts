import type { DescribedRegion } from '../meaning/analysis.ts';
import type { Fact } from '../meaning/facts.ts';
import { ARP, IPV4, IPV4_HEADER, IPV6, VLAN } from '../protocols.ts';
import { shifted } from './knowledge/inner.ts';
import type { Layout } from './knowledge/layout.ts';
import { OVER_ICMP, OVER_ICMP6, TCP_OPTIONS } from './knowledge/over-icmp.ts';
import { OVER_IP, OVER_SCTP } from './knowledge/over-ip.ts';
import { ANY_LINK, LLC, OVER_LINK } from './knowledge/over-link.ts';
import { OVER_TCP } from './knowledge/over-tcp.ts';
import { OVER_UDP } from './knowledge/over-udp.ts';

/** A layout that may be at a place; `sure` where a port, a type or a number of the packet says so. */
export interface Candidate {
  readonly layout: Layout;
  readonly sure: boolean;
}

const known = (layouts: readonly Layout[]): readonly Candidate[] => layouts.map((layout) => ({ layout, sure: true }));
const guessed = (layouts: readonly Layout[]): readonly Candidate[] =>
  layouts.filter(({ marked }) => marked === true).map((layout) => ({ layout, sure: false }));

/** The documented layouts of what may stand at the place of a fact: by port, by type, or by marks of their own. */
export function layoutsFor(fact: Fact, region: DescribedRegion): readonly Candidate[] {
  const { headers, facts } = region;
  const label = fact.at.replace(/[+-]\d+$/, '');
  switch (fact.protocol) {
    case 'udp':
      return byPort(UDP, facts);
    case 'sctp':
      // Whatever it carries for whom, it is chunks.
      return [...byPort(SCTP, facts), ...CHUNKS];
    case 'tcp':
      return label === 'payload' ? byPort(TCP, facts) : [...OPTIONS, ...byPort(TCP_WITHOUT_OPTIONS, facts)];
    case 'icmp':
    case 'icmpv6': {
      const over = fact.protocol === 'icmp' ? OVER_ICMP : OVER_ICMP6;
      const types = facts.filter(({ field }) => field.endsWith('.type')).flatMap(({ intervals }) => intervals);
      return types.flatMap(([from, to]) =>
        to - from > 8
          ? []
          : Array.from({ length: to - from + 1 }, (_, index) => known(over[from + index] ?? [])).flat(),
      );
    }
    case 'arp':
    case 'rarp':
      return known(OVER_LINK[ARP] ?? []);
    default:
      return label === 'transport' && headers.protocol === undefined ? UNSEEN_TRANSPORT : carriedBy(label, region);
  }
}

/** Behind a transport header that the filter has not looked which one it is. */
const UNSEEN_TRANSPORT = guessed([...movedBy(8, OVER_UDP), ...movedBy(20, OVER_TCP)]);

function movedBy(bytes: number, layouts: readonly Layout[]): readonly Layout[] {
  return layouts.map((layout) => ({ ...layout, fields: shifted(layout.fields, bytes) }));
}

/** Up to here the number that stands for an EtherType is the length of an LLC frame, or the kernel's own word for one. */
const MOST_LENGTHS = 1535;

function carriedBy(label: string, { headers: { type, protocol }, facts }: DescribedRegion): readonly Candidate[] {
  const overIp = protocol === undefined ? undefined : OVER_IP[protocol];
  // A header of IPv4 without options is taken for granted where places are counted from its beginning.
  if (overIp !== undefined) return known(label === 'network' ? movedBy(IPV4_HEADER, overIp) : overIp);
  if (type === IPV4 || type === IPV6) return [];
  const types = type === undefined ? typesOf(facts) : [type];
  const framed = types.length === 0 || types.some((one) => one <= MOST_LENGTHS || VLAN.includes(one));
  return [
    ...known(types.flatMap((one) => OVER_LINK[one] ?? [])),
    ...guessed(framed ? [...ANY_LINK, ...LLC] : ANY_LINK),
  ];
}

/** The EtherTypes that are let through, where they are few. */
function typesOf(facts: readonly Fact[]): readonly number[] {
  const intervals = facts.findLast(({ role }) => role === 'etherType')?.intervals ?? [];
  return intervals.every(([from, to]) => from === to) ? intervals.map(([only]) => only) : [];
}

interface ByPort {
  readonly named: ReadonlyMap<number, readonly Candidate[]>;
  readonly marked: readonly Candidate[];
}

function portsOf(layouts: readonly Layout[]): ByPort {
  const named = new Map<number, Candidate[]>();
  for (const candidate of known(layouts)) {
    for (const port of candidate.layout.ports ?? []) named.set(port, [...(named.get(port) ?? []), candidate]);
  }
  return { named, marked: guessed(layouts) };
}

const UDP = portsOf(OVER_UDP);
const TCP = portsOf(OVER_TCP);
const SCTP = portsOf(OVER_SCTP);
const CHUNKS = known(OVER_SCTP.filter(({ marked }) => marked === true));
/** Content that is counted from the beginning of the header, as if it never had options. */
const TCP_WITHOUT_OPTIONS = portsOf(movedBy(20, OVER_TCP));
const OPTIONS = known(TCP_OPTIONS);

/** A range of more ports than this names none of them. */
const MOST_PORTS = 64;

function byPort({ named, marked }: ByPort, facts: readonly Fact[]): readonly Candidate[] {
  const found = new Set<Candidate>();
  for (const { role, intervals } of facts) {
    if (role !== 'port') continue;
    for (const [from, to] of intervals) {
      if (to - from >= MOST_PORTS) continue;
      for (let port = from; port <= to; port++) for (const candidate of named.get(port) ?? []) found.add(candidate);
    }
  }
  // On a port that has its protocol, what looks like another one is none.
  return found.size > 0 ? [...found] : marked;
}
