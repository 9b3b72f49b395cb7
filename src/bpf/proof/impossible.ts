import type { Formula } from '../formula.ts';
import { common, type Intervals } from '../sets/intervals.ts';
import { LONGEST_PACKET } from '../sets/place.ts';
import type { Region } from '../sets/regions.ts';
import { slicesOf } from '../sets/slices.ts';
import { REST_BIAS, type BitRange, type Variable, type Variables } from '../sets/variables.ts';

/** Places that depend on the packet are gone through value by value up to so many. */
const MOST_VALUES = 4096;

interface Known {
  readonly variable: Variable;
  readonly intervals: Intervals;
}

/**
 * Whether it is certain that no packet lies in a region: its bounds contradict each other by where places fall together, or by
 * the length of the packet. Bounds of one variable never do.
 *
 * @returns False where that is not known, and where formulas are compared that are not taken apart.
 */
export function isImpossible(region: Region, variables: Variables): boolean {
  const bounds = region.map(({ variable, intervals }) => ({ variable: variables.variable(variable), intervals }));
  const bases = new Map<number, Formula>();
  for (const { variable } of bounds) {
    if (variable.kind === 'rest') bases.set(variable.base.id, variable.base);
    if (variable.kind === 'bits' && variable.base !== undefined && variable.base.kind !== 'ancillary') {
      bases.set(variable.base.id, variable.base);
    }
  }
  if (bases.size === 0) return false;
  const sources = [...bases.values()].map((base) => ({ base, bits: freeBits(base) }));
  if (sources.some(({ bits }) => bits === undefined)) return false;
  const ranges = [
    ...new Map(sources.flatMap(({ bits }) => bits ?? []).map((bit) => [bit.bit * 64 + bit.width, bit])).values(),
  ];
  const width = ranges.reduce((sum, range) => sum + range.width, 0);
  if (2 ** width > MOST_VALUES) return false;
  for (let value = 0; value < 2 ** width; value++) {
    const fixed = spread(ranges, value);
    if (fixed.every((bound) => bounds.every((other) => agree(bound, other)))) {
      const starts = new Map([...bases.values()].map((base) => [base.id, valueWith(base, fixed)]));
      if (mayHold([...bounds, ...fixed], starts)) return false;
    }
  }
  return true;
}

/** The bits that a formula is made of, all at fixed places; undefined where it is made otherwise. */
function freeBits(base: Formula): readonly BitRange[] | undefined {
  const slices = slicesOf(base);
  if (slices === undefined) return undefined;
  const bits = slices.flatMap((slice) => slice.bits ?? []);
  return bits.every((range) => range.base === undefined) ? bits : undefined;
}

function spread(ranges: readonly BitRange[], value: number): Known[] {
  let rest = value;
  return ranges.map((range) => {
    const part = rest % 2 ** range.width;
    rest = Math.floor(rest / 2 ** range.width);
    return { variable: { kind: 'bits', ...range }, intervals: [[part, part]] };
  });
}

/** What a base comes to when the bits it is made of are known. */
function valueWith(base: Formula, fixed: readonly Known[]): number {
  return (slicesOf(base) ?? []).reduce((value, slice) => {
    if (slice.bits === undefined) return value * 2 ** slice.width + slice.value;
    const known = fixed.find(({ variable }) => variable.kind === 'bits' && variable.bit === slice.bits?.bit);
    return value * 2 ** slice.width + (known?.intervals[0]?.[0] ?? 0);
  }, 0);
}

/** Whether bounds may hold together once it is known where every place is. */
function mayHold(bounds: readonly Known[], starts: ReadonlyMap<number, number>): boolean {
  const placed: Known[] = [];
  let lengths: Intervals = [[0, LONGEST_PACKET]];
  for (const { variable, intervals } of bounds) {
    if (variable.kind === 'length') lengths = common(lengths, intervals);
    if (variable.kind === 'rest') {
      const moved = (starts.get(variable.base.id) ?? 0) - REST_BIAS;
      lengths = common(
        lengths,
        intervals.map(([from, to]) => [from + moved, to + moved]),
      );
    }
    if (variable.kind === 'bits' && variable.base?.kind !== 'ancillary') {
      const start = variable.base === undefined ? 0 : (starts.get(variable.base.id) ?? 0);
      placed.push({ variable: { ...variable, base: undefined, bit: variable.bit + 8 * start }, intervals });
    }
  }
  if (lengths.length === 0) return false;
  return placed.every((one, index) => placed.slice(index + 1).every((other) => agree(one, other)));
}

/** Whether two bounds leave the bits that they share a common value; bounds that are no single values are believed to. */
function agree(one: Known, other: Known): boolean {
  const [a, b] = [one.variable, other.variable];
  if (a.kind !== 'bits' || b.kind !== 'bits' || a.base !== b.base) return true;
  const from = Math.max(a.bit, b.bit);
  const to = Math.min(a.bit + a.width, b.bit + b.width);
  if (from >= to) return true;
  if (a.bit === b.bit && a.width === b.width) return common(one.intervals, other.intervals).length > 0;
  const [mine, theirs] = [part(one, a, from, to), part(other, b, from, to)];
  return mine === undefined || theirs === undefined || mine === theirs;
}

function part({ intervals }: Known, { bit, width }: BitRange, from: number, to: number): number | undefined {
  const [first, second] = intervals;
  if (first === undefined || second !== undefined || first[0] !== first[1]) return undefined;
  return Math.floor(first[0] / 2 ** (bit + width - to)) % 2 ** (to - from);
}
