import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clipped,
  common,
  complement,
  contains,
  divided,
  mirrored,
  moved,
  multiplied,
  normalized,
  repeated,
  xored,
  type Intervals,
} from './intervals.ts';

const WORD = 2 ** 32;
const value = fc.oneof(
  fc.nat(40),
  fc.integer({ min: WORD - 40, max: WORD - 1 }),
  fc.integer({ min: 0, max: WORD - 1 }),
);
const some: fc.Arbitrary<Intervals> = fc
  .array(fc.tuple(value, fc.nat(20)), { maxLength: 4 })
  .map((list) => normalized(list.map(([from, size]) => [from, Math.min(WORD - 1, from + size)])));

/** Lists that are ascending and apart. */
function isNormal(intervals: Intervals): boolean {
  return intervals.every(([from, to], index) => from <= to && from > (intervals[index - 1]?.[1] ?? -2) + 1);
}

/** Whether `made` holds exactly the values whose image is in `wanted`. */
function expectPreimage(
  made: Intervals,
  wanted: Intervals,
  image: (of: number) => number,
  tried: readonly number[],
): void {
  expect(isNormal(made)).toBe(true);
  const near = made.flatMap(([from, to]) => [from, to, from - 1, to + 1]).filter((of) => of >= 0 && of < WORD);
  for (const of of [...tried, ...near]) expect(contains(made, of)).toBe(contains(wanted, image(of)));
}

describe('what an operation takes to some intervals', () => {
  const tries = fc.array(value, { minLength: 5, maxLength: 20 });

  it('by a sum', () => {
    fc.assert(
      fc.property(some, value, tries, (wanted, c, tried) => {
        expectPreimage(moved(wanted, -c), wanted, (of) => (of + c) >>> 0, tried);
      }),
    );
  });

  it('by a difference', () => {
    fc.assert(
      fc.property(some, value, tries, (wanted, c, tried) => {
        expectPreimage(mirrored(wanted, c), wanted, (of) => (c - of) >>> 0, tried);
      }),
    );
  });

  it('by turning bits over', () => {
    fc.assert(
      fc.property(some, value, tries, (wanted, c, tried) => {
        expectPreimage(xored(wanted, c), wanted, (of) => (of ^ c) >>> 0, tried);
      }),
    );
  });

  it('by a quotient', () => {
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 300 }), tries, (wanted, c, tried) => {
        expectPreimage(multiplied(wanted, c, WORD - 1), wanted, (of) => Math.floor(of / c), tried);
      }),
    );
  });

  it('by a product that stays within a word', () => {
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 300 }), fc.array(fc.nat(10_000)), (wanted, c, tried) => {
        const made = clipped(divided(wanted, c), 0, 10_000);
        for (const of of tried) expect(contains(made, of)).toBe(contains(wanted, of * c));
      }),
    );
  });

  it('by a remainder, unless that makes too many', () => {
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 50 }), fc.array(fc.nat(600)), (wanted, c, tried) => {
        const made = repeated(wanted, c, 600, 10_000) ?? [];
        expect(isNormal(made)).toBe(true);
        for (const of of tried) expect(contains(made, of)).toBe(contains(wanted, of % c));
      }),
    );
    expect(repeated([[0, 0]], 2, 1000, 64)).toBeUndefined();
  });
});

it('gives what is left out, and what two lists share', () => {
  fc.assert(
    fc.property(some, some, fc.array(value), (one, other, tried) => {
      const rest = complement(one, WORD - 1);
      for (const of of tried) {
        expect(contains(rest, of)).toBe(!contains(one, of));
        expect(contains(common(one, other), of)).toBe(contains(one, of) && contains(other, of));
      }
    }),
  );
});
