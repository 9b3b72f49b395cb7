import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LONGEST_PART, Part } from './part.ts';

const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);

it('is whole with the piece that was missing, in whatever order they come', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 255 }), { maxLength: 20 }),
      fc.array(fc.nat(), { minLength: 21, maxLength: 21 }),
      (cuts, order) => {
        const edges = [0, ...cuts.toSorted((a, b) => a - b), 256];
        const pieces = edges.slice(1).map((to, index) => [edges[index]!, to, order[index]!] as const);
        const part = new Part(1000, 1256, 1);
        const whole = pieces
          .toSorted((a, b) => a[2] - b[2])
          .map(([from, to]) => part.add(1000 + from, bytes, from, to, to === 256));

        expect(whole).toEqual([...pieces.slice(1).map(() => false), true]);
        expect(part.bytes.subarray(0, part.filled)).toEqual(bytes);
      },
    ),
  );
});

it('goes on when more is wanted', () => {
  const part = new Part(0, 4, 1);

  expect(part.add(0, bytes, 0, 4, true)).toBe(true);
  part.reopen();
  expect(part.add(4, bytes, 4, 6, false)).toBe(false);
  expect(part.add(6, bytes, 6, 8, true)).toBe(true);
  expect(part.filled).toBe(8);
});

it('keeps the first of pieces that lie over each other, and knows where they contradict', () => {
  const [one, other] = [new Part(0, 8, 1), new Part(0, 8, 1)];
  for (const part of [one, other]) part.add(0, bytes, 10, 14, false);
  one.add(2, bytes, 12, 18, true);
  other.add(2, bytes, 13, 19, true);

  expect([one.torn, [...one.bytes.subarray(0, 8)]]).toEqual([false, [10, 11, 12, 13, 14, 15, 16, 17]]);
  expect([other.torn, [...other.bytes.subarray(0, 8)]]).toEqual([true, [10, 11, 12, 13, 15, 16, 17, 18]]);
});

it('gives up what is too long, stands before it, or has too many gaps', () => {
  const long = new Part(0, 4, 1);
  expect(long.add(LONGEST_PART, bytes, 0, 1, false)).toBe(false);
  const before = new Part(10, 20, 1);
  before.add(9, bytes, 0, 1, false);
  const holes = new Part(0, 1000, 1);
  for (let index = 1; index < 100; index++) holes.add(2 * index, bytes, 0, 1, false);

  expect([long, before, holes].map(({ closed, bytes: { length } }) => [closed, length])).toEqual([
    [true, 0],
    [true, 0],
    [true, 0],
  ]);
  expect(holes.add(0, bytes, 0, 1, true)).toBe(false);
});
