import type { Formula, Load, Operator } from '../formula.ts';
import { drafted, readBits, write, type Draft } from './draft.ts';

/**
 * Changes a draft so that a formula comes to a value: by turning its operations back, or by trying the bytes it reads.
 *
 * Bits that bounds hold stay.
 *
 * @returns False when no way was found.
 */
export function force(formula: Formula, value: number, draft: Draft): boolean {
  return turnBack(formula, value, draft) || tryBytes(formula, value, draft);
}

function turnBack(formula: Formula, value: number, draft: Draft): boolean {
  if (drafted(formula, draft) === value) return true;
  if ((value & ~formula.bits) !== 0) return false;
  switch (formula.kind) {
    case 'load': {
      const index = drafted(formula.index, draft);
      return index !== undefined && write(draft, 8 * index, 8 * formula.size, value);
    }
    case 'ancillary':
      draft.env[formula.name] = value;
      return true;
    case 'operation':
      return [value, ...guesses(formula, value, draft)].some((_, turn) => {
        const { left, right, operator } = formula;
        // The other side is first left as it is, then made something that the operation can be turned back with.
        if (turn > 0 && !turnBack(right, guesses(formula, value, draft)[turn - 1] ?? 0, draft)) return false;
        const [l, r] = [drafted(left, draft), drafted(right, draft)];
        if (l === undefined || r === undefined) return false;
        const wanted = leftFor(operator, l, r, value, left.bits);
        if (wanted !== undefined && turnBack(left, wanted >>> 0, draft)) return drafted(formula, draft) === value;
        const other = right.kind === 'constant' ? undefined : rightFor(operator, l, value);
        return other !== undefined && turnBack(right, other >>> 0, draft) && drafted(formula, draft) === value;
      });
    default:
      return false;
  }
}

/** Values for the right side with which the left one can be found. */
function guesses(
  { operator, right }: Extract<Formula, { kind: 'operation' }>,
  value: number,
  draft: Draft,
): readonly number[] {
  if (right.kind === 'constant') return [];
  const now = drafted(right, draft) ?? 0;
  switch (operator) {
    case 'and':
      return [(now | value) >>> 0];
    case 'or':
      return [(now & value) >>> 0];
    case 'mul':
    case 'div':
      return [1];
    case 'mod':
      return [value + 1, 0xff, 0xffff];
    case 'lsh':
    case 'rsh':
      return [0];
    default:
      return [];
  }
}

/** What the left side must be for the result, near to what it is; undefined where there is no such number. */
function leftFor(operator: Operator, l: number, r: number, value: number, most: number): number | undefined {
  switch (operator) {
    case 'add':
      return value - r;
    case 'sub':
      return value + r;
    case 'xor':
      return value ^ r;
    case 'and':
      return (value & ~r) === 0 ? value | (l & ~r) : undefined;
    case 'or':
      return (r & ~value) === 0 ? value & ~r : undefined;
    case 'lsh':
      return value >>> (r & 31);
    case 'rsh':
      return (value << (r & 31)) | (l & (2 ** (r & 31) - 1));
    case 'mul':
      if (r !== 0 && value % r === 0) return value / r;
      return r % 2 === 1 ? Math.imul(value, inverse(r)) : undefined;
    case 'div':
      return value * r <= most ? value * r : undefined;
    case 'mod': {
      if (value >= r) return undefined;
      const near = l - (l % r) + value;
      return near <= most ? near : value;
    }
  }
}

function rightFor(operator: Operator, l: number, value: number): number | undefined {
  switch (operator) {
    case 'add':
      return value - l;
    case 'sub':
      return l - value;
    case 'xor':
      return value ^ l;
    case 'mul':
      return l !== 0 && value % l === 0 ? value / l : undefined;
    default:
      return undefined;
  }
}

function inverse(odd: number): number {
  let x = odd;
  for (let round = 0; round < 5; round++) x = Math.imul(x, 2 - Math.imul(odd, x));
  return x >>> 0;
}

/** Every value of each single byte that a formula reads. */
function tryBytes(formula: Formula, value: number, draft: Draft): boolean {
  return bytesOf(formula).some((load) => {
    const index = drafted(load.index, draft);
    if (index === undefined) return false;
    const bit = 8 * (index + load.size - 1);
    const before = readBits(draft.bytes, bit, 8);
    for (let byte = 0; byte < 256; byte++) {
      if (write(draft, bit, 8, byte) && drafted(formula, draft) === value) return true;
    }
    write(draft, bit, 8, before);
    return false;
  });
}

function bytesOf(formula: Formula): readonly Load[] {
  if (formula.kind === 'load') return [formula];
  return formula.kind === 'operation' ? [...bytesOf(formula.left), ...bytesOf(formula.right)] : [];
}
