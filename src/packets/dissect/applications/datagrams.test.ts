import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat } from '../../../lib/bytes.ts';
import { anyBytes } from '../../../testing/mutations.ts';
import { bytesOf, datagramTo, talkOf } from '../../../testing/talking.ts';
import { be } from '../../../testing/wire.ts';
import { looksLikeRadius, looksLikeSnmp, TACACS } from './datagrams.ts';

const RADIUS = concat([be(8, 1, 9), be(16, 20), new Uint8Array(16)]);
const SNMP = bytesOf('\x30\x0b\x02\x01\x01\x04\x06public');

it('tells what a port carries, where it is that', () => {
  expect([
    datagramTo(123, new Uint8Array(48)),
    datagramTo(1812, RADIUS),
    datagramTo(1812, be(8, 99), RADIUS.subarray(1)),
    datagramTo(161, SNMP),
    datagramTo(161, 'public'),
    datagramTo(9, 'x'),
  ]).toEqual(['udp/ntp', 'udp/radius', 'udp', 'udp/snmp', 'udp', 'udp']);
});

it.each<[string, (bytes: Uint8Array, at: number, end: number) => boolean, Uint8Array, boolean]>([
  ['a request of RADIUS', looksLikeRadius, RADIUS, true],
  ['too few bytes', looksLikeRadius, RADIUS.subarray(1), false],
  ['a length that is too short', looksLikeRadius, concat([be(8, 1, 9), be(16, 19), new Uint8Array(16)]), false],
  ['a message of SNMP', looksLikeSnmp, SNMP, true],
  ['a length in two bytes', looksLikeSnmp, concat([bytesOf('\x30\x82\0\x0b'), SNMP.subarray(2)]), true],
  ['a message that is cut', looksLikeSnmp, SNMP.subarray(0, 10), false],
  ['a version that is not known', looksLikeSnmp, bytesOf('\x30\x05\x02\x01\x09\x04\0'), false],
])('knows %s', (_, looks, bytes, expected) => {
  expect(looks(bytes, 0, bytes.length)).toBe(expected);
});

it('cuts messages of TACACS+ out of a stream', () => {
  const message = concat([be(8, 0xc0, 1, 1, 0), be(32, 7, 4), be(32, 0)]);
  const told = talkOf(49, [{ says: message.subarray(0, 6) }, { says: message.subarray(6) }, { says: 'text' }]);

  expect(told).toEqual(['tcp', 'tcp/tacplus/tcp.segments', 'tcp']);
  expect(TACACS.lengthOf(be(8, 0xc0, 1, 1, 0, 0, 0, 0, 0, 0xff, 0, 0, 0), 0, 12)).toBe(-1);
});

it('never throws, whatever the bytes', () => {
  fc.assert(
    fc.property(anyBytes(), fc.constantFrom(49, 123, 161, 1812), (bytes, port) => {
      expect(datagramTo(port, bytes)).toMatch(/^udp/);
    }),
  );
});
