/**
 * Sets of packets as decision diagrams: nodes that ask for the value of one variable, in a fixed order of variables, and lead
 * on by intervals of that value. Equal sets are the same diagram, so equality is `===`, and what two ways have in common is
 * kept once: the cost follows the size of the set, not the number of ways to it.
 *
 * A diagram is a number: one of three leaves, or a node. `MAYBE` stands where it is not known whether a packet belongs to the set.
 */
export type Diagram = number;

export const REJECT: Diagram = 0;
export const ACCEPT: Diagram = 1;
export const MAYBE: Diagram = 2;

/** With so many nodes new ones become `MAYBE`: what was known stays true and says less. */
const MOST_NODES = 40_000;
/** Three node numbers make one key of a table, which must stay a safe integer. */
const KEY = 1 << 17;
/** A node with more intervals than this is not worth writing down. */
const MOST_INTERVALS = 1 << 12;

export interface Diagrams {
  /**
   * A node, or what it comes to.
   *
   * @param starts First value of each interval, ascending, the first one 0.
   * @param next Where each interval leads.
   */
  node(variable: number, starts: readonly number[], next: readonly Diagram[]): Diagram;
  /** The packets for which a variable lies in one of some intervals (both ends count), ascending and apart. */
  within(variable: number, intervals: readonly Interval[]): Diagram;
  /** `yes` where `condition` holds, `no` where it does not. */
  choose(condition: Diagram, yes: Diagram, no: Diagram): Diagram;
  and(one: Diagram, other: Diagram): Diagram;
  or(one: Diagram, other: Diagram): Diagram;
  not(one: Diagram): Diagram;
  /** Whether some packet may be in both. */
  meets(one: Diagram, other: Diagram): boolean;
  /** What both agree on; `MAYBE` elsewhere. */
  agree(one: Diagram, other: Diagram): Diagram;
  /** Every `MAYBE` made `leaf`. */
  settle(one: Diagram, leaf: Diagram): Diagram;
  /** Leaves have none. */
  variableOf(diagram: Diagram): number | undefined;
  /** The ways out of a node: each target once, with all intervals that lead there. */
  waysOf(diagram: Diagram): readonly Way[];
  /** Where one value of a node's variable leads. */
  follow(diagram: Diagram, value: number): Diagram;
  readonly size: () => number;
}

export interface Way {
  readonly intervals: readonly Interval[];
  readonly to: Diagram;
}

/** Both ends belong to it. */
export type Interval = readonly [from: number, to: number];

