import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat, toHex, utf8 } from '../../lib/bytes.ts';
import { base64, base64Offsets, bytesAsText, bytesOfText, utf16Bytes } from './encodings.ts';

it.each([
  ['wide', 'ü', 'fc00'],
  ['utf16le', 'a', '6100'],
  ['utf16be', 'a', '0061'],
  ['utf16', 'a', 'fffe6100'],
  ['wide', '😀', '3dd800de'],
] as const)('%s of %s', (form, text, hex) => {
  expect(toHex(utf16Bytes(text, form))).toBe(hex);
});

it('has the offsets of the specification', () => {
  expect(base64Offsets(utf8('foo'))).toEqual(['Zm9v', 'Zvb', 'mb2']);
});

it('finds the bytes at any offset, whatever stands around them', () => {
  const bytes = fc.uint8Array({ minLength: 3, maxLength: 40 });
  fc.assert(
    fc.property(bytes, fc.uint8Array(), fc.uint8Array(), (middle, before, after) => {
      const whole = base64(concat([before, middle, after]));
      expect(whole).toContain(base64Offsets(middle)[before.length % 3]);
    }),
  );
});

it('takes bytes to text and back', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(bytesOfText(bytesAsText(bytes), true)).toEqual(bytes);
    }),
  );
});
