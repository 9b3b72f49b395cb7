import { ipText } from '../lib/ip-address.ts';
import type { Start } from './frames.ts';

/** One header in words, what stands behind it, and how that is read. */
export interface Layer {
  readonly text: string;
  readonly rest: Uint8Array;
  readonly next: Reader | undefined;
}

/** Reads one header; undefined where the bytes are too few for it. */
export type Reader = (bytes: Uint8Array) => Layer | undefined;

/**
 * How the first header of a packet is read.
 *
 * @param type EtherType of a packet that begins with the network header, where it is known; by its version otherwise.
 */
export function firstReader(start: Start, type: number | undefined): Reader {
  return start === 'network' ? networkOf(type) : FIRST[start];
}

const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
const long = (bytes: Uint8Array, at: number): number => word(bytes, at) * 0x10000 + word(bytes, at + 2);
const hardware = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');

/** A header of a fixed size. */
const fixed =
  (size: number, read: (bytes: Uint8Array) => { readonly text: string; readonly next?: Reader | undefined }): Reader =>
  (bytes) =>
    bytes.length < size ? undefined : { next: undefined, ...read(bytes), rest: bytes.subarray(size) };

const ethernet = fixed(14, (bytes) => ({
  text: `Ethernet ${hardware(bytes.subarray(6, 12))} > ${hardware(bytes.subarray(0, 6))}`,
  next: ofType(word(bytes, 12)),
}));

const cooked = fixed(16, (bytes) => ({ text: 'Linux cooked', next: ofType(word(bytes, 14)) }));

const ppp = fixed(4, (bytes) => ({ text: 'PPP', next: ofPpp(word(bytes, 2)) }));

const networkOf =
  (type: number | undefined): Reader =>
  (bytes) => {
    const known = type ?? TYPE_OF_VERSION[(bytes[0] ?? 0) >> 4];
    return known === undefined ? { text: 'no IP', rest: bytes, next: undefined } : ofType(known)(bytes);
  };

const TYPE_OF_VERSION: Readonly<Record<number, number>> = { 4: 0x0800, 6: 0x86dd };

const vlan = fixed(4, (bytes) => ({ text: `VLAN ${word(bytes, 0) & 0x0fff}`, next: ofType(word(bytes, 2)) }));

const pppoe = fixed(8, (bytes) => ({ text: 'PPPoE', next: ofPpp(word(bytes, 6)) }));

const mpls: Reader = (bytes) => {
  if (bytes.length < 4) return undefined;
  const last = ((bytes[2] ?? 0) & 1) === 1;
  return { text: `MPLS ${long(bytes, 0) >>> 12}`, rest: bytes.subarray(4), next: last ? networkOf(undefined) : mpls };
};

const ARP_OPERATIONS: Readonly<Record<number, string>> = { 1: 'request', 2: 'reply' };
const arp = fixed(28, (bytes) => ({
  text: `ARP ${ARP_OPERATIONS[word(bytes, 6)] ?? `operation ${word(bytes, 6)}`} ${ipText(bytes.subarray(14, 18))} for ${ipText(bytes.subarray(24, 28))}`,
}));

const ipv4: Reader = (bytes) => {
  const size = 4 * ((bytes[0] ?? 0) & 15);
  if (bytes.length < 20 || size > bytes.length) return undefined;
  const hosts = `IPv4 ${ipText(bytes.subarray(12, 16))} > ${ipText(bytes.subarray(16, 20))}`;
  const rest = bytes.subarray(Math.max(size, 20));
  const later = 8 * (word(bytes, 6) & 0x1fff);
  if (later > 0) return { text: `${hosts}, later fragment at byte ${later}`, rest, next: undefined };
  return { text: hosts, rest, next: ofProtocol(bytes[9] ?? 0) };
};

const ipv6 = fixed(40, (bytes) => ({
  text: `IPv6 ${ipText(bytes.subarray(8, 24))} > ${ipText(bytes.subarray(24, 40))}`,
  next: ofProtocol(bytes[6] ?? 0),
}));

const fragment6 = fixed(8, (bytes) => {
  const later = word(bytes, 2) & 0xfff8;
  return { text: `fragment at byte ${later}`, next: later > 0 ? undefined : ofProtocol(bytes[0] ?? 0) };
});

