import type { DescribedRegion } from '../meaning/analysis.ts';
import type { Fact } from '../meaning/facts.ts';
import { IPV4, IPV6 } from '../protocols.ts';
import type { Layout } from './knowledge/layout.ts';
import { OVER_ICMP, OVER_ICMP6, TCP_OPTIONS } from './knowledge/over-icmp.ts';
import { OVER_IP, OVER_SCTP } from './knowledge/over-ip.ts';
import { ANY_LINK, LLC, OVER_LINK } from './knowledge/over-link.ts';
import { OVER_TCP } from './knowledge/over-tcp.ts';
import { OVER_UDP } from './knowledge/over-udp.ts';

/** The documented layouts of what may stand at the place of a fact: by port, by type, or by marks of their own. */
export function layoutsFor(fact: Fact, region: DescribedRegion): readonly Layout[] {
  const { headers, facts } = region;
  const label = fact.at.replace(/[+-]\d+$/, '');
  switch (fact.protocol) {
    case 'udp':
      return byPort(OVER_UDP, facts);
    case 'sctp':
      return OVER_SCTP;
    case 'tcp':
      return label === 'payload' ? byPort(OVER_TCP, facts) : TCP_OPTIONS;
    case 'icmp':
    case 'icmpv6': {
      const known = fact.protocol === 'icmp' ? OVER_ICMP : OVER_ICMP6;
      const types = facts.filter(({ field }) => field.endsWith('.type')).flatMap(({ intervals }) => intervals);
      return types.flatMap(([from, to]) =>
        to - from > 8 ? [] : Array.from({ length: to - from + 1 }, (_, index) => known[from + index] ?? []).flat(),
      );
    }
    default: {
      if (headers.protocol !== undefined && OVER_IP[headers.protocol] !== undefined)
        return OVER_IP[headers.protocol] ?? [];
      // Below 1536 the number that stands for an EtherType is the length of an LLC frame, or the kernel's own word for one.
      if (headers.type === IPV4 || headers.type === IPV6) return [];
      return [...(headers.type === undefined ? [] : (OVER_LINK[headers.type] ?? [])), ...LLC, ...ANY_LINK];
    }
  }
}

function byPort(layouts: readonly Layout[], facts: readonly Fact[]): readonly Layout[] {
  const ports = facts.filter(({ role }) => role === 'port').flatMap(({ intervals }) => intervals);
  const asked = (port: number) => ports.some(([from, to]) => port >= from && port <= to && to - from < 64);
  const named = layouts.filter((layout) => layout.ports?.some(asked) === true);
  // On a port that has its protocol, what looks like another one is none.
  return named.length > 0 ? named : layouts.filter((layout) => layout.marked === true);
}
