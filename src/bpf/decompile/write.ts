import type { Formula } from '../formula.ts';
import { and, type Expression, type RelationOperator, type Term } from '../pcap/expression.ts';
import type { Interval } from '../sets/diagram.ts';
import type { Condition } from '../sets/condition.ts';
import { termOf, type View } from './view.ts';

/** A condition as an expression; undefined where it has no such form. */
export function conditionText(condition: Condition, view: View): Expression | undefined {
  switch (condition.kind) {
    case 'within': {
      const fact = kernelFact(condition);
      if (fact !== undefined) return fact;
      const [interval, more] = condition.intervals;
      const term = termOf(condition.of, view);
      return term === undefined || interval === undefined || more !== undefined
        ? undefined
        : withinText(term, condition.of, interval);
    }
    case 'relation': {
      const left = termOf(condition.left, view);
      const right = termOf(condition.right, view);
      if (left === undefined || right === undefined) return undefined;
      if (condition.operator !== 'common') return relation(left, condition.operator === 'eq' ? '=' : '>', right);
      return relation({ kind: 'arithmetic', op: '&', left, right }, '!=', 0);
    }
    case 'fits': {
      const { index, size } = condition;
      if (index.kind === 'constant' && index.value < 0x10000) return relation('len', '>=', index.value + size);
      const byte = view.load({
        kind: 'load',
        index,
        size: size === 1 || size === 2 ? size : 4,
        id: -1,
        bits: 0,
        weight: 1,
      });
      return byte === undefined ? undefined : relation(byte, '>=', 0);
    }
    case 'plain':
      return undefined;
  }
}

export function relation(left: Term, op: RelationOperator, right: Term): Expression {
  return { kind: 'relation', left, op, right };
}

/** That a term, which a formula is written as, lies in an interval. */
export function withinText(term: Term, { bits }: Formula, [from, to]: Interval): Expression {
  if (from === to) return relation(term, '=', from);
  if (to >= bits) return relation(term, '>=', from);
  if (from === 0) return relation(term, '<=', to);
  return and(relation(term, '>=', from), relation(term, '<=', to));
}

/** The type that Linux gives to packets that this host sends. */
const OUTGOING = 4;

/** What the kernel knows about a packet and the language has words for. */
function kernelFact({ of, intervals }: Extract<Condition, { kind: 'within' }>): Expression | undefined {
  const [interval, more] = intervals;
  if (of.kind !== 'ancillary' || interval === undefined || more !== undefined || interval[0] !== interval[1]) {
    return undefined;
  }
  if (of.name === 'ifindex') return { kind: 'ifindex', index: interval[0] };
  return of.name === 'pkttype' && interval[0] === OUTGOING ? { kind: 'outbound' } : undefined;
}
