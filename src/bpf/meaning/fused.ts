import type { Intervals } from '../sets/intervals.ts';
import type { Region } from '../sets/regions.ts';
import type { Variable, Variables } from '../sets/variables.ts';

/** A bound whose variable is spelled out. */
export interface Known<Kind extends Variable = Variable> {
  readonly variable: Kind;
  readonly intervals: Intervals;
}

export type Bits = Extract<Variable, { kind: 'bits' }>;

/**
 * The bounds of a region, with bits of one byte put together again where other parts of the program look at some of them alone.
 * What stands before the parting must be a single number for that.
 */
export function fusedBounds(region: Region, variables: Variables): readonly Known[] {
  const bounds = region.map(({ variable, intervals }): Known => ({
    variable: variables.variable(variable),
    intervals,
  }));
  // Few programs part a byte.
  if (!bounds.some(({ variable }) => variable.kind === 'bits' && variable.bit % 8 !== 0)) return bounds;
  const used = new Set<Known>();
  const fused: Known[] = [];
  for (const bound of bounds) {
    if (used.has(bound)) continue;
    if (bound.variable.kind !== 'bits') {
      fused.push(bound);
      continue;
    }
    let whole = bound as Known<Bits>;
    used.add(bound);
    for (let grown = true; grown;) {
      grown = false;
      for (const other of bounds) {
        const both = used.has(other) ? undefined : (together(whole, other) ?? together(other, whole));
        if (both === undefined) continue;
        used.add(other);
        whole = both;
        grown = true;
      }
    }
    fused.push(whole);
  }
  return fused;
}

function together(high: Known, low: Known): Known<Bits> | undefined {
  const one = high.variable;
  const other = low.variable;
  if (one.kind !== 'bits' || other.kind !== 'bits' || one.base !== other.base) return undefined;
  if (one.bit + one.width !== other.bit || other.bit % 8 === 0 || one.width + other.width > 32) return undefined;
  const first = onlyValue(high.intervals);
  if (first === undefined) return undefined;
  const shifted = first * 2 ** other.width;
  return {
    variable: { ...one, width: one.width + other.width },
    intervals: low.intervals.map(([from, to]) => [shifted + from, shifted + to]),
  };
}

/** The only number of some intervals. */
export function onlyValue(intervals: Intervals): number | undefined {
  const first = intervals[0];
  return first !== undefined && intervals.length === 1 && first[0] === first[1] ? first[0] : undefined;
}
