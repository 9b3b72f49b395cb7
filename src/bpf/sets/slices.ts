import type { Formula } from '../formula.ts';
import { spotOf } from './place.ts';
import { rangeOf, type BitRange } from './variables.ts';

/** Neighbouring bits of a value. */
export interface Slice {
  readonly width: number;
  /** Where they are taken from in the packet; undefined where they are known. */
  readonly bits: BitRange | undefined;
  /** The number that known bits make. */
  readonly value: number;
}

/**
 * The bits of a formula, highest first, 32 in all, where each of them is one of the packet's or known.
 *
 * @returns undefined where bits are mixed.
 */
export function slicesOf(formula: Formula): readonly Slice[] | undefined {
  switch (formula.kind) {
    case 'constant':
      return [known(32, formula.value)];
    case 'load':
    case 'ancillary': {
      // Bits behind a place that the kernel tells would be taken for those of the ancillary value itself.
      if (formula.kind === 'load' && spotOf(formula.index).base?.kind === 'ancillary') return undefined;
      const bits = rangeOf(formula);
      return bits.width === 32 ? [taken(bits)] : [known(32 - bits.width, 0), taken(bits)];
    }
    case 'length':
    case 'unknown':
      return undefined;
    case 'operation':
      return ofOperation(formula);
  }
}

function ofOperation({ operator, left, right }: Extract<Formula, { kind: 'operation' }>): readonly Slice[] | undefined {
  const c = right.kind === 'constant' ? right.value : undefined;
  switch (operator) {
    case 'and': {
      const slices = c === undefined ? undefined : slicesOf(left);
      return slices && masked(slices, c ?? 0, 0);
    }
    case 'lsh':
    case 'rsh': {
      const slices = c === undefined ? undefined : slicesOf(left);
      if (slices === undefined || c === undefined) return undefined;
      const zeros = known(c, 0);
      return operator === 'lsh' ? [...part(slices, c, 32), zeros] : [zeros, ...part(slices, 0, 32 - c)];
    }
    case 'or':
    case 'add':
    case 'xor': {
      const other = slicesOf(right);
      const slices = other && slicesOf(left);
      if (slices === undefined || other === undefined) return undefined;
      if (operator === 'or' && c !== undefined) return masked(slices, ~c >>> 0, c);
      return (left.bits & right.bits) === 0 ? merged(slices, other) : undefined;
    }
    default:
      return undefined;
  }
}

const known = (width: number, value: number): Slice => ({ width, bits: undefined, value });
const taken = (bits: BitRange): Slice => ({ width: bits.width, bits, value: 0 });

/** The bits from `start` to `end`, counted from the highest one. */
function part(slices: readonly Slice[], start: number, end: number): Slice[] {
  const kept: Slice[] = [];
  let at = 0;
  for (const slice of slices) {
    const first = Math.max(start, at) - at;
    const last = Math.min(end, at + slice.width) - at;
    if (first < last) kept.push(within(slice, first, last));
    at += slice.width;
  }
  return kept;
}

function within(slice: Slice, first: number, last: number): Slice {
  const width = last - first;
  if (slice.bits !== undefined) {
    // Most are wanted as a whole.
    if (width === slice.width) return slice;
    return taken({ base: slice.bits.base, bit: slice.bits.bit + first, width });
  }
  const shifted = Math.floor(slice.value / 2 ** (slice.width - last));
  return known(width, shifted % 2 ** width);
}

/** Keeps the bits of `mask`; the others are those of `filling`. */
function masked(slices: readonly Slice[], mask: number, filling: number): Slice[] {
  const kept: Slice[] = [];
  for (let bit = 0; bit < 32;) {
    const set = (mask >>> (31 - bit)) & 1;
    let end = bit + 1;
    while (end < 32 && ((mask >>> (31 - end)) & 1) === set) end++;
    if (set) kept.push(...part(slices, bit, end));
    else kept.push(...part([known(32, filling)], bit, end));
    bit = end;
  }
  return kept;
}

/** Two values that share no bit, put together. */
function merged(one: readonly Slice[], other: readonly Slice[]): Slice[] | undefined {
  const borders = new Set<number>();
  for (const slices of [one, other]) {
    let at = 0;
    for (const { width } of slices) borders.add((at += width));
  }
  const kept: Slice[] = [];
  let start = 0;
  for (const end of [...borders].sort((a, b) => a - b)) {
    const mine = part(one, start, end)[0];
    const theirs = part(other, start, end)[0];
    start = end;
    if (mine === undefined || theirs === undefined) continue;
    if (isZero(mine)) kept.push(theirs);
    else if (isZero(theirs)) kept.push(mine);
    else if (mine.bits === undefined && theirs.bits === undefined)
      kept.push(known(mine.width, (mine.value | theirs.value) >>> 0));
    else return undefined;
  }
  return kept;
}

function isZero({ bits, value }: Slice): boolean {
  return bits === undefined && value === 0;
}
