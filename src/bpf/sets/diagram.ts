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
/** The number of a variable that comes after all others: leaves ask for none. */
const LEAF = 0x3fffffff;
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
  /** Goes through the intervals of a node in their order, both ends of each given. */
  each(diagram: Diagram, visit: (from: number, to: number, next: Diagram) => void): void;
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

/** @param domainOf The number of values of a variable; diagrams ask for those with lower numbers first. */
export function createDiagrams(domainOf: (variable: number) => number): Diagrams {
  const variables: number[] = [LEAF, LEAF, LEAF];
  // The intervals of all nodes, one node after the other: where each starts, and where it leads.
  let startAt = new Float64Array(1024);
  let nextAt = new Int32Array(1024);
  /** Where a node's intervals begin; they end where those of the next one begin. */
  const begins: number[] = [0, 0, 0, 0];
  /** Whether something is not known in it. */
  const open: boolean[] = [false, false, true];
  const nodes = createNodeTable();
  const chosen = createMemo();
  // Few programs need these.
  let negated: Memo | undefined;
  let agreed: Memo | undefined;
  let met: Memo | undefined;
  // Intervals of nodes that are being made, one node above the other: most turn out to be known already.
  let starts = new Float64Array(64);
  let next = new Int32Array(64);
  let top = 0;

  const push = (base: number, start: number, to: Diagram): void => {
    if (top > base && next[top - 1] === to) return;
    if (top === starts.length) {
      starts = grown(starts, new Float64Array(2 * top));
      next = grown(next, new Int32Array(2 * top));
    }
    starts[top] = start;
    next[top++] = to;
  };

  /** The node of the intervals from `base` on, which are taken off. */
  const finish = (variable: number, base: number): Diagram => {
    const count = top - base;
    const end = top;
    top = base;
    if (count === 1) return next[base]!;
    let hash = variable;
    for (let index = base; index < end; index++) {
      hash = Math.imul(Math.imul(hash, 0x01000193) ^ starts[index]!, 0x01000193) ^ next[index]!;
    }
    for (let known = nodes.first(hash); known !== 0; known = nodes.after(known)) {
      if (variables[known] === variable && isAlike(known, base, count)) return known;
    }
    if (variables.length >= MOST_NODES || count > MOST_INTERVALS) return MAYBE;
    const made = variables.length;
    variables.push(variable);
    const begin = begins[made]!;
    if (begin + count > startAt.length) {
      startAt = grown(startAt, new Float64Array(4 * startAt.length + count));
      nextAt = grown(nextAt, new Int32Array(4 * nextAt.length + count));
    }
    let isOpen = false;
    for (let index = 0; index < count; index++) {
      const to = next[base + index]!;
      startAt[begin + index] = starts[base + index]!;
      nextAt[begin + index] = to;
      isOpen ||= open[to]!;
    }
    begins.push(begin + count);
    open.push(isOpen);
    nodes.add(hash, made);
    return made;
  };

  const isAlike = (known: Diagram, base: number, count: number): boolean => {
    const begin = begins[known]!;
    if (begins[known + 1]! - begin !== count) return false;
    for (let index = 0; index < count; index++) {
      if (startAt[begin + index] !== starts[base + index] || nextAt[begin + index] !== next[base + index]) return false;
    }
    return true;
  };

  /** Where an interval of a node ends and the next one begins. */
  const endOf = (one: Diagram, place: number): number =>
    place + 1 < begins[one + 1]! ? startAt[place + 1]! : Infinity;

  const choose = (condition: Diagram, yes: Diagram, no: Diagram): Diagram => {
    if (condition === ACCEPT || yes === no) return yes;
    if (condition === REJECT) return no;
    if (condition === MAYBE) return agree(yes, no);
    if (no === REJECT) {
      if (yes === ACCEPT || yes === condition) return condition;
      // In one order, so that the other one is known as well.
      if (yes > MAYBE && yes < condition) return choose(yes, condition, REJECT);
    } else if (yes === ACCEPT) {
      if (no === condition) return condition;
      if (no > MAYBE && no < condition) return choose(no, ACCEPT, condition);
    }
    const known = chosen.get(condition, yes, no);
    if (known !== undefined) return known;
    const variable = Math.min(variables[condition]!, variables[yes]!, variables[no]!);
    const first = variables[condition] === variable;
    const second = variables[yes] === variable;
    const third = variables[no] === variable;
    const base = top;
    let i = first ? begins[condition]! : 0;
    let j = second ? begins[yes]! : 0;
    let k = third ? begins[no]! : 0;
    for (let from = 0; from < Infinity;) {
      push(base, from, choose(first ? nextAt[i]! : condition, second ? nextAt[j]! : yes, third ? nextAt[k]! : no));
      const firstEnd = first ? endOf(condition, i) : Infinity;
      const secondEnd = second ? endOf(yes, j) : Infinity;
      const thirdEnd = third ? endOf(no, k) : Infinity;
      from = Math.min(firstEnd, secondEnd, thirdEnd);
      if (firstEnd === from) i++;
      if (secondEnd === from) j++;
      if (thirdEnd === from) k++;
    }
    const made = finish(variable, base);
    chosen.set(condition, yes, no, made);
    return made;
  };

  const agree = (one: Diagram, other: Diagram): Diagram => {
    if (one === other) return one;
    if (one < 3 && other < 3) return MAYBE;
    if (one === MAYBE || other === MAYBE) return MAYBE;
    agreed ??= createMemo();
    const known = agreed.get(one, other, 0);
    if (known !== undefined) return known;
    const variable = Math.min(variables[one]!, variables[other]!);
    const first = variables[one] === variable;
    const second = variables[other] === variable;
    const base = top;
    let i = first ? begins[one]! : 0;
    let j = second ? begins[other]! : 0;
    for (let from = 0; from < Infinity;) {
      push(base, from, agree(first ? nextAt[i]! : one, second ? nextAt[j]! : other));
      const firstEnd = first ? endOf(one, i) : Infinity;
      const secondEnd = second ? endOf(other, j) : Infinity;
      from = Math.min(firstEnd, secondEnd);
      if (firstEnd === from) i++;
      if (secondEnd === from) j++;
    }
    const made = finish(variable, base);
    agreed.set(one, other, 0, made);
    return made;
  };

  const meets = (one: Diagram, other: Diagram): boolean => {
    if (one === REJECT || other === REJECT) return false;
    if (one < 3 || other < 3 || one === other) return true;
    if (one > other) return meets(other, one);
    met ??= createMemo();
    const known = met.get(one, other, 0);
    if (known !== undefined) return known === ACCEPT;
    const variable = Math.min(variables[one]!, variables[other]!);
    const first = variables[one] === variable;
    const second = variables[other] === variable;
    let i = first ? begins[one]! : 0;
    let j = second ? begins[other]! : 0;
    for (let from = 0; from < Infinity;) {
      if (meets(first ? nextAt[i]! : one, second ? nextAt[j]! : other)) {
        met.set(one, other, 0, ACCEPT);
        return true;
      }
      const firstEnd = first ? endOf(one, i) : Infinity;
      const secondEnd = second ? endOf(other, j) : Infinity;
      from = Math.min(firstEnd, secondEnd);
      if (firstEnd === from) i++;
      if (secondEnd === from) j++;
    }
    met.set(one, other, 0, REJECT);
    return false;
  };

  const rebuilt = (one: Diagram, each: (next: Diagram) => Diagram): Diagram => {
    const base = top;
    for (let place = begins[one]!; place < begins[one + 1]!; place++) push(base, startAt[place]!, each(nextAt[place]!));
    return finish(variables[one]!, base);
  };
  const not = (one: Diagram): Diagram => {
    if (one < 3) return one === ACCEPT ? REJECT : one === REJECT ? ACCEPT : MAYBE;
    negated ??= createMemo();
    const known = negated.get(one, 0, 0);
    if (known !== undefined) return known;
    const made = rebuilt(one, not);
    negated.set(one, 0, 0, made);
    return made;
  };
  const settle = (one: Diagram, leaf: Diagram): Diagram => {
    const memo = new Map<Diagram, Diagram>();
    const settled = (part: Diagram): Diagram => {
      if (open[part] !== true) return part;
      if (part === MAYBE) return leaf;
      const known = memo.get(part) ?? rebuilt(part, settled);
      memo.set(part, known);
      return known;
    };
    return settled(one);
  };
  const node: Diagrams['node'] = (variable, from, to) => {
    const base = top;
    for (let index = 0; index < to.length; index++) push(base, from[index]!, to[index]!);
    return finish(variable, base);
  };

  return {
    node,
    within: (variable, intervals) => {
      const last = domainOf(variable) - 1;
      const base = top;
      if (intervals[0]?.[0] !== 0) push(base, 0, REJECT);
      for (let index = 0; index < intervals.length; index++) {
        const interval = intervals[index]!;
        if (interval[0] > last) break;
        push(base, interval[0], ACCEPT);
        if (interval[1] < last) push(base, interval[1] + 1, REJECT);
      }
      return finish(variable, base);
    },
    choose,
    meets,
    agree,
    not,
    and: (one, other) => choose(one, other, REJECT),
    or: (one, other) => choose(one, ACCEPT, other),
    settle,
    variableOf: (diagram) => (diagram < 3 ? undefined : variables[diagram]),
    waysOf: (diagram) => {
      const variable = variables[diagram];
      if (diagram < 3 || variable === undefined) return [];
      const domain = domainOf(variable);
      const ways: { readonly to: Diagram; readonly intervals: Interval[] }[] = [];
      for (let place = begins[diagram]!; place < begins[diagram + 1]!; place++) {
        const interval: Interval = [startAt[place]!, Math.min(endOf(diagram, place), domain) - 1];
        const to = nextAt[place]!;
        const way = ways.find((known) => known.to === to);
        if (way === undefined) ways.push({ to, intervals: [interval] });
        else way.intervals.push(interval);
      }
      return ways;
    },
    each: (diagram, visit) => {
      const variable = variables[diagram];
      if (diagram < 3 || variable === undefined) return;
      const last = domainOf(variable) - 1;
      for (let place = begins[diagram]!; place < begins[diagram + 1]!; place++) {
        visit(startAt[place]!, Math.min(endOf(diagram, place) - 1, last), nextAt[place]!);
      }
    },
    follow: (diagram, value) => {
      let low = begins[diagram]!;
      for (let high = begins[diagram + 1]! - 1; low < high;) {
        const middle = (low + high + 1) >> 1;
        if (startAt[middle]! <= value) low = middle;
        else high = middle - 1;
      }
      return nextAt[low]!;
    },
    size: () => variables.length,
  };
}

