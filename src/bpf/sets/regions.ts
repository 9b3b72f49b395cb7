import { ACCEPT, MAYBE, REJECT, type Diagram, type Diagrams } from './diagram.ts';
import type { Intervals } from './intervals.ts';

/** What one variable must be. */
export interface Bound {
  readonly variable: number;
  readonly intervals: Intervals;
}

/** Packets for which all bounds hold. Regions of one set share no packet. */
export type Region = readonly Bound[];

export interface Regions {
  readonly regions: readonly Region[];
  /** False when the regions hold packets that the set does not: it was too large to write down, or is not known exactly. */
  readonly exact: boolean;
}

/** How many regions of a set are written down. */
const MOST_REGIONS = 256;

/**
 * The ways through a diagram that end in `ACCEPT`, or in `MAYBE`.
 *
 * A set of more regions is described by fewer that hold it: the questions furthest from the root are left out.
 */
export function regionsOf(set: Diagram, diagrams: Diagrams, most = MOST_REGIONS): Regions {
  const regions: Region[] = [];
  let exact = diagrams.settle(set, REJECT) === set;
  const depth = countWays(set, diagrams) <= most ? Infinity : deepest(set, diagrams, most);
  if (depth !== Infinity) exact = false;
  const walk = (at: Diagram, bounds: readonly Bound[], level: number): void => {
    if (at === REJECT) return;
    const variable = diagrams.variableOf(at);
    if (variable === undefined || level >= depth) {
      regions.push(bounds);
      return;
    }
    for (const { to, intervals } of diagrams.waysOf(at)) walk(to, [...bounds, { variable, intervals }], level + 1);
  };
  walk(set, [], 0);
  return { regions, exact };
}

/** The number of ways to accept, at most some 2^53. */
export function countWays(set: Diagram, diagrams: Diagrams): number {
  const known = new Map<Diagram, number>([
    [REJECT, 0],
    [ACCEPT, 1],
    [MAYBE, 1],
  ]);
  const count = (at: Diagram): number => {
    const found = known.get(at);
    if (found !== undefined) return found;
    let sum = 0;
    for (const { to } of diagrams.waysOf(at)) sum += count(to);
    known.set(at, sum);
    return sum;
  };
  return count(set);
}

/** The depth at which a diagram may be cut so that no more than `most` ways are left. */
function deepest(set: Diagram, diagrams: Diagrams, most: number): number {
  let level = new Map<Diagram, number>([[set, 1]]);
  let ended = 0;
  for (let depth = 0; ; depth++) {
    const next = new Map<Diagram, number>();
    let open = 0;
    for (const [at, ways] of level) {
      for (const { to } of diagrams.waysOf(at)) {
        if (to === REJECT) continue;
        if (diagrams.variableOf(to) === undefined) ended += ways;
        else {
          next.set(to, (next.get(to) ?? 0) + ways);
          open += ways;
        }
      }
    }
    if (ended + open > most || next.size === 0) return depth;
    level = next;
  }
}

/**
 * Ways to accept one after the other, for as long as they are asked for: those with the fewest questions first where that can be
 * told cheaply.
 */
export function* eachRegion(set: Diagram, diagrams: Diagrams): Generator<Region> {
  const open: { at: Diagram; bounds: readonly Bound[] }[] = [{ at: set, bounds: [] }];
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    const { at, bounds } = top;
    if (at === REJECT) continue;
    const variable = diagrams.variableOf(at);
    if (variable === undefined) yield bounds;
    else {
      for (const { to, intervals } of diagrams.waysOf(at))
        open.push({ at: to, bounds: [...bounds, { variable, intervals }] });
    }
  }
}
