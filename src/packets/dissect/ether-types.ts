import { P } from './protocols.ts';

/** Below this the number that stands for an EtherType is a length. */
export const FIRST_TYPE = 0x0600;

const TYPES = new Map<number, number>([
  [0x0800, P.ip],
  [0x86dd, P.ipv6],
  [0x0806, P.arp],
  [0x8035, P.arp],
  [0x8100, P.vlan],
  [0x9100, P.vlan],
  [0x9200, P.vlan],
  [0x88a8, P.ieee8021ad],
  [0x8847, P.mpls],
  [0x8848, P.mpls],
  [0x8863, P.pppoed],
  [0x8864, P.pppoes],
  [0x6558, P.eth],
  [0x880b, P.ppp],
]);

/** What an EtherType says. */
export function ofEtherType(type: number): number {
  return TYPES.get(type) ?? 0;
}

/** A type, or the length of an LLC frame. */
export function typeOrLength(value: number): number {
  return value < FIRST_TYPE ? P.llc : ofEtherType(value);
}

/** The network protocol by the first four bits of a packet. */
const VERSIONS: Readonly<Record<number, number>> = { 4: P.ip, 6: P.ipv6 };

export function ofVersion(first: number): number {
  return VERSIONS[first >> 4] ?? 0;
}
