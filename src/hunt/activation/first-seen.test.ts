import { expect, it } from 'vitest';
import { FirstSeen } from './first-seen.ts';

it('remembers when each pair was first seen', () => {
  const seen = new FirstSeen();

  expect([seen.see(1, 2, 10), seen.see(1, 2, 20), seen.see(2, 1, 30), seen.get(1, 2), seen.get(3, 3)]).toEqual([
    -1, 10, -1, 10, -1,
  ]);
});

it('keeps many apart', () => {
  const seen = new FirstSeen();
  for (let number = 0; number < 50_000; number++) seen.see(number % 300, number, number);
  const right = Array.from({ length: 50_000 }, (_, number) => seen.get(number % 300, number) === number);

  expect([right.every(Boolean), seen.forgotten]).toEqual([true, 0]);
});

it('forgets older ones when there are too many, and counts that', () => {
  const seen = new FirstSeen();
  for (let number = 0; number < 1_100_000; number++) seen.see(number, 7, number);

  expect([seen.get(0, 7), seen.get(1_099_999, 7), seen.forgotten]).toEqual([-1, 1_099_999, 1]);
});
