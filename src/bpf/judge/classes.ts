import type { Analysis, DescribedRegion } from '../meaning/analysis.ts';
import type { Fact } from '../meaning/facts.ts';
import { ARP, IPV4, IPV6, RARP } from '../protocols.ts';
import { layoutOf } from './explained.ts';
import { serviceOf } from './knowledge/services.ts';

/** A number more than this of ports, or of types, names no protocol. */
const MOST_VALUES = 8;

const BY_TYPE: Readonly<Record<number, string>> = {
  0x0842: 'wol',
  0x2000: 'cdp',
  0x8809: 'lacp',
  0x888e: 'eapol',
  0x88cc: 'lldp',
  0x88f7: 'ptp',
  0x8914: 'fip',
};

const BY_PROTOCOL: Readonly<Record<number, string>> = {
  2: 'multicast',
  4: 'tunnel',
  41: 'tunnel',
  47: 'tunnel',
  88: 'routing',
  89: 'routing',
  103: 'routing',
  112: 'vrrp',
  115: 'tunnel',
};

/** Groups that neighbours on a link tell each other about themselves by. IEEE 802.1AB; Cisco, Extreme, Foundry, Nortel. */
const BY_DESTINATION: Readonly<Record<string, string>> = {
  '0180c2000000': 'stp',
  '0180c2000003': 'lldp',
  '0180c200000e': 'lldp',
  '01000ccccccc': 'lldp',
  '00e02b000000': 'lldp',
  '01e052cccccc': 'lldp',
  '010081000100': 'lldp',
  '000e2b000000': 'lldp',
};

/** Classes of which one is a case of the other. */
const WIDER: readonly (readonly [wide: string, ...narrow: readonly string[]])[] = [
  ['lldp', 'lldp', 'cdp'],
  ['dhcp', 'dhcp', 'dhcp-client', 'dhcp-server'],
  ['capture-port', 'capture-port', 'tcp-flags'],
  ['capture-host', 'capture-host', 'arp-watch'],
  ['capture-net', 'capture-net', 'capture-host', 'arp-watch'],
  ['capture-proto', 'capture-proto', 'icmp', 'tunnel', 'ipsec', 'arp-watch'],
  ['capture-l2', 'capture-l2', 'capture-proto', 'capture-size'],
];

/** What an ordinary filter is for, told by what all its regions have. */
export function classOf({ regions, sets }: Analysis): string | undefined {
  if (sets.link === 'netlink') return isUdev(regions) ? 'udev' : 'netlink';
  const found = new Set(regions.map(classOfRegion));
  const [only] = found;
  if (found.size <= 1) return only;
  const wider = WIDER.find(([, ...narrow]) => [...found].every((one) => narrow.includes(one)));
  if (wider !== undefined) return wider[0];
  const named = regions.some(({ facts }) => facts.some(({ role }) => role === 'port'));
  return named ? 'capture-port' : 'capture-filter';
}

/** Device managers tell messages of their own by a number of libudev, and pick among them by hashes of names. */
function isUdev(regions: readonly DescribedRegion[]): boolean {
  return regions.some(({ facts }) => facts.some(({ field }) => field === 'netlink.hdr_seq'));
}

function classOfRegion(region: DescribedRegion): string {
  return ofProtocol(region) ?? ofContent(region) ?? ofConditions(region);
}

/** The protocol that the packets are of, as far as their headers say it. */
export function ofProtocol(region: DescribedRegion): string | undefined {
  const { headers, facts } = region;
  const { type, protocol } = headers;
  if (type === ARP || type === RARP || isArp(facts)) return ofArp(facts);
  const byType = type === undefined ? undefined : BY_TYPE[type];
  if (byType !== undefined) return byType;
  const group = type === IPV4 || type === IPV6 ? undefined : ofDestination(facts);
  if (group !== undefined) return group;
  if (protocol === 1 || protocol === 58) return ofIcmp(facts);
  return (protocol === undefined ? undefined : BY_PROTOCOL[protocol]) ?? ofPorts(facts);
}

/** The one class that all of the hardware addresses belong to which packets may be for. */
function ofDestination(facts: readonly Fact[]): string | undefined {
  let addresses: readonly { readonly value: bigint; readonly bits: number }[] = [{ value: 0n, bits: 0 }];
  for (const { field, width, intervals, value } of facts.filter(({ field }) => field.startsWith('eth.dst'))) {
    const parts =
      value === undefined ? intervals.map(([from, to]) => (from === to ? BigInt(from) : undefined)) : [value];
    if (parts.length > MOST_VALUES || !/\]$|dst$/.test(field)) return undefined;
    addresses = addresses.flatMap((start) =>
      parts.map((part) => ({
        value: (start.value << BigInt(width)) | (part ?? 0n),
        bits: part === undefined ? -1 : start.bits + width,
      })),
    );
  }
  const classes = new Set(
    addresses.map(({ value, bits }) =>
      bits === 48 ? BY_DESTINATION[value.toString(16).padStart(12, '0')] : undefined,
    ),
  );
  return classes.size === 1 ? [...classes][0] : undefined;
}

function isArp(facts: readonly Fact[]): boolean {
  const types = facts.findLast(({ role }) => role === 'etherType')?.intervals ?? [];
  return types.length > 0 && types.every(([from, to]) => from === to && (from === ARP || from === RARP));
}

