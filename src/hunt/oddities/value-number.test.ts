import fc from 'fast-check';
import { expect, it } from 'vitest';
import { valueNumber } from './value-number.ts';

it('leaves numbers, and hashes texts', () => {
  expect([valueNumber(7), valueNumber(''), valueNumber('a'), valueNumber('foobar')]).toEqual([
    7, 0x811c9dc5, 0xe40c292c, 0xbf9cf968,
  ]);
});

it('gives 32 bits, always the same', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const number = valueNumber(text);

      expect(number >>> 0).toBe(number);
      expect(valueNumber(text)).toBe(number);
    }),
  );
});
