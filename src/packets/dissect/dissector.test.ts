import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat, fromHex } from '../../lib/bytes.ts';
import { anyBytes, mutationsOf } from '../../testing/mutations.ts';
import { be, ethernet, icmp, ip4, tcp, TCP, udp } from '../../testing/wire.ts';
import { CORE } from './core.ts';
import { Dissector } from './dissector.ts';
import { PROTOCOL_NAMES } from './protocols.ts';

const hex = (text: string): Uint8Array => fromHex(text)!;
const HOSTS = { src: '192.0.2.1', dst: '198.51.100.2' };
const DATA = hex('6869');

const d = new Dissector(CORE);
const pathOf = (bytes: Uint8Array, link = 1): string => {
  d.dissect(link, bytes, 0, bytes.length);
  return Array.from(d.protocol.subarray(0, d.count), (number) => PROTOCOL_NAMES[number]).join('/');
};
const inUdp = (port: number, payload: Uint8Array) =>
  ethernet(0x0800, ip4({ ...HOSTS, protocol: 17 }, udp(4000, port, payload)));
const inIp = (protocol: number, payload: Uint8Array) => ethernet(0x0800, ip4({ ...HOSTS, protocol }, payload));
const INNER = ip4({ ...HOSTS, protocol: 17 }, udp(5000, 53, DATA));
const INNER_FRAME = ethernet(0x0800, INNER);

it.each([
  ['a datagram', inIp(17, udp(1, 2, DATA)), 'eth/ip/udp'],
  ['a segment', inIp(6, tcp(1, 2, { flags: TCP.syn })), 'eth/ip/tcp'],
  ['an echo', inIp(1, icmp(8, 0, 1, 1, DATA)), 'eth/ip/icmp'],
  ['two tags', ethernet(0x88a8, concat([be(16, 5, 0x8100), be(16, 7, 0x0800), INNER])), 'eth/ieee8021ad/vlan/ip/udp'],
  ['labels', ethernet(0x8847, concat([hex('00064040 000641ff'), INNER])), 'eth/mpls/mpls/ip/udp'],
  [
    'PPPoE',
    ethernet(0x8864, concat([hex('11000001'), be(16, INNER.length + 2), hex('0021'), INNER])),
    'eth/pppoes/ppp/ip/udp',
  ],
  ['SNAP', ethernet(8 + INNER.length, concat([hex('aaaa030000000800'), INNER])), 'eth/llc/ip/udp'],
  ['GRE', inIp(47, concat([hex('00000800'), INNER])), 'eth/ip/gre/ip/udp'],
  [
    'GRE with key and sequence',
    inIp(47, concat([hex('30006558'), be(32, 1, 2), INNER_FRAME])),
    'eth/ip/gre/eth/ip/udp',
  ],
  ['ERSPAN I', inIp(47, concat([hex('000088be'), INNER_FRAME])), 'eth/ip/gre/erspan/eth/ip/udp'],
  [
    'ERSPAN II',
    inIp(47, concat([hex('100088be00000001'), hex('1001000100000000'), INNER_FRAME])),
    'eth/ip/gre/erspan/eth/ip/udp',
  ],
  [
    'ERSPAN III that carries a packet',
    inIp(47, concat([hex('100022eb00000001'), hex('2001000100000000'), hex('00000800'), INNER])),
    'eth/ip/gre/erspan/ip/udp',
  ],
  ['generic VXLAN', inUdp(4790, concat([hex('0800000100000100'), INNER])), 'eth/ip/udp/vxlan/ip/udp'],
  ['GRE over UDP', inUdp(4754, concat([hex('00000800'), INNER])), 'eth/ip/udp/gre/ip/udp'],
  ['PIM in IGMP', inIp(2, hex('1400000000000000')), 'eth/ip'],
  ['IP that says it is shorter than its header', ethernet(0x0800, INNER.with(3, 19)), 'eth/ip'],
  [
    'the first of fragments that the capture cut',
    ethernet(0x0800, ip4({ ...HOSTS, protocol: 17, more: true }, udp(1, 2, new Uint8Array(64))).subarray(0, 40)),
    'eth/ip/udp',
  ],
  ['neither type nor length', ethernet(1501, INNER), 'eth'],
  ['IP in IP', inIp(4, INNER), 'eth/ip/ip/udp'],
  ['VXLAN', inUdp(4789, concat([hex('0800000000000100'), INNER_FRAME])), 'eth/ip/udp/vxlan/eth/ip/udp'],
  [
    'Geneve with an option',
    inUdp(6081, concat([hex('0100655800000100'), hex('00000000'), INNER_FRAME])),
    'eth/ip/udp/geneve/eth/ip/udp',
  ],
  ['L2TP', inUdp(1701, concat([hex('0002'), be(16, 1, 1), hex('ff030021'), INNER])), 'eth/ip/udp/l2tp/ppp/ip/udp'],
  [
    "a user's packet",
    inUdp(2152, concat([hex('30ff'), be(16, INNER.length), be(32, 7), INNER])),
    'eth/ip/udp/gtp/ip/udp',
  ],
])('tells the layers of %s', (_, frame, path) => {
  expect(pathOf(frame)).toBe(path);
});

