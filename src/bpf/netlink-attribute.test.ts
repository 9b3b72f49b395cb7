import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nestedNetlinkAttribute, netlinkAttribute } from './netlink-attribute.ts';

// At 4: type 1, 5 bytes and a pad of 3. At 12: type 7, nested, which holds type 3 at 16 and type 9 at 20.
const MESSAGE = Uint8Array.of(
  ...[0xff, 0xff, 0xff, 0xff],
  ...[5, 0, 1, 0, 0xaa, 0, 0, 0],
  ...[12, 0, 7, 0x80],
  ...[4, 0, 3, 0],
  ...[4, 0, 9, 0],
);

it.each([
  ['the first', 4, 1, 4],
  ['one behind an unaligned length, whatever its flags', 4, 7, 12],
  ['none that is not there', 4, 2, 0],
  ['none inside of another', 4, 3, 0],
  ['none at the end', 24, 1, 0],
  ['none beyond the end', 0xffffffff, 1, 0],
  ['none after a length that is too long', 0, 1, 0],
  ['none of a type with flags', 4, 0x8007, 0],
])('finds %s', (_, start, type, expected) => {
  expect(netlinkAttribute(MESSAGE, start, type)).toBe(expected);
});

it.each([
  ['the first inside', 12, 3, 16],
  ['the last inside', 12, 9, 20],
  ['none that is not inside', 12, 1, 0],
  ['none where there is no attribute', 22, 3, 0],
  ['none in one that is longer than the packet', 0, 3, 0],
])('finds %s of a nested one', (_, start, type, expected) => {
  expect(nestedNetlinkAttribute(MESSAGE, start, type)).toBe(expected);
});

it('finds only what is in the packet, and ends', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(80), fc.nat(8), (packet, start, type) => {
      for (const found of [netlinkAttribute(packet, start, type), nestedNetlinkAttribute(packet, start, type)]) {
        expect(found === 0 || (found >= start && found + 4 <= packet.length)).toBe(true);
      }
    }),
  );
});
