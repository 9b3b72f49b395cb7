import { numbersOf } from '../sets/intervals.ts';
import type { Analysis } from './analysis.ts';
import type { Fact } from './facts.ts';

/** A port that packets must have to be let through; `protocol` is undefined where the filter does not look at it. */
export interface WantedPort {
  readonly port: number;
  readonly protocol: string | undefined;
}

/** A filter that names more ports than this waits for none of them. */
const MOST_PORTS = 64;
const PORT_PROTOCOLS: ReadonlySet<string> = new Set(['tcp', 'udp', 'sctp']);

/** The ports that a filter waits for, at either end, each once. Wide ranges and ports that are excluded are none. */
export function wantedPorts({ regions }: Analysis): readonly WantedPort[] {
  const wanted = new Map<string, WantedPort>();
  for (const { facts } of regions) {
    for (const fact of facts) {
      if (fact.role !== 'port' || fact.width !== 16) continue;
      for (const port of numbersOf(fact.intervals, MOST_PORTS) ?? []) {
        for (const protocol of protocolsOf(fact)) wanted.set(`${protocol}/${port}`, { port, protocol });
      }
    }
  }
  return [...wanted.values()];
}

function protocolsOf({ protocol }: Fact): readonly (string | undefined)[] {
  const names = protocol?.split('/').filter((name) => PORT_PROTOCOLS.has(name)) ?? [];
  return names.length === 0 ? [undefined] : names;
}

const CARRIED_BY_IP: ReadonlySet<number> = new Set([0x0800, 0x86dd]);
/** Protocols whose fields say nothing of IP packets. */
const OF_ONE_LINK: ReadonlySet<string> = new Set([
  'eth',
  'sll',
  'ppp',
  'vlan',
  'socket',
  'arp',
  'rarp',
  'netlink',
  'link',
]);

/** Whether a filter picks among IP packets, as against ARP, LLDP and other neighbours of one link. */
export function selectsIpTraffic({ regions, exact, set, given }: Analysis): boolean {
  // A filter that cannot be followed to its end hides what it selects.
  if (!exact) return true;
  if (set === given) return false;
  return regions.some(
    ({ headers, facts }) =>
      (headers.type !== undefined && CARRIED_BY_IP.has(headers.type)) ||
      facts.some(
        ({ protocol, role }) =>
          role === 'relation' || (protocol !== undefined && !OF_ONE_LINK.has(protocol) && role !== 'length'),
      ),
  );
}
