import { expect, it } from 'vitest';
import { concat, fromHex } from '../../lib/bytes.ts';
import { be, ethernet, ip4, le, udp } from '../../testing/wire.ts';
import { CORE } from './core.ts';
import { Dissector } from './dissector.ts';
import { isLinkRead } from './links.ts';
import { PROTOCOL_NAMES } from './protocols.ts';

const hex = (text: string): Uint8Array => fromHex(text)!;
const zeros = (length: number): Uint8Array => new Uint8Array(length);

const d = new Dissector(CORE);
const pathOf = (link: number, ...parts: readonly Uint8Array[]): string => {
  const bytes = concat(parts);
  d.dissect(link, bytes, 0, bytes.length);
  return Array.from(d.protocol.subarray(0, d.count), (number) => PROTOCOL_NAMES[number]).join('/');
};
const IP = ip4({ src: '192.0.2.1', dst: '198.51.100.2', protocol: 17 }, udp(5000, 53, hex('6869')));
const FRAME = ethernet(0x0800, IP);
const SNAP = hex('aaaa030000000800');
const MACS = zeros(12);

it.each<[string, number, readonly Uint8Array[], string]>([
  ['token ring', 6, [zeros(14), SNAP, IP], 'tr/llc/ip/udp'],
  ['token ring with a route', 6, [zeros(8), hex('80'), zeros(5), hex('0600'), zeros(4), SNAP, IP], 'tr/llc/ip/udp'],
  ['ARCNET of the BSDs', 7, [hex('0102d4000001'), IP], 'arcnet/ip/udp'],
  ['ARCNET of Linux', 129, [hex('01020000d4000001'), IP], 'arcnet/ip/udp'],
  ['ARCNET as it was', 129, [hex('01020000f0'), IP], 'arcnet/ip/udp'],
  ['SLIP', 8, [hex('0045'), zeros(14), IP], 'ip/udp'],
  ['SLIP whose header is packed', 8, [hex('0080'), zeros(14), IP], ''],
  ['PPP of Cisco', 9, [hex('0f000800'), IP], 'chdlc/ip/udp'],
  ['FDDI', 10, [zeros(13), SNAP, IP], 'fddi/llc/ip/udp'],
  ['PPPoE without Ethernet', 51, [hex('11000001'), be(16, IP.length + 2), hex('0021'), IP], 'pppoes/ppp/ip/udp'],
  ['ATM by RFC 1483', 100, [SNAP, IP], 'llc/ip/udp'],
  ['IP over ATM', 106, [IP], 'clip/ip/udp'],
  ['IPsec of the BSDs', 109, [le(32, 2), zeros(8), IP], 'enc/ip/udp'],
  ['a firewall log', 117, [hex('1d02'), zeros(30), IP], 'pflog/ip/udp'],
  ['ATM of Sun', 123, [hex('02000005'), SNAP, IP], 'atm/llc/ip/udp'],
  ['Juniper, over ATM', 137, [hex('4d474300'), zeros(4), SNAP, IP], 'text/llc/ip/udp'],
  ['Juniper, PPP over ATM', 135, [hex('4d474300'), zeros(8), hex('0021'), IP], 'text/ppp/ip/udp'],
  ['Juniper, Ethernet behind notes', 178, [hex('4d4743800002abcd'), FRAME], 'text/eth/ip/udp'],
  ['Juniper, without a link', 178, [hex('4d474302'), IP], 'text/ip/udp'],
  ['Juniper, PPP', 179, [hex('4d4743000021'), IP], 'text/ppp/ip/udp'],
  ['Juniper, HDLC', 181, [hex('4d4743000f000800'), IP], 'text/chdlc/ip/udp'],
  ['notes of another maker', 178, [hex('4d474400'), FRAME], ''],
  ['per-packet notes', 192, [hex('00000800'), le(32, 1), FRAME], 'ppi/eth/ip/udp'],
  ['per-packet notes on themselves', 192, [hex('00000800'), le(32, 192), FRAME], 'ppi'],
  ['PPP with a direction', 204, [hex('00ff030021'), IP], 'ppp/ip/udp'],
  ['InfiniBand', 242, [zeros(40), hex('08000000'), IP], 'ipoib/ip/udp'],
  ['notes of Apple', 258, [le(32, 12, 1, 1), FRAME], 'pktap/eth/ip/udp'],
  ['notes of Apple, longer than the frame', 258, [le(32, 999, 1, 1), FRAME], 'pktap'],
  ['notes of Apple before they had a number', 149, [le(32, 12, 1, 1), FRAME], 'user_dlt/pktap/eth/ip/udp'],
  ['a tag of Broadcom', 281, [MACS, hex('2c000080'), hex('0800'), IP], 'eth/ip/udp'],
  ['a tag of Marvell', 284, [MACS, hex('c00a0000'), hex('0800'), IP], 'eth/ip/udp'],
  ['a longer tag of Marvell', 285, [MACS, hex('dada0000c0100539'), hex('0800'), IP], 'eth/ip/udp'],
  ['sensors', 195, [zeros(10)], 'wpan'],
  ['a link that is not known', 147, [IP], ''],
])('reads %s', (_, link, parts, path) => {
  expect(pathOf(link, ...parts)).toBe(path);
});

it('tells which links are read', () => {
  expect([1, 178, 195, 147].map((link) => isLinkRead(CORE, link))).toEqual([true, true, false, false]);
});

it.each(Object.keys(CORE.links).map(Number))('reads nothing of link %i cut at any byte that is not there', (link) => {
  const frame = concat([hex('4d47438000020f0000080a0001'), zeros(40), SNAP, FRAME]);
  for (let end = 0; end <= frame.length; end++) {
    d.dissect(link, frame, 0, end);
    for (let layer = 0; layer < d.count; layer++) {
      expect(d.start[layer]).toBeLessThanOrEqual(d.end[layer]!);
      expect(d.end[layer]).toBeLessThanOrEqual(end);
    }
  }
});
