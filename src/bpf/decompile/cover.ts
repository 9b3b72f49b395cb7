import { and, or, type Expression } from '../pcap/expression.ts';
import type { Diagram, Diagrams } from '../sets/diagram.ts';
import type { Density } from './density.ts';

/**
 * An expression and the packets for which it comes out true, and false. Those for which it loads outside of the packet are in
 * neither: they are rejected, whatever stands around it.
 */
export interface Judged {
  readonly expression: Expression;
  readonly yes: Diagram;
  readonly no: Diagram;
  /** Where in the program it comes from. */
  readonly place: number;
}

/** Something to build expressions of. */
export interface Literal extends Judged {
  /** `yes` and `no`: the packets for which it comes out at all. */
  readonly decided: Diagram;
  /** The characters that it takes, and more where there may be a better word. */
  readonly cost: number;
  /** What may follow it where it moves the headers, and with it the meaning of all that follows. */
  readonly inner?: readonly Literal[];
}

/** Which literals hold for all of `lower`, and which lie in `upper`. Further down `lower` is less and `upper` more: they still do. */
interface Found {
  readonly holding: ReadonlySet<Literal>;
  readonly inside: ReadonlySet<Literal>;
}

const NOTHING: Found = { holding: new Set(), inside: new Set() };

export interface Search {
  readonly diagrams: Diagrams;
  readonly density: Density;
  /** How many more times what is left may be divided. */
  divisions: number;
  /** With so many nodes of diagrams the search ends. */
  readonly mostNodes: number;
}

/** So deep `and` and `or` may alternate. */
const DEEPEST = 6;
/** Of two sets of one size that one is taken which is shorter to write. */
const TIE = 1e-9;
/** So many ways to divide what is left are tried in one place. */
const MOST_DIVISIONS = 4;

/**
 * Builds an expression that is true for all packets of `lower` and for none outside of `upper`.
 *
 * What all of `lower` has in common is joined by `and`: it never stands in the way of the rest. What lies in `upper` by itself is
 * joined by `or`, ahead of the rest, so that the rest is asked only where it is false. Where there is neither, what is left is
 * divided by one of the literals.
 */
export function cover(
  lower: Diagram,
  upper: Diagram,
  literals: readonly Literal[],
  search: Search,
  depth = 0,
  above: Found = NOTHING,
): Judged | undefined {
  const { diagrams, density } = search;
  const outside = diagrams.not(upper);
  const disjoint = (one: Diagram, other: Diagram): boolean => !diagrams.meets(one, other);
  if (depth > DEEPEST || diagrams.size() > search.mostNodes) return undefined;

  const missing = diagrams.not(lower);
  const holding = literals.filter((one) => above.holding.has(one) || subset(lower, one.yes, diagrams));
  const inside = literals.filter((one) => above.inside.has(one) || disjoint(one.yes, outside));
  const here: Found = { holding: new Set(holding), inside: new Set(inside) };
  const single = least(
    holding.filter((literal) => here.inside.has(literal)),
    ({ cost }) => cost,
  );
  if (single !== undefined) return single;

  // What is mostly wanted is described by what is missing from it.
  const narrow = (): Judged | undefined | 'none' => {
    const useful = holding.filter(({ yes }) => !subset(outside, yes, diagrams));
    const narrowness = ({ yes, cost }: Literal): number => density(diagrams.and(yes, outside)) * (1 + cost * TIE);
    const narrowest = least(
      useful.filter(({ inner }) => inner === undefined),
      narrowness,
    );
    const passage = least(
      useful.filter(({ inner }) => inner !== undefined),
      narrowness,
    );
    if (passage?.inner !== undefined && (narrowest === undefined || subset(passage.yes, narrowest.yes, diagrams))) {
      const rest = cover(lower, diagrams.or(upper, diagrams.not(passage.yes)), passage.inner, search, depth + 1);
      if (rest !== undefined) return both(passage, rest, diagrams);
    }
    if (narrowest === undefined) return 'none';
    const others = literals.filter((one) => one !== narrowest && (useful.includes(one) || !here.holding.has(one)));
    const rest = cover(lower, diagrams.or(upper, diagrams.not(narrowest.yes)), others, search, depth, here);
    return rest && both(narrowest, rest, diagrams);
  };
  const widen = (): Judged | undefined | 'none' => {
    const first = least(
      inside.filter(({ yes, decided }) => !disjoint(yes, lower) && subset(lower, decided, diagrams)),
      ({ yes, cost }) => -density(diagrams.and(yes, lower)) * (1 - cost * TIE),
    );
    if (first === undefined) return 'none';
    const left = diagrams.and(lower, diagrams.not(first.yes));
    const rest = cover(left, diagrams.or(upper, diagrams.not(first.no)), literals, search, depth, here);
    return rest && either(first, rest, diagrams);
  };
  for (const step of density(lower) > density(outside) ? [narrow, widen] : [widen, narrow]) {
    const found = step();
    if (found !== 'none') return found;
  }

  const divisions = literals
    .filter(({ yes, decided }) => !disjoint(yes, lower) && !disjoint(yes, missing) && subset(lower, decided, diagrams))
    .map((literal) => ({ literal, purity: density(diagrams.and(literal.yes, lower)) / density(literal.yes) }))
    .sort((one, other) => other.purity - one.purity || one.literal.cost - other.literal.cost);
  for (const { literal } of divisions.slice(0, MOST_DIVISIONS)) {
    if (search.divisions-- <= 0) return undefined;
    const part = cover(
      diagrams.and(lower, literal.yes),
      diagrams.or(upper, diagrams.not(literal.yes)),
      literals.filter((one) => one !== literal),
      search,
      depth + 1,
      here,
    );
    if (part === undefined) continue;
    const divided = both(literal, part, diagrams);
    if (!subset(lower, diagrams.or(divided.yes, divided.no), diagrams)) continue;
    const rest = cover(
      diagrams.and(lower, diagrams.not(divided.yes)),
      diagrams.or(upper, diagrams.not(divided.no)),
      literals,
      search,
      depth + 1,
      here,
    );
    if (rest !== undefined) return either(divided, rest, diagrams);
  }
  return undefined;
}

export function subset(one: Diagram, other: Diagram, diagrams: Diagrams): boolean {
  return !diagrams.meets(one, diagrams.not(other));
}

function both(one: Judged, other: Judged, diagrams: Diagrams): Judged {
  return {
    expression: and(one.expression, other.expression),
    yes: diagrams.and(one.yes, other.yes),
    no: diagrams.or(one.no, diagrams.and(one.yes, other.no)),
    place: Math.min(one.place, other.place),
  };
}

function either(one: Judged, other: Judged, diagrams: Diagrams): Judged {
  return {
    expression: or(one.expression, other.expression),
    yes: diagrams.or(one.yes, diagrams.and(one.no, other.yes)),
    no: diagrams.and(one.no, other.no),
    place: Math.min(one.place, other.place),
  };
}

function least<Item>(items: readonly Item[], measure: (item: Item) => number): Item | undefined {
  let best: Item | undefined;
  let bound = Infinity;
  for (const item of items) {
    const size = measure(item);
    if (size >= bound) continue;
    best = item;
    bound = size;
  }
  return best;
}
