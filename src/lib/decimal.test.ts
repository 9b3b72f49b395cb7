import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareDecimals, decimalOf } from './decimal.ts';

const compare = (one: string, other: string) => {
  const [left, right] = [decimalOf(one), decimalOf(other)];
  return left && right && compareDecimals(left, right);
};

it.each([
  ['999', '1000', -1],
  ['1.5e7', '1000000', 1],
  ['-13', '0', -1],
  ['1.0', '1', 0],
  ['+5', '5', 0],
  ['9007199254740993', '9007199254740992', 1],
  ['18446744073709551615', '18446744073709551615', 0],
  ['18446744073709551615', '1e30', -1],
  ['1e400', '5', 1],
])('%s against %s gives %d', (one, other, expected) => {
  expect(compare(one, other)).toBe(expected);
});

it.each(['', '-', '.', '0x10', 'true', ' 5', '5 ', '1e', 'NaN', 'Infinity', '1_000'])('%j is no number', (text) => {
  expect(decimalOf(text)).toBeUndefined();
});

it('orders integers of any size as BigInt does', () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.bigInt(), (one, other) => {
      expect(compare(String(one), String(other))).toBe(one < other ? -1 : one > other ? 1 : 0);
    }),
  );
});