/** Nodes by a number that is the same for equal ones: chains in two arrays. */
function createNodeTable() {
  let heads = new Int32Array(512);
  let links = new Int32Array(512);
  let hashes = new Int32Array(512);
  const slot = (hash: number): number => (hash ^ (hash >>> 15)) & (heads.length - 1);
  const link = (hash: number, made: Diagram): void => {
    links[made] = heads[slot(hash)]!;
    heads[slot(hash)] = made;
  };
  return {
    /** 0 where there is none. */
    first: (hash: number): Diagram => heads[slot(hash)]!,
    after: (known: Diagram): Diagram => links[known]!,
    /** @param made Nodes come in the order of their numbers. */
    add: (hash: number, made: Diagram): void => {
      if (made >= links.length) {
        const room = 4 * links.length;
        hashes = grown(hashes, new Int32Array(room));
        links = new Int32Array(room);
        heads = new Int32Array(room);
        for (let earlier = 3; earlier < made; earlier++) link(hashes[earlier]!, earlier);
      }
      hashes[made] = hash;
      link(hash, made);
    },
  };
}

/** Results of one question about up to three diagrams. Room is for the latest of those that share a place. */
function createMemo() {
  let size = 256;
  let entries = new Int32Array(4 * size);
  let filled = 0;
  const placeOf = (one: Diagram, two: Diagram, three: Diagram): number =>
    4 * (((Math.imul(one, 0x9e3779b1) ^ Math.imul(two, 0x85ebca6b) ^ Math.imul(three, 0xc2b2ae35)) >>> 7) & (size - 1));
  return {
    get: (one: Diagram, two: Diagram, three: Diagram): Diagram | undefined => {
      const place = placeOf(one, two, three);
      return entries[place] === one && entries[place + 1] === two && entries[place + 2] === three
        ? entries[place + 3]
        : undefined;
    },
    /** Not all of them are leaves. */
    set: (one: Diagram, two: Diagram, three: Diagram, result: Diagram): void => {
      if (filled++ > size && size < MOST_ENTRIES) {
        const before = entries;
        size *= 4;
        entries = new Int32Array(4 * size);
        for (let at = 0; at < before.length; at += 4) {
          // Places that were not used, for the most part.
          if (before[at] === 0) continue;
          const place = placeOf(before[at]!, before[at + 1]!, before[at + 2]!);
          for (let part = 0; part < 4; part++) entries[place + part] = before[at + part]!;
        }
      }
      const place = placeOf(one, two, three);
      entries[place] = one;
      entries[place + 1] = two;
      entries[place + 2] = three;
      entries[place + 3] = result;
    },
  };
}

type Memo = ReturnType<typeof createMemo>;

const MOST_ENTRIES = 1 << 16;

function grown<Numbers extends Float64Array | Int32Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
