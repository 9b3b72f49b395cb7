import type { Layout } from './layout.ts';
import { OVER_SCTP } from './over-ip.ts';
import { OVER_TCP } from './over-tcp.ts';
import { OVER_UDP } from './over-udp.ts';

/** Services that have a class word and no layout, or whose class word is another one's. */
const OTHERS: Readonly<Record<number, string>> = {
  67: 'dhcp',
  68: 'dhcp',
  20: 'ftp',
  546: 'dhcp6',
  547: 'dhcp6',
  8883: 'mqtt',
  179: 'routing',
  1985: 'vrrp',
  2375: 'kubernetes',
  2376: 'kubernetes',
  2379: 'etcd',
  2380: 'etcd',
  6443: 'kubernetes',
  10250: 'kubernetes',
  11211: 'database',
  27017: 'database',
};

const named = (...layouts: readonly Layout[]): ReadonlyMap<number, string> =>
  new Map([
    ...layouts.toReversed().flatMap(portsOf),
    ...Object.entries(OTHERS).map(([port, name]) => [Number(port), name] as const),
  ]);

const OVER_ANY = named(...OVER_SCTP, ...OVER_TCP, ...OVER_UDP);
const ONLY_UDP = named(...OVER_UDP, ...OVER_TCP);

function portsOf({ name, ports = [] }: Layout): (readonly [number, string])[] {
  return ports.map((port) => [port, name] as const);
}

/** The ports that traceroute counts up from. */
const [FIRST_HOP, LAST_HOP] = [33434, 33534];

/** The class word of the protocol that a port is known by. */
export function serviceOf(port: number, protocol?: string): string | undefined {
  if (port >= FIRST_HOP && port <= LAST_HOP) return 'traceroute';
  return (protocol === 'udp' ? ONLY_UDP : OVER_ANY).get(port);
}
