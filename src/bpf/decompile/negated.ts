import { not, type Expression, type Term } from '../pcap/expression.ts';
import { relation } from './write.ts';

/** `not` of an expression, spelled shorter where that is possible; of a comparison that asks for no protocol its opposite. */
export function negated(expression: Expression): Expression {
  if (expression.kind === 'outbound') return { kind: 'inbound' };
  return expression.kind === 'relation' && isPlain(expression.left) && isPlain(expression.right)
    ? relation(expression.left, OPPOSITES[expression.op], expression.right)
    : not(expression);
}

const OPPOSITES = { '=': '!=', '!=': '=', '>': '<=', '<=': '>', '>=': '<', '<': '>=' } as const;

/** The opposite of a comparison, which other than `not` still asks for the protocols that it loads from. */
export function opposite(expression: Expression): Expression[] {
  if (expression.kind !== 'relation') return [];
  return isPlain(expression.left) && isPlain(expression.right)
    ? []
    : [relation(expression.left, OPPOSITES[expression.op], expression.right)];
}

/** Whether a term asks for no protocol, so that `not` says the same. */
function isPlain(term: Term): boolean {
  if (typeof term !== 'object') return true;
  if (term.kind === 'load') return term.protocol === 'ether' && isPlain(term.index);
  return term.kind === 'negative' ? isPlain(term.of) : isPlain(term.left) && isPlain(term.right);
}
