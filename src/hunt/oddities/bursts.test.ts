import { expect, it } from 'vitest';
import { Bursts } from './bursts.ts';

const told = (values: readonly [value: number, micros: number][]) => {
  const bursts = new Bursts(3, 100);
  return values.map(([value, micros]) => bursts.add('a', value, micros));
};

it.each<[string, [number, number][], boolean[]]>([
  [
    'enough values within the time',
    [
      [1, 0],
      [2, 10],
      [3, 20],
      [4, 30],
    ],
    [false, false, true, false],
  ],
  [
    'the same value again',
    [
      [1, 0],
      [1, 10],
      [1, 20],
    ],
    [false, false, false],
  ],
  [
    'values too far apart',
    [
      [1, 0],
      [2, 90],
      [3, 180],
    ],
    [false, false, false],
  ],
  [
    'a second burst later',
    [
      [1, 0],
      [2, 1],
      [3, 2],
      [1, 200],
      [2, 201],
      [3, 202],
    ],
    [false, false, true, false, false, true],
  ],
])('knows %s', (_, values, expected) => expect(told(values)).toEqual(expected));

it('counts from the start once it was told to', () => {
  const bursts = new Bursts(2, 100);
  bursts.add('a', 1, 0);
  bursts.clear('a');

  expect([bursts.add('a', 2, 1), bursts.add('a', 3, 2)]).toEqual([false, true]);
});

it('counts each key alone, and forgets the oldest of too many', () => {
  const bursts = new Bursts(2, 100);
  bursts.add('first', 1, 0);
  for (let key = 0; key < 5000; key++) bursts.add(key, 1, 0);

  expect([bursts.add('first', 2, 1), bursts.add(4999, 2, 1)]).toEqual([false, true]);
});