/** @param domains The number of values of each variable, in the order in which diagrams ask for them. */
export function createDiagrams(domains: readonly number[]): Diagrams {
  const variables: number[] = [Infinity, Infinity, Infinity];
  const startsOf: (readonly number[])[] = [[], [], []];
  const nextOf: (readonly Diagram[])[] = [[], [], []];
  /** Nodes by a number that is the same for equal ones. */
  const unique = new Map<number, Diagram[]>();
  const chosen = new Map<number, Diagram>();
  const agreed = new Map<number, Diagram>();
  const negated = new Map<Diagram, Diagram>();
  const apart = new Set<number>();

  const node = (variable: number, starts: readonly number[], next: readonly Diagram[]): Diagram => {
    let hash = variable;
    let count = 0;
    let last = -1;
    for (let index = 0; index < next.length; index++) {
      const to = next[index]!;
      if (to === last) continue;
      last = to;
      count++;
      hash = Math.imul(hash, 0x01000193) ^ starts[index]!;
      hash = Math.imul(hash, 0x01000193) ^ to;
    }
    if (count === 1) return last;
    const alike = unique.get(hash);
    if (alike !== undefined) {
      for (const known of alike) if (isSame(known, variable, starts, next, count)) return known;
    }
    if (variables.length >= MOST_NODES || count > MOST_INTERVALS) return MAYBE;
    const made = variables.length;
    const differs = (_: number, index: number) => index === 0 || next[index] !== next[index - 1];
    variables.push(variable);
    startsOf.push(count === next.length ? starts : starts.filter(differs));
    nextOf.push(count === next.length ? next : next.filter(differs));
    if (alike === undefined) unique.set(hash, [made]);
    else alike.push(made);
    return made;
  };

  /** Whether a node has these intervals, `count` of them when neighbours that lead to the same are taken together. */
  const isSame = (
    known: Diagram,
    variable: number,
    starts: readonly number[],
    next: readonly Diagram[],
    count: number,
  ): boolean => {
    const [knownStarts, knownNext] = [startsOf[known]!, nextOf[known]!];
    if (variables[known] !== variable || knownNext.length !== count) return false;
    let place = 0;
    for (let index = 0; index < next.length; index++) {
      if (index > 0 && next[index] === next[index - 1]) continue;
      if (knownStarts[place] !== starts[index] || knownNext[place] !== next[index]) return false;
      place++;
    }
    return true;
  };

  /** Rebuilds a node from some whose variables are the same or lower in the order: `combine` is asked for each interval. */
  const zip = (variable: number, parts: readonly Diagram[], combine: (...at: Diagram[]) => Diagram): Diagram => {
    const places = parts.map(() => 0);
    const starts: number[] = [];
    const next: Diagram[] = [];
    for (let from = 0; from < Infinity;) {
      let border = Infinity;
      const at = parts.map((part, index) => {
        if (variables[part] !== variable) return part;
        const place = places[index]!;
        border = Math.min(border, startsOf[part]![place + 1] ?? Infinity);
        return nextOf[part]![place]!;
      });
      starts.push(from);
      next.push(combine(...at));
      from = border;
      for (let index = 0; index < parts.length; index++) {
        const part = parts[index]!;
        if (variables[part] === variable && startsOf[part]![places[index]! + 1] === border) places[index]!++;
      }
    }
    return node(variable, starts, next);
  };

  const choose = (condition: Diagram, yes: Diagram, no: Diagram): Diagram => {
    if (condition === ACCEPT || yes === no) return yes;
    if (condition === REJECT) return no;
    if (condition === MAYBE) return agree(yes, no);
    if (yes === ACCEPT && no === REJECT) return condition;
    const key = (condition * KEY + yes) * KEY + no;
    const known = chosen.get(key);
    if (known !== undefined) return known;
    const variable = Math.min(variables[condition]!, variables[yes]!, variables[no]!);
    const made = zip(variable, [condition, yes, no], choose);
    chosen.set(key, made);
    return made;
  };

  const agree = (one: Diagram, other: Diagram): Diagram => {
    if (one === other) return one;
    if (one < 3 && other < 3) return MAYBE;
    if (one === MAYBE || other === MAYBE) return MAYBE;
    const key = Math.min(one, other) * KEY + Math.max(one, other);
    const known = agreed.get(key);
    if (known !== undefined) return known;
    const made = zip(Math.min(variables[one]!, variables[other]!), [one, other], agree);
    agreed.set(key, made);
    return made;
  };

  const meets = (one: Diagram, other: Diagram): boolean => {
    if (one === REJECT || other === REJECT) return false;
    if (one < 3 || other < 3 || one === other) return true;
    const key = Math.min(one, other) * KEY + Math.max(one, other);
    if (apart.has(key)) return false;
    const variable = Math.min(variables[one]!, variables[other]!);
    const [first, second] = [variables[one] === variable, variables[other] === variable];
    for (let from = 0, i = 0, j = 0; from < Infinity;) {
      if (meets(first ? nextOf[one]![i]! : one, second ? nextOf[other]![j]! : other)) return true;
      const ends = [
        first ? (startsOf[one]![i + 1] ?? Infinity) : Infinity,
        second ? (startsOf[other]![j + 1] ?? Infinity) : Infinity,
      ];
      from = Math.min(...ends);
      if (ends[0] === from) i++;
      if (ends[1] === from) j++;
    }
    apart.add(key);
    return false;
  };

  const mapped = (one: Diagram, leaf: (diagram: Diagram) => Diagram, memo: Map<Diagram, Diagram>): Diagram => {
    if (one < 3) return leaf(one);
    const known = memo.get(one);
    if (known !== undefined) return known;
    const next = nextOf[one]!.map((to) => mapped(to, leaf, memo));
    const made = node(variables[one]!, startsOf[one]!, next);
    memo.set(one, made);
    return made;
  };
  const not = (one: Diagram): Diagram =>
    mapped(one, (leaf) => (leaf === ACCEPT ? REJECT : leaf === REJECT ? ACCEPT : MAYBE), negated);

  return {
    node,
    within: (variable, intervals) => {
      const last = domains[variable]! - 1;
      const starts = [0];
      const next = [REJECT];
      for (const [from, to] of intervals) {
        const end = Math.min(to, last);
        if (from > end) continue;
        if (from === 0) next[0] = ACCEPT;
        else {
          starts.push(from);
          next.push(ACCEPT);
        }
        if (end < last) {
          starts.push(end + 1);
          next.push(REJECT);
        }
      }
      return node(variable, starts, next);
    },
    choose,
    meets,
    agree,
    not,
    and: (one, other) => choose(one, other, REJECT),
    or: (one, other) => choose(one, ACCEPT, other),
    settle: (one, leaf) => mapped(one, (known) => (known === MAYBE ? leaf : known), new Map()),
    variableOf: (diagram) => (diagram < 3 ? undefined : variables[diagram]),
    waysOf: (diagram) => {
      const variable = variables[diagram];
      if (diagram < 3 || variable === undefined) return [];
      const starts = startsOf[diagram]!;
      const ways = new Map<Diagram, Interval[]>();
      nextOf[diagram]!.forEach((to, index) => {
        const end = (starts[index + 1] ?? domains[variable]!) - 1;
        const intervals = ways.get(to);
        if (intervals === undefined) ways.set(to, [[starts[index]!, end]]);
        else intervals.push([starts[index]!, end]);
      });
      return [...ways].map(([to, intervals]) => ({ to, intervals }));
    },
    follow: (diagram, value) => {
      const starts = startsOf[diagram]!;
      let low = 0;
      for (let high = starts.length - 1; low < high;) {
        const middle = (low + high + 1) >> 1;
        if (starts[middle]! <= value) low = middle;
        else high = middle - 1;
      }
      return nextOf[diagram]![low]!;
    },
    size: () => variables.length,
  };
}
