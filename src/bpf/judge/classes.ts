import type { Analysis, DescribedRegion } from '../meaning/analysis.ts';
import type { Fact } from '../meaning/facts.ts';

/** What ordinary filters are for, told by what all their regions have. */
const BY_TYPE: Readonly<Record<number, string>> = {
  0x0806: 'arp-watch',
  0x88cc: 'lldp',
  0x888e: 'eapol',
  0x88f7: 'ptp',
  0x0842: 'wake-on-lan',
  0x8863: 'pppoe',
  0x8809: 'lacp',
};
const BY_PROTOCOL: Readonly<Record<number, string>> = { 89: 'ospf', 112: 'vrrp' };
const BY_PORT: Readonly<Record<number, string>> = {
  68: 'dhcp-client',
  67: 'dhcp-server',
  546: 'dhcp6-client',
  547: 'dhcp6-server',
  5353: 'mdns',
  123: 'ntp',
  319: 'ptp',
  320: 'ptp',
};

/** The class that all regions agree on. */
export function classOf({ regions, sets }: Analysis): string | undefined {
  if (sets.link === 'netlink') return 'netlink';
  const found = new Set(regions.map(classOfRegion));
  const [only] = found;
  return found.size === 1 ? only : undefined;
}

function classOfRegion({ headers, facts }: DescribedRegion): string | undefined {
  const type = headers.type === undefined ? undefined : BY_TYPE[headers.type];
  const protocol = headers.protocol === undefined ? undefined : BY_PROTOCOL[headers.protocol];
  return type ?? protocol ?? portOf(facts.filter(({ field }) => field.endsWith('.dstport')));
}

function portOf(ports: readonly Fact[]): string | undefined {
  const [only] = ports;
  return only?.value === undefined ? undefined : BY_PORT[Number(only.value)];
}
