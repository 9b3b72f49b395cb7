/** EtherTypes */
export const IPV4 = 0x0800;
export const IPV6 = 0x86dd;
export const ARP = 0x0806;
export const RARP = 0x8035;
export const PPPOE = 0x8864;
/** What the kernel has in place of an EtherType where a frame has a length there. */
export const LLC = 0x0004;
export const VLAN: readonly number[] = [0x8100, 0x88a8, 0x9100];
/** EtherTypes by the protocol numbers of PPP */
export const PPP_TYPES = new Map([
  [0x21, IPV4],
  [0x57, IPV6],
]);
/** Sizes of headers in bytes */
export const IPV4_HEADER = 20;
export const IPV6_HEADER = 40;
/** The header of a fragment of an IPv6 packet: its first byte says which header comes next. */
export const FRAGMENT = 44;
export const FRAGMENT_HEADER = 8;
export const ARP_BODY = 28;

export const PPPOE_TYPE = 6;
export const PPPOE_HEADER = 8;

/** IP protocols that we name, with the length of the header that is no payload yet. */
export const TRANSPORTS: Readonly<Record<number, { readonly name: string; readonly header: number }>> = {
  1: { name: 'icmp', header: 8 },
  2: { name: 'igmp', header: 0 },
  6: { name: 'tcp', header: 20 },
  17: { name: 'udp', header: 8 },
  47: { name: 'gre', header: 0 },
  50: { name: 'esp', header: 0 },
  51: { name: 'ah', header: 0 },
  58: { name: 'icmp6', header: 8 },
  89: { name: 'ospf', header: 0 },
  112: { name: 'vrrp', header: 0 },
  132: { name: 'sctp', header: 12 },
};

/** The transport protocols that have ports. */
export type PortProtocol = 'tcp' | 'udp' | 'sctp';

export const PORT_PROTOCOLS: Readonly<Record<number, PortProtocol>> = { 6: 'tcp', 17: 'udp', 132: 'sctp' };

export function transportName(protocol: number): string {
  return TRANSPORTS[protocol]?.name ?? `IP protocol ${protocol}`;
}
