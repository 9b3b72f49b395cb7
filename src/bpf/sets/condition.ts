import type { Formula } from '../formula.ts';
import type { Interval } from './diagram.ts';

/** What a program asks of a packet. Equal ones of one `Formulas` table need not be the same object. */
export type Condition =
  /** A formula lies in one of some intervals, ascending and apart. */
  | { readonly kind: 'within'; readonly of: Formula; readonly intervals: readonly Interval[] }
  /** Two formulas compare: equal, the left one greater, or with a bit that both have. */
  | {
      readonly kind: 'relation';
      readonly operator: 'eq' | 'gt' | 'common';
      readonly left: Formula;
      readonly right: Formula;
    }
  /** `size` bytes from `index` on lie in the packet. */
  | { readonly kind: 'fits'; readonly index: Formula; readonly size: number }
  /** The index of a load does not reach the header areas at the end of the number space, where it would read something else. */
  | { readonly kind: 'plain'; readonly index: Formula };

/** Keeps one of each condition, so that it is looked into once. */
export type Interning = (condition: Condition) => Condition;

/**
 * For programs that share their formulas.
 *
 * @param before Conditions that are kept already.
 */
export function createConditions(before: Iterable<Condition> = []): Interning {
  // By the number of the first formula: few conditions share one.
  const known = new Map<number, Condition[]>();
  const intern: Interning = (condition) => {
    const { id } = firstOf(condition);
    const alike = known.get(id);
    if (alike === undefined) known.set(id, [condition]);
    else {
      for (const one of alike) if (isSame(one, condition)) return one;
      alike.push(condition);
    }
    return condition;
  };
  for (const condition of before) intern(condition);
  return intern;
}

function firstOf(condition: Condition): Formula {
  if (condition.kind === 'within') return condition.of;
  return condition.kind === 'relation' ? condition.left : condition.index;
}

/** Whether two conditions on the same first formula are one. */
function isSame(one: Condition, other: Condition): boolean {
  switch (one.kind) {
    case 'within':
      return other.kind === 'within' && isAlike(one.intervals, other.intervals);
    case 'relation':
      return other.kind === 'relation' && one.operator === other.operator && one.right === other.right;
    case 'fits':
      return other.kind === 'fits' && one.size === other.size;
    case 'plain':
      return other.kind === 'plain';
  }
}

function isAlike(one: readonly Interval[], other: readonly Interval[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) {
    if (one[index]![0] !== other[index]![0] || one[index]![1] !== other[index]![1]) return false;
  }
  return true;
}
