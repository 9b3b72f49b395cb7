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

const SERVICES: ReadonlyMap<number, string> = new Map([
  ...[...OVER_SCTP, ...OVER_TCP, ...OVER_UDP].reverse().flatMap(portsOf),
  ...Object.entries(OTHERS).map(([port, name]) => [Number(port), name] as const),
]);

function portsOf({ name, ports = [] }: Layout): (readonly [number, string])[] {
  return ports.map((port) => [port, name] as const);
}

/** The class word of the protocol that a port is known by. */
export function serviceOf(port: number): string | undefined {
  return SERVICES.get(port);
}
