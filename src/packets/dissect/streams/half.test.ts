import { expect, it } from 'vitest';
import { Half } from './half.ts';

it('counts places from the first byte, past the end of the numbers', () => {
  const half = new Half();

  expect(half.placeOf(0xffff_fff0)).toBe(0);
  half.next = 16;
  expect(half.placeOf(0)).toBe(16);
  expect(half.placeOf(0xffff_ffff)).toBe(15);
  half.next = 2 ** 33;
  expect(half.placeOf((0xffff_fff0 + 5) % 2 ** 32)).toBe(2 ** 33 + 5);
  expect(half.placeOf(0xffff_ffef)).toBe(2 ** 33 - 1);
});

it('knows whether it began with a number', () => {
  const half = new Half();
  expect(half.beganWith(7)).toBe(true);
  half.placeOf(7);
  expect([half.beganWith(7), half.beganWith(8)]).toEqual([true, false]);
});

it('finds messages by their beginnings', () => {
  const half = new Half();
  const [first, second] = [half.begin(10, 20, 1), half.begin(30, 40, 2)];

  expect(half.partAt(30)).toBe(second);
  expect(half.partAt(31)).toBeUndefined();
  expect(half.partBefore(30)).toBe(first);
  expect(half.partBefore(31)).toBe(second);
  expect(half.partBefore(10)).toBeUndefined();
});

it('keeps so many messages, and says what it lets go', () => {
  const half = new Half();
  for (let index = 0; index < 32; index++) half.begin(index, index + 1, 1).add(index, new Uint8Array(1), 0, 1, false);

  expect(half.isFull).toBe(true);
  expect(half.held).toBe(32 * 4096);
  expect(half.shift()).toBe(4096);
  expect([half.isFull, half.held]).toEqual([false, 31 * 4096]);
  half.release();
  expect(half.held).toBe(0);
});
