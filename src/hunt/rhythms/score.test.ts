import { expect, it } from 'vitest';
import { ritaScore } from './score.ts';

const DAY = { from: 0, to: 86_400 };
const every = (gap: number, calls: number, first = 0) => Array.from({ length: calls }, (_, call) => first + call * gap);
const same = (calls: number) => Array.from({ length: calls }, () => 60);

it('gives a perfect beacon of a day 1', () => {
  expect(ritaScore({ times: every(600, 144), sizes: same(144), ...DAY })).toBe(1);
});

it('weighs times, sizes, hours and their histogram alike', () => {
  // Gaps 98, 99, 99, 100, 100, 100, 101, 101, 102: skew 0, deviation 1 of 100, so times 0.995; sizes 1; one bar of 24 is too
  // few for hours (0) and has a coefficient of variation above 1 (0).
  const gaps = [98, 99, 99, 100, 100, 100, 101, 101, 102];
  const times = gaps.reduce<number[]>((sofar, gap) => [...sofar, sofar.at(-1)! + gap], [10]);

  expect(ritaScore({ times, sizes: same(10), ...DAY })).toBeCloseTo((0.995 + 1) / 4, 2);
});

it('counts skewed gaps and sizes as uneven', () => {
  // Gaps 1, 2, 25, 42, 90, 299, 500, 1500, 4975: quartiles 13.5, 90, 1000, so skew 0.845; deviation 89 of 90: 0.083.
  const gaps = [1, 299, 25, 4975, 90, 2, 42, 500, 1500];
  const times = gaps.reduce<number[]>((sofar, gap) => [...sofar, sofar.at(-1)! + gap], [0]);
  // Sizes 1 to 10: quartiles 3, 5.5, 8, so no skew; deviation 2.5 of 5.5: 0.773.
  const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

  expect(ritaScore({ times, sizes, ...DAY })).toBeCloseTo((0.083 + 0.773) / 4, 2);
});

it('knows hours of two heights', () => {
  // Twelve hours of 6 calls, twelve of 12: a third of deviation, yet all bars have one of two heights.
  const times = Array.from({ length: 24 }, (_, hour) =>
    every(hour < 12 ? 600 : 300, hour < 12 ? 6 : 12, hour * 3600),
  ).flat();

  // Gaps 300 (two of three) and 600: median 300, no deviation, so times 1; hours 1; histogram 1.
  expect(ritaScore({ times, sizes: same(times.length), ...DAY })).toBe(1);
});

it('does not score fewer than four times', () => {
  expect(ritaScore({ times: [1, 1, 2, 3], sizes: same(4), ...DAY })).toBeUndefined();
  expect(ritaScore({ times: [], sizes: [], ...DAY })).toBeUndefined();
});
