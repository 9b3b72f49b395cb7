import {
  arithmetic,
  isRefused,
  LOAD_PROTOCOLS,
  negative,
  type ArithmeticOperator,
  type Expression,
  type Load,
  type LoadProtocol,
  type RelationOperator,
  type Term,
} from './expression.ts';
import type { Reader } from './reader.ts';

/** How tightly operators bind. */
const BINDING: Readonly<Partial<Record<ArithmeticOperator, number>>> = {
  '|': 1,
  '&': 2,
  '<<': 3,
  '>>': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
};

/** Operators to which libpcap gives no place in that order: they take all that follows as their right operand. */
export const GREEDY: readonly ArithmeticOperator[] = ['%', '^'];

const OPERATORS: readonly ArithmeticOperator[] = ['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>'];
const RELATIONS: readonly RelationOperator[] = ['=', '!=', '>', '>=', '<', '<='];
const TIGHTEST = 6;
const MOST_OPERATORS = 100;

/** Binding of an operator; that of a greedy one is 0 towards its right. */
export const bindingOf = (op: ArithmeticOperator): number => BINDING[op] ?? 0;

/** Whether the token `ahead` places on continues arithmetic or compares it. */
export function continuesTerm(reader: Reader, ahead: number): boolean {
  const token = reader.peek(ahead);
  return token?.kind === 'word' && [...OPERATORS, ...RELATIONS].some((op) => op === token.text);
}

export function parseRelation(reader: Reader): Expression {
  const budget = { operators: MOST_OPERATORS };
  const left = parseTerm(reader, budget);
  const op = reader.accept(...RELATIONS);
  if (op === undefined) return reader.fail('expected a comparison');
  return { kind: 'relation', op, left, right: parseTerm(reader, budget) };
}

/** What the two sides of a relation may still hold: without a limit long sums would become deep terms. */
interface Budget {
  operators: number;
}

/** Reads a term whose operators bind at least as tightly as `least`. */
function parseTerm(reader: Reader, budget: Budget, least = 0): Term {
  return reader.deeper(() => {
    let left = parseOperand(reader, budget);
    for (;;) {
      const token = reader.peek();
      const op = token?.kind === 'word' ? OPERATORS.find((candidate) => candidate === token.text) : undefined;
      if (op === undefined) return left;
      const greedy = GREEDY.includes(op);
      if (!greedy && bindingOf(op) < least) return left;
      if (--budget.operators < 0) reader.fail(`more than ${MOST_OPERATORS} operators`);
      reader.next();
      const right = parseTerm(reader, budget, greedy ? 0 : bindingOf(op) + 1);
      if (typeof right === 'number' && isRefused(op, right)) reader.fail(`no number can be taken ${op} ${right}`);
      left = arithmetic(op, left, right);
    }
  });
}

function parseOperand(reader: Reader, budget: Budget): Term {
  if (reader.accept('-') !== undefined) return negative(parseTerm(reader, budget, TIGHTEST));
  if (reader.accept('(') !== undefined) {
    const inner = parseTerm(reader, budget);
    reader.expect(')');
    return inner;
  }
  if (reader.accept('len') !== undefined) return 'len';
  if (reader.peek()?.kind === 'number') return reader.number('a number', 0xffffffff);
  const protocol: LoadProtocol | undefined = reader.accept(...LOAD_PROTOCOLS);
  if (protocol === undefined) return reader.fail('expected a number, len or bytes of a protocol that has an index');
  reader.expect('[');
  const index = parseTerm(reader, budget);
  const size = reader.accept(':') === undefined ? 1 : parseSize(reader);
  reader.expect(']');
  return { kind: 'load', protocol, index, size };
}

function parseSize(reader: Reader): Load['size'] {
  if (reader.peek()?.kind !== 'number') reader.fail('expected the number of bytes');
  const size = reader.number('the number of bytes', 4);
  return size === 1 || size === 2 || size === 4 ? size : reader.fail('the number of bytes is 1, 2 or 4');
}
