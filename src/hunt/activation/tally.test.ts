import { expect, it } from 'vitest';
import { Tally } from './tally.ts';

it('counts for any number, to 255', () => {
  const tally = new Tally();
  for (let index = 0; index < 300; index++) tally.count(5);
  tally.count(100_000);
  tally.set(7, 3);

  expect([5, 7, 8, 100_000, 5_000_000].map((number) => tally.of(number))).toEqual([255, 3, 0, 1, 0]);
});