/** Watched by all who want to know who is there; answers to its own questions are for who asks many; for one address, for its owner. */
function ofArp(facts: readonly Fact[]): string {
  const has = (start: string) => facts.some(({ field }) => field.startsWith(start));
  if (has('arp.src.hw_mac')) return 'arp-acd';
  if (has('arp.dst.hw_mac')) return 'arp-scan';
  const answers = facts.some(({ field, value }) => field.startsWith('arp.opcode') && value === 2n);
  return answers ? 'arp-scan' : 'arp-watch';
}

/** Router and neighbour messages, RFC 4861. */
const [FIRST_NEIGHBOUR, LAST_NEIGHBOUR] = [133, 137];

function ofIcmp(facts: readonly Fact[]): string | undefined {
  if (facts.some(({ role }) => role === 'address')) return undefined;
  const type = facts.find(({ field }) => field.endsWith('.type') && field.startsWith('icmp'));
  if (type === undefined) return undefined;
  const neighbours = type.intervals.every(([from, to]) => from >= FIRST_NEIGHBOUR && to <= LAST_NEIGHBOUR);
  return type.protocol === 'icmpv6' && neighbours ? 'nd' : 'icmp';
}

/** The one service that all of the named ports are of. */
function ofPorts(facts: readonly Fact[]): string | undefined {
  const ports = facts.filter(({ role, width }) => role === 'port' && width === 16);
  const sides = ports.map((fact) => ({ side: fact.bit === 0 ? 'source' : 'destination', services: servicesOf(fact) }));
  const named = sides.filter(({ services }) => services !== undefined);
  const services = new Set(named.flatMap(({ services }) => services ?? []));
  const [only] = services;
  if (services.size !== 1 || only === undefined) return undefined;
  if (only !== 'dhcp') return only;
  const values = (side: number) => ports.filter(({ bit }) => bit === side).flatMap(({ intervals }) => intervals.flat());
  const [source, destination] = [values(0), values(16)];
  if (destination.length > 0 && destination.every((port) => port === 68)) return 'dhcp-client';
  if (destination.length > 0 && destination.every((port) => port === 67)) return 'dhcp-server';
  return source.length > 0 || destination.length > 0 ? 'dhcp' : undefined;
}

/** The services of a few ports, or of a range of one service; undefined where some are of none, or there are many. */
function servicesOf({ intervals, protocol }: Fact): readonly string[] | undefined {
  const services = intervals.flatMap(([from, to]) => {
    const ends = [serviceOf(from, protocol), serviceOf(to, protocol)];
    if (to - from >= MOST_VALUES) return ends[0] === 'traceroute' ? ends : [undefined];
    return Array.from({ length: to - from + 1 }, (_, index) => serviceOf(from + index, protocol));
  });
  const known = services.filter((service) => service !== undefined);
  return known.length === services.length && known.length > 0 && known.length <= MOST_VALUES ? known : undefined;
}

/** The protocol that the content is of. */
function ofContent(region: DescribedRegion): string | undefined {
  const found = new Set(
    region.facts.filter(({ role }) => role === 'payload').map((fact) => layoutOf(fact, region)?.name),
  );
  const [only] = found;
  if (found.size !== 1 || only === undefined) return undefined;
  if (only !== 'dhcp') return only;
  const operation = region.facts.find(
    ({ role, width, value }) => role === 'payload' && width >= 8 && value !== undefined,
  );
  const first = Number((operation?.value ?? 0n) >> BigInt((operation?.width ?? 8) - 8));
  return first === 1 ? 'dhcp-server' : first === 2 ? 'dhcp-client' : only;
}

interface Kind {
  readonly class: string;
  readonly asks: (fact: Fact) => boolean;
}

const isWhole = ({ role, width, value, mask }: Fact): boolean =>
  role === 'address' && (width === 32 || width === 128) && value !== undefined && mask === undefined;
const narrows = ({ intervals, value }: Fact): boolean => value !== undefined || intervals.length > 0;

/** What filters of no protocol of their own pick packets by, the most telling first. */
const KINDS: readonly Kind[] = [
  { class: 'capture-port', asks: ({ role }) => role === 'port' },
  { class: 'tcp-flags', asks: ({ field }) => field.startsWith('tcp.flags') },
  { class: 'capture-host', asks: isWhole },
  { class: 'capture-net', asks: ({ role }) => role === 'address' },
  { class: 'ip-frag', asks: ({ role, value, field }) => role === 'fragment' && value !== 0n && field.startsWith('ip') },
  { class: 'dscp', asks: ({ field }) => /^ip(v6)?\.(dsfield|tclass)/.test(field) },
  { class: 'tcp-payload', asks: ({ role, field }) => role === 'relation' && field.includes('tcp') },
  { class: 'direction', asks: ({ field }) => field.startsWith('socket.pkttype') },
  {
    class: 'capture-l2',
    asks: ({ role, field }) => role === 'hardwareAddress' || role === 'vlan' || field.startsWith('socket.vlan'),
  },
  { class: 'capture-size', asks: (fact) => fact.field === 'ip.len' || fact.field === 'udp.length' },
  { class: 'capture-proto', asks: ({ role }) => role === 'ipProtocol' },
];

function ofConditions({ facts, headers: { type } }: DescribedRegion): string {
  const kind = KINDS.find(({ asks }) => facts.some((fact) => asks(fact) && narrows(fact)));
  if (kind !== undefined) return kind.class;
  if (type === IPV4 || type === IPV6) return 'capture-proto';
  return facts.some(({ role }) => role !== 'length') ? 'capture-l2' : 'capture-size';
}
