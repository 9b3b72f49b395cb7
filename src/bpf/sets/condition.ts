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
  const known = new Map<string, Condition>();
  for (const condition of before) known.set(nameOf(condition), condition);
  return (condition) => {
    const key = nameOf(condition);
    const found = known.get(key);
    if (found === undefined) known.set(key, condition);
    return found ?? condition;
  };
}

function nameOf(condition: Condition): string {
  switch (condition.kind) {
    case 'within':
      return `w${condition.of.id} ${condition.intervals.join()}`;
    case 'relation':
      return `${condition.operator}${condition.left.id} ${condition.right.id}`;
    case 'fits':
      return `f${condition.index.id} ${condition.size}`;
    case 'plain':
      return `p${condition.index.id}`;
  }
}
