import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat, fromHex, toHex, utf8 } from './bytes.ts';

it('writes bytes as lower-case hexadecimal', () => {
  expect(toHex(Uint8Array.of(0x00, 0x7f, 0xff))).toBe('007fff');
});

it('writes only the part of a buffer that it is given', () => {
  expect(toHex(Uint8Array.of(1, 2, 3, 4).subarray(1, 3))).toBe('0203');
});

it.each([
  ['DE ad:be\nef', Uint8Array.of(0xde, 0xad, 0xbe, 0xef)],
  ['', new Uint8Array()],
  ['abc', undefined],
  ['zz', undefined],
  ['0x12', undefined],
])('reads %j', (text, bytes) => {
  expect(fromHex(text)).toEqual(bytes);
});

it('reads back what it wrote', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void expect(fromHex(toHex(bytes))).toEqual(bytes)));
});

it('joins parts in order', () => {
  expect(concat([utf8('mag'), new Uint8Array(), utf8('ic')])).toEqual(utf8('magic'));
});
