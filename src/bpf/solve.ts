import type { Ancillary, Load, Formula } from './formula.ts';

/** A condition on one value: where `mask` has bits, the value has those of `value`. */
export interface Bits {
  readonly of: Load | Ancillary;
  readonly value: number;
  readonly mask: number;
}

/**
 * What the parts of a formula must be for `formula & mask` to equal `value`.
 *
 * @returns One condition for each part, all of which must hold; `never` when no packet can do it; undefined when the parts
 *   depend on each other or are mixed by arithmetic that is not turned back.
 */
export function solve(formula: Formula, value: number, mask = 0xffffffff): readonly Bits[] | 'never' | undefined {
  if ((value & ~formula.bits & mask) !== 0) return 'never';
  const m = (mask & formula.bits) >>> 0;
  const v = (value & m) >>> 0;
  if (m === 0) return [];
  switch (formula.kind) {
    case 'load':
    case 'ancillary':
      return [{ of: formula, value: v, mask: m }];
    case 'constant':
      return ((formula.value ^ v) & m) === 0 ? [] : 'never';
    case 'length':
    case 'unknown':
      return undefined;
    case 'operation':
      return solveOperation(formula, v, m);
  }
}

function solveOperation(
  { operator, left, right }: Extract<Formula, { kind: 'operation' }>,
  v: number,
  m: number,
): readonly Bits[] | 'never' | undefined {
  const c = right.kind === 'constant' ? right.value : undefined;
  if (c === undefined) {
    const apart = (left.bits & right.bits) === 0 && (operator === 'or' || operator === 'xor' || operator === 'add');
    if (apart) return both(solve(left, v & left.bits, m & left.bits), solve(right, v & right.bits, m & right.bits));
    return operator === 'sub' && left.kind === 'constant' && isLow(m) ? solve(right, left.value - v, m) : undefined;
  }
  switch (operator) {
    case 'and':
      return (v & ~c) !== 0 ? 'never' : solve(left, v, m & c);
    case 'or':
      return (~v & m & c) !== 0 ? 'never' : solve(left, v & ~c, m & ~c);
    case 'xor':
      return solve(left, v ^ c, m);
    case 'add':
      if ((left.bits & c) === 0) return ((v ^ c) & m & c) !== 0 ? 'never' : solve(left, v & ~c, m & ~c);
      return isLow(m) ? solve(left, v - c, m) : undefined;
    case 'lsh':
      return solve(left, v >>> c, m >>> c);
    case 'rsh':
      return solve(left, v << c, m << c);
    default:
      return undefined;
  }
}

type Solution = ReturnType<typeof solve>;

function both(one: Solution, other: Solution): Solution {
  if (one === 'never' || other === 'never') return 'never';
  return one === undefined || other === undefined ? undefined : [...one, ...other];
}

/** Whether a mask is a run of ones from the lowest bit: sums can then be turned back. */
function isLow(mask: number): boolean {
  return (mask & (mask + 1)) === 0;
}