const options6: Reader = (bytes) => {
  const size = 8 * ((bytes[1] ?? 0) + 1);
  if (bytes.length < size) return undefined;
  return { text: 'extension header', rest: bytes.subarray(size), next: ofProtocol(bytes[0] ?? 0) };
};

const ports = (name: string, bytes: Uint8Array): string => `${name} ${word(bytes, 0)} > ${word(bytes, 2)}`;

const udp = fixed(8, (bytes) => ({ text: ports('UDP', bytes) }));
const sctp = fixed(12, (bytes) => ({ text: `${ports('SCTP', bytes)} tag 0x${long(bytes, 4).toString(16)}` }));

const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];
const tcp: Reader = (bytes) => {
  const size = Math.max(20, 4 * ((bytes[12] ?? 0) >> 4));
  if (bytes.length < 20) return undefined;
  const flags = FLAGS.filter((_, bit) => ((bytes[13] ?? 0) >> bit) & 1);
  const text = `${ports('TCP', bytes)} ${flags.join(' ') || 'no flags'} seq ${long(bytes, 4)} ack ${long(bytes, 8)}`;
  return { text, rest: bytes.subarray(size), next: undefined };
};

const ICMP_TYPES: Readonly<Record<number, string>> = {
  0: 'echo reply',
  3: 'unreachable',
  5: 'redirect',
  8: 'echo request',
  11: 'time exceeded',
};
const ICMP6_TYPES: Readonly<Record<number, string>> = {
  128: 'echo request',
  129: 'echo reply',
  133: 'router solicitation',
  134: 'router advertisement',
  135: 'neighbour solicitation',
  136: 'neighbour advertisement',
};
const icmpOf = (name: string, types: Readonly<Record<number, string>>): Reader =>
  fixed(8, ([type = 0]) => ({ text: `${name} ${types[type] ?? `type ${type}`}` }));
const icmp = icmpOf('ICMP', ICMP_TYPES);
const icmp6 = icmpOf('ICMPv6', ICMP6_TYPES);

const netlink = fixed(16, (bytes) => {
  // Numbers of netlink stand in the order of the host; the hosts that we look at are little-endian.
  const type = (bytes[4] ?? 0) | ((bytes[5] ?? 0) << 8);
  return { text: `netlink message of type ${type}` };
});

const FIRST: Readonly<Record<Exclude<Start, 'network'>, Reader>> = {
  ethernet,
  linux_sll: cooked,
  ppp,
  udp,
  icmp6,
  netlink,
};

const TYPES: Readonly<Record<number, Reader>> = {
  0x0800: ipv4,
  0x86dd: ipv6,
  0x0806: arp,
  0x8035: arp,
  0x8100: vlan,
  0x88a8: vlan,
  0x9100: vlan,
  0x8864: pppoe,
  0x8847: mpls,
};

/** Below this the number that stands for an EtherType is the length of an LLC frame. */
const FIRST_TYPE = 0x0600;

function ofType(type: number): Reader {
  const name = type < FIRST_TYPE ? 'LLC' : `EtherType 0x${type.toString(16).padStart(4, '0')}`;
  return TYPES[type] ?? ((bytes) => ({ text: name, rest: bytes, next: undefined }));
}

function ofPpp(protocol: number): Reader {
  const type = TYPE_OF_PPP[protocol];
  return type === undefined
    ? (bytes) => ({ text: `protocol 0x${protocol.toString(16)}`, rest: bytes, next: undefined })
    : ofType(type);
}

const TYPE_OF_PPP: Readonly<Record<number, number>> = { 0x21: 0x0800, 0x57: 0x86dd };

const PROTOCOLS: Readonly<Record<number, Reader>> = {
  0: options6,
  1: icmp,
  6: tcp,
  17: udp,
  43: options6,
  44: fragment6,
  58: icmp6,
  60: options6,
  132: sctp,
};

function ofProtocol(protocol: number): Reader {
  return PROTOCOLS[protocol] ?? ((bytes) => ({ text: `IP protocol ${protocol}`, rest: bytes, next: undefined }));
}