it.each([
  [0, concat([hex('02000000'), INNER]), 'null/ip/udp'],
  [0, concat([hex('0000001e'), hex('60')]), 'null/ipv6'],
  [9, concat([hex('ff030021'), INNER]), 'ppp/ip/udp'],
  [101, INNER, 'raw/ip/udp'],
  [104, concat([hex('0f000800'), INNER]), 'chdlc/ip/udp'],
  [107, concat([hex('184103cc'), INNER]), 'fr/ip/udp'],
  [113, concat([hex('0000000100060000000000000000'), hex('0800'), INNER]), 'sll/ip/udp'],
  [276, concat([hex('0800'), new Uint8Array(18), INNER]), 'sll/ip/udp'],
  [228, INNER, 'ip/udp'],
  [4711, INNER, ''],
])('begins a frame of link type %i', (link, frame, path) => {
  expect(pathOf(frame, link)).toBe(path);
});

it('puts a datagram together from its fragments, in any order', () => {
  const whole = udp(5000, 4789, concat([hex('0800000000000100'), INNER_FRAME, new Uint8Array(60)]));
  const part = (from: number, to: number) =>
    ethernet(
      0x0800,
      ip4({ ...HOSTS, protocol: 17, id: 9, offset: from, more: to < whole.length }, whole.subarray(from, to)),
    );

  expect([part(64, whole.length), part(0, 32), part(32, 64)].map((frame) => pathOf(frame))).toEqual([
    'eth/ip',
    'eth/ip',
    'eth/ip/udp/vxlan/eth/ip/udp',
  ]);
});

it('counts the levels of nesting, and where they begin', () => {
  pathOf(inIp(4, INNER));

  expect([d.levels, [...d.network.subarray(0, 2)], [...d.transport.subarray(0, 2)]]).toEqual([2, [1, 2], [-1, 3]]);
});

it('goes no deeper than eight networks', () => {
  let packet = INNER;
  for (let depth = 0; depth < 20; depth++) packet = ip4({ ...HOSTS, protocol: 4 }, packet);

  expect(pathOf(packet, 228)).toBe(Array.from({ length: 8 }, () => 'ip').join('/'));
});

it('ends on any bytes, with layers that lie in them', () => {
  const frames = [
    inUdp(2152, concat([hex('34ff'), be(16, 40), be(32, 7), hex('00000085 01000000'), INNER])),
    INNER_FRAME,
  ];
  const links = Object.keys(CORE.links).map(Number);
  fc.assert(
    fc.property(fc.oneof(anyBytes(), ...frames.map(mutationsOf)), fc.constantFrom(...links), (bytes, link) => {
      d.dissect(link, bytes, 0, bytes.length);
      for (let index = 0; index < d.count; index++) {
        expect(d.start[index]).toBeGreaterThanOrEqual(0);
        expect(d.start[index]).toBeLessThanOrEqual(d.end[index]!);
        expect(d.end[index]).toBeLessThanOrEqual(d.data[index]!.length);
      }
    }),
  );
});
