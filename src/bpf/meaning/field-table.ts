/** What a field of a header is for, as far as judging a filter goes. */
export type Role =
  | 'etherType'
  | 'version'
  | 'headerLength'
  | 'ipProtocol'
  | 'fragment'
  | 'length'
  | 'address'
  | 'hardwareAddress'
  | 'port'
  | 'type'
  | 'flags'
  | 'vlan'
  | 'checksum'
  | 'header'
  | 'payload'
  | 'socket'
  | 'relation';

export interface NamedField {
  /** Wireshark's name. */
  readonly name: string;
  /** Bits from the beginning of the header. */
  readonly bit: number;
  readonly width: number;
  readonly role: Role;
}

type Row = readonly [name: string, bit: number, width: number, role: Role];

const rows = (prefix: string, list: readonly Row[]): readonly NamedField[] =>
  list.map(([name, bit, width, role]) => ({ name: `${prefix}.${name}`, bit, width, role }));

const ARP_FIELDS = rows('arp', [
  ['hw.type', 0, 16, 'header'],
  ['proto.type', 16, 16, 'header'],
  ['hw.size', 32, 8, 'header'],
  ['proto.size', 40, 8, 'header'],
  ['opcode', 48, 16, 'type'],
  ['src.hw_mac', 64, 48, 'hardwareAddress'],
  ['src.proto_ipv4', 112, 32, 'address'],
  ['dst.hw_mac', 144, 48, 'hardwareAddress'],
  ['dst.proto_ipv4', 192, 32, 'address'],
]);

/** In the order of their bits, highest first. */
const TCP_FLAGS = ['cwr', 'ece', 'urg', 'ack', 'push', 'reset', 'syn', 'fin'];

/** The fields of headers, by protocol as Wireshark names it. */
export const FIELDS: Readonly<Record<string, readonly NamedField[]>> = {
  eth: rows('eth', [
    ['dst', 0, 48, 'hardwareAddress'],
    ['src', 48, 48, 'hardwareAddress'],
    ['type', 96, 16, 'etherType'],
  ]),
  sll: rows('sll', [
    ['pkttype', 0, 16, 'socket'],
    ['hatype', 16, 16, 'header'],
    ['halen', 32, 16, 'header'],
    ['src', 48, 64, 'hardwareAddress'],
    ['etype', 112, 16, 'etherType'],
  ]),
  ppp: rows('ppp', [
    ['address', 0, 8, 'header'],
    ['control', 8, 8, 'header'],
    ['protocol', 16, 16, 'etherType'],
  ]),
  vlan: rows('vlan', [
    ['priority', 0, 3, 'vlan'],
    ['dei', 3, 1, 'vlan'],
    ['id', 4, 12, 'vlan'],
    ['etype', 16, 16, 'etherType'],
  ]),
  ip: rows('ip', [
    ['version', 0, 4, 'version'],
    ['hdr_len', 4, 4, 'headerLength'],
    ['dsfield', 8, 8, 'header'],
    ['len', 16, 16, 'length'],
    ['id', 32, 16, 'header'],
    ['flags.rb', 48, 1, 'flags'],
    ['flags.df', 49, 1, 'flags'],
    ['flags.mf', 50, 1, 'fragment'],
    ['frag_offset', 51, 13, 'fragment'],
    ['ttl', 64, 8, 'header'],
    ['proto', 72, 8, 'ipProtocol'],
    ['checksum', 80, 16, 'checksum'],
    ['src', 96, 32, 'address'],
    ['dst', 128, 32, 'address'],
  ]),
  ipv6: rows('ipv6', [
    ['version', 0, 4, 'version'],
    ['tclass', 4, 8, 'header'],
    ['flow', 12, 20, 'header'],
    ['plen', 32, 16, 'length'],
    ['nxt', 48, 8, 'ipProtocol'],
    ['hlim', 56, 8, 'header'],
    ['src', 64, 128, 'address'],
    ['dst', 192, 128, 'address'],
    // Behind a fragment header (RFC 8200, 4.5), which filters look at as if it were part of this one.
    ['fraghdr.nxt', 320, 8, 'ipProtocol'],
    ['fraghdr.ident', 352, 32, 'header'],
  ]),
  arp: ARP_FIELDS,
  rarp: ARP_FIELDS,
  tcp: rows('tcp', [
    ['srcport', 0, 16, 'port'],
    ['dstport', 16, 16, 'port'],
    ['seq_raw', 32, 32, 'header'],
    ['ack_raw', 64, 32, 'header'],
    ['hdr_len', 96, 4, 'headerLength'],
    ...TCP_FLAGS.map((name, index): Row => [`flags.${name}`, 104 + index, 1, 'flags']),
    ['flags', 100, 12, 'flags'],
    ['window_size_value', 112, 16, 'header'],
    ['checksum', 128, 16, 'checksum'],
    ['urgent_pointer', 144, 16, 'header'],
  ]),
  udp: rows('udp', [
    ['srcport', 0, 16, 'port'],
    ['dstport', 16, 16, 'port'],
    ['length', 32, 16, 'length'],
    ['checksum', 48, 16, 'checksum'],
  ]),
  sctp: rows('sctp', [
    ['srcport', 0, 16, 'port'],
    ['dstport', 16, 16, 'port'],
    ['verification_tag', 32, 32, 'header'],
    ['checksum', 64, 32, 'checksum'],
    ['chunk_type', 96, 8, 'type'],
  ]),
  icmp: rows('icmp', [
    ['type', 0, 8, 'type'],
    ['code', 8, 8, 'type'],
    ['checksum', 16, 16, 'checksum'],
    ['ident', 32, 16, 'header'],
    ['seq', 48, 16, 'header'],
  ]),
  icmpv6: rows('icmpv6', [
    ['type', 0, 8, 'type'],
    ['code', 8, 8, 'type'],
    ['checksum', 16, 16, 'checksum'],
    ['echo.identifier', 32, 16, 'header'],
    ['echo.sequence_number', 48, 16, 'header'],
  ]),
  igmp: rows('igmp', [
    ['type', 0, 8, 'type'],
    ['max_resp', 8, 8, 'header'],
    ['checksum', 16, 16, 'checksum'],
    ['maddr', 32, 32, 'address'],
  ]),
  // struct nlmsghdr; in the byte order of the host.
  netlink: rows('netlink', [
    ['hdr_len', 0, 32, 'length'],
    ['hdr_type', 32, 16, 'type'],
    ['hdr_flags', 48, 16, 'flags'],
    ['hdr_seq', 64, 32, 'header'],
    ['hdr_pid', 96, 32, 'header'],
  ]),
};

/** Names that Wireshark has for the transport protocols whose names in filters are others. */
export const WIRESHARK_NAMES: Readonly<Record<string, string>> = { icmp6: 'icmpv6', ip6: 'ipv6' };

/** Bytes of a transport header before what it carries; behind the TCP header options may follow, see `payload`. */
export const HEADER_BYTES: Readonly<Record<string, number>> = {
  udp: 8,
  sctp: 12,
  icmp: 8,
  icmpv6: 8,
  igmp: 8,
  tcp: 20,
  netlink: 16,
};
