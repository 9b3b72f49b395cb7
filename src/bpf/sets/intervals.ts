import type { Interval } from './diagram.ts';

/** Lists of intervals are ascending and apart: no two touch. */
export type Intervals = readonly Interval[];

/** Sorts intervals and joins those that overlap or touch. */
export function normalized(intervals: readonly Interval[]): Intervals {
  if (intervals.length < 2) return intervals;
  const sorted = [...intervals].sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/** What of some intervals lies between two values. */
export function clipped(intervals: Intervals, low: number, high: number): Intervals {
  const kept: Interval[] = [];
  for (let index = 0; index < intervals.length; index++) {
    const interval = intervals[index]!;
    const from = Math.max(interval[0], low);
    const to = Math.min(interval[1], high);
    if (from > to) continue;
    // Most lie between them already.
    kept.push(from === interval[0] && to === interval[1] ? interval : [from, to]);
  }
  return kept;
}

const SIZE = 2 ** 32;

/** Every value with `by` added, modulo 2^32. */
export function moved(intervals: Intervals, by: number): Intervals {
  const parts: Interval[] = [];
  for (const [from, to] of intervals) {
    const start = (((from + by) % SIZE) + SIZE) % SIZE;
    const end = start + (to - from);
    if (end < SIZE) parts.push([start, end]);
    else parts.push([start, SIZE - 1], [0, end - SIZE]);
  }
  return normalized(parts);
}

/** `minuend` less every value, modulo 2^32. */
export function mirrored(intervals: Intervals, minuend: number): Intervals {
  return moved(
    [...intervals].reverse().map(([from, to]): Interval => [SIZE - 1 - to, SIZE - 1 - from]),
    minuend + 1,
  );
}

/** Every value with some bits turned over. Each interval is taken as blocks of a power of two, which stay whole. */
export function xored(intervals: Intervals, bits: number): Intervals {
  const parts: Interval[] = [];
  for (const [from, to] of intervals) {
    for (let at = from; at <= to;) {
      let size = 1;
      while (at % (2 * size) === 0 && at + 2 * size - 1 <= to) size *= 2;
      const start = Math.floor(((at ^ bits) >>> 0) / size) * size;
      parts.push([start, start + size - 1]);
      at += size;
    }
  }
  return normalized(parts);
}

/** The values up to `most` whose quotient by `divisor` lies in the intervals. */
export function multiplied(intervals: Intervals, divisor: number, most: number): Intervals {
  const parts = intervals.map(([from, to]): Interval => [from * divisor, to * divisor + divisor - 1]);
  return clipped(parts, 0, most);
}

/** The values whose product with `factor` lies in the intervals. */
export function divided(intervals: Intervals, factor: number): Intervals {
  const parts: Interval[] = [];
  for (const [from, to] of intervals) {
    const low = Math.ceil(from / factor);
    const high = Math.floor(to / factor);
    if (low <= high) parts.push([low, high]);
  }
  return normalized(parts);
}

/** The values up to `most` whose remainder by `divisor` lies in the intervals; undefined when there are too many stretches of them. */
export function repeated(intervals: Intervals, divisor: number, most: number, limit: number): Intervals | undefined {
  if (((most + 1) / divisor) * intervals.length > limit) return undefined;
  const parts: Interval[] = [];
  for (let start = 0; start <= most; start += divisor) {
    for (const [from, to] of clipped(intervals, 0, divisor - 1)) parts.push([start + from, Math.min(start + to, most)]);
  }
  return normalized(clipped(parts, 0, most));
}

/** What lies in none of the intervals, up to `most`. */
export function complement(intervals: Intervals, most: number): Intervals {
  const gaps: Interval[] = [];
  let at = 0;
  for (const [from, to] of intervals) {
    if (from > at) gaps.push([at, from - 1]);
    at = to + 1;
  }
  if (at <= most) gaps.push([at, most]);
  return gaps;
}

export function contains(intervals: Intervals, value: number): boolean {
  for (let index = 0; index < intervals.length; index++) {
    if (value >= intervals[index]![0] && value <= intervals[index]![1]) return true;
  }
  return false;
}

/** What lies in both lists. */
export function common(one: Intervals, other: Intervals): Intervals {
  return other.flatMap(([from, to]) => clipped(one, from, to));
}

/** The numbers of some intervals; undefined where they are more than `most`. */
export function numbersOf(intervals: Intervals, most: number): number[] | undefined {
  const numbers: number[] = [];
  for (let index = 0; index < intervals.length; index++) {
    const from = intervals[index]![0];
    const to = intervals[index]![1];
    if (numbers.length + to - from + 1 > most) return undefined;
    for (let number = from; number <= to; number++) numbers.push(number);
  }
  return numbers;
}
