import { concat, fromHex } from '../lib/bytes.ts';

/** How a packet begins: with which header. */
export type Start = 'ethernet' | 'network' | 'linux_sll' | 'ppp' | 'udp' | 'icmp6' | 'netlink';

/**
 * Ordinary packets of the protocols that filters ask for, with addresses from the documentation ranges (RFC 5737, RFC 3849,
 * RFC 7042) and room behind their headers. Lengths and checksums are left 0: see `completeHeaders`.
 */
export function sampleFrames(start: Start): readonly Uint8Array[] {
  const known = CACHE.get(start);
  if (known !== undefined) return known;
  const frames = build(start);
  CACHE.set(start, frames);
  return frames;
}

const CACHE = new Map<Start, readonly Uint8Array[]>();

const hex = (text: string): Uint8Array => fromHex(text.replaceAll(' ', '')) ?? new Uint8Array();

/** Room for what a filter may look at behind the headers. */
const PAYLOAD = new Uint8Array(32);

const UDP = hex('c350 0035 0000 0000');
const TCP = hex('c350 0050 00000001 00000001 5018 ffff 0000 0000');
const SCTP = hex('0b59 0b59 00000001 00000000 00 03 0010');
const ICMP_ECHO = hex('08 00 0000 0001 0001');
const ICMP6_ADVERTISEMENT = hex('86 00 0000 40 00 0708 00000000 00000000');
const IGMP = hex('16 00 0000 e9fc0001');

const TRANSPORTS: readonly (readonly [protocol: number, header: Uint8Array])[] = [
  [17, UDP],
  [6, TCP],
  [1, ICMP_ECHO],
  [132, SCTP],
  [2, IGMP],
  [47, hex('0000 0800')],
  [50, hex('00000001 00000001')],
  [89, hex('02 01 002c c0000201 00000000 0000 0000 0000000000000000')],
  [112, hex('31 01 64 01 00 01 0000 c0000201')],
];

const TRANSPORTS6: readonly (readonly [protocol: number, header: Uint8Array])[] = [
  [17, UDP],
  [6, TCP],
  [58, ICMP6_ADVERTISEMENT],
  [132, SCTP],
];

function ipv4(protocol: number, header: Uint8Array): Uint8Array {
  const ip = hex('45 00 0000 0001 0000 40 00 0000 c0000201 c6336402');
  ip[9] = protocol;
  return concat([ip, header, PAYLOAD]);
}

function ipv6(protocol: number, header: Uint8Array): Uint8Array {
  const ip = hex('60000000 0000 00 40 20010db8000000000000000000000001 20010db8000000000000000000000002');
  ip[6] = protocol;
  return concat([ip, header, PAYLOAD]);
}

const ARP = hex('0001 0800 06 04 0001 00005e005301 c0000201 000000000000 c6336402');

/** What stands behind a link-layer header, by its EtherType; below 1536 it is the length of an LLC frame. */
const NETWORK: readonly (readonly [type: number, packet: Uint8Array])[] = [
  ...TRANSPORTS.map(([protocol, header]) => [0x0800, ipv4(protocol, header)] as const),
  ...TRANSPORTS6.map(([protocol, header]) => [0x86dd, ipv6(protocol, header)] as const),
  [0x0806, concat([ARP, new Uint8Array(18)])],
  [0x8035, concat([ARP, new Uint8Array(18)])],
  [0x88cc, concat([hex('0207 04 00005e005301 0403 05 3031 0602 0078 0000'), PAYLOAD])],
  [0x888e, concat([hex('02 00 0005 01 01 0005 01'), PAYLOAD])],
  [0x88f7, concat([hex('00 02 002c 00 00 0000'), PAYLOAD])],
  [0x0842, concat([hex('ffffffffffff'), PAYLOAD])],
  [0x8863, concat([hex('11 09 0000 0004 0101 0000'), PAYLOAD])],
  [0x0026, concat([hex('42 42 03 0000 00 00 00'), PAYLOAD])],
  [0x0026, concat([hex('aa aa 03 00000c 2000'), PAYLOAD])],
  [0x0026, concat([hex('fe fe 03 83'), PAYLOAD])],
  ...[0x8100, 0x88a8, 0x9100].flatMap((tag) => [
    [tag, concat([hex('0005 0800'), ipv4(17, UDP)])] as const,
    [tag, concat([hex('0005 86dd'), ipv6(17, UDP)])] as const,
  ]),
  [0x8864, concat([hex('11 00 0001 0000 0021'), ipv4(17, UDP)])],
  [0x8864, concat([hex('11 00 0001 0000 0057'), ipv6(17, UDP)])],
  [0x8847, concat([hex('00064 1 40'), ipv4(17, UDP)])],
];

const PPP_PROTOCOLS = new Map([
  [0x0800, 0x0021],
  [0x86dd, 0x0057],
]);

function build(start: Start): readonly Uint8Array[] {
  switch (start) {
    case 'ethernet':
      return NETWORK.map(([type, packet]) => concat([hex('00005e005302 00005e005301'), word(type), packet]));
    case 'linux_sll':
      return NETWORK.map(([type, packet]) => concat([hex('0000 0001 0006 00005e005301 0000'), word(type), packet]));
    case 'ppp':
      return NETWORK.flatMap(([type, packet]) => {
        const protocol = PPP_PROTOCOLS.get(type);
        return protocol === undefined ? [] : [concat([hex('ff03'), word(protocol), packet])];
      });
    case 'network':
      return NETWORK.map(([, packet]) => packet);
    case 'udp':
      return [concat([UDP, PAYLOAD, PAYLOAD])];
    case 'icmp6':
      return [concat([ICMP6_ADVERTISEMENT, PAYLOAD])];
    case 'netlink':
      return [concat([hex('00000000 0000 0000 00000001 00000000'), PAYLOAD, PAYLOAD])];
  }
}

function word(value: number): Uint8Array {
  return new Uint8Array([value >> 8, value & 0xff]);
}

/** EtherTypes of the sample frames of links that carry none, in the order of `sampleFrames('network')`. */
export const SAMPLE_TYPES: readonly number[] = NETWORK.map(([type]) => type);
