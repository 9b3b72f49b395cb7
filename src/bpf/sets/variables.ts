import type { Ancillary, Formula, Load } from '../formula.ts';
import { LONGEST_PACKET, spotOf } from './place.ts';

/** What diagrams ask for. */
export type Variable =
  /** Bits of the packet, or of an ancillary value (`base`, 32 bits from bit 0); bit 0 is the highest one of the byte at `base`. */
  | { readonly kind: 'bits'; readonly base: Formula | undefined; readonly bit: number; readonly width: number }
  /** The packet's length in bytes. */
  | { readonly kind: 'length' }
  /** The packet's length less what `base` comes to, plus `REST_BIAS`. */
  | { readonly kind: 'rest'; readonly base: Formula }
  /** A formula that is not taken apart. */
  | { readonly kind: 'value'; readonly of: Formula }
  /** 1 where two formulas compare so, or where a load of `size` bytes at `left` lies in the packet. */
  | { readonly kind: 'eq' | 'gt' | 'common'; readonly left: Formula; readonly right: Formula }
  | { readonly kind: 'fits'; readonly left: Formula; readonly size: number };

/** Keeps the variable `rest` above zero: what its base comes to is no more than the longest packet. */
export const REST_BIAS = 2 * (LONGEST_PACKET + 1);

/** A range of bits of a packet or of an ancillary value that a value is made of. */
export interface BitRange {
  readonly base: Formula | undefined;
  readonly bit: number;
  readonly width: number;
}

/** Diagrams ask for bits first, then for lengths, then for what is not taken apart. */
const RANK_BITS = 13;
const LATER = 1 << RANK_BITS;

export interface Variables {
  /** Says that a range of bits is looked at by itself. No variable that has been asked for may be cut by that. */
  cut(range: BitRange): void;
  /** Whether a range of bits can be looked at by itself still. */
  mayCut(range: BitRange): boolean;
  /** The variables that a range of bits consists of, highest bits first. */
  partsOf(range: BitRange): readonly number[];
  numberOf(variable: Exclude<Variable, { kind: 'bits' }>): number;
  variable(number: number): Variable;
  /** How many values a variable has. */
  readonly domainOf: (number: number) => number;
  /** All that have been asked for, but for bits. */
  others(): Iterable<number>;
  /** How many have been asked for: no diagram asks for more, one below the other. */
  count(): number;
}

/** What is known of the bits that are counted from one place. */
interface Bits {
  /** Where ranges begin and end. */
  readonly cuts: Set<number>;
  /** The same in ascending order, where nothing was added since. */
  sorted: number[] | undefined;
  /** The ranges that are variables. */
  readonly whole: (BitRange & { readonly number: number })[];
  /** The variables that ranges consist of, by `keyOf`, where nothing was cut since. */
  readonly parts: Map<number, readonly number[]>;
}

export function createVariables(): Variables {
  const spaces = new Map<number, Bits>();
  const numbers = new Map<string, number>();
  // By rank: numbers within one are close together.
  const made: { readonly variable: Variable; readonly domain: number }[][] = [[], [], []];
  const entry = (number: number) => made[number >> RANK_BITS]![number & (LATER - 1)]!;

  const add = (rank: 0 | 1 | 2, variable: Variable, domain: number): number =>
    (rank << RANK_BITS) + made[rank]!.push({ variable, domain }) - 1;
  const numbered = (key: string, rank: 1 | 2, variable: Variable, domain: number): number => {
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = add(rank, variable, domain)));
    return number;
  };
  const bitsFrom = (base: Formula | undefined): Bits => {
    const space = base?.id ?? -1;
    let bits = spaces.get(space);
    if (bits === undefined) {
      bits = { cuts: new Set(), sorted: undefined, whole: [], parts: new Map() };
      spaces.set(space, bits);
    }
    return bits;
  };
  /** The variable of a range of bits that is not cut. */
  const uncut = ({ whole }: Bits, base: Formula | undefined, bit: number, width: number): number => {
    const known = whole.find((one) => one.bit === bit && one.width === width);
    if (known !== undefined) return known.number;
    const number = add(0, { kind: 'bits', base, bit, width }, 2 ** width);
    whole.push({ base, bit, width, number });
    return number;
  };

  return {
    domainOf: (number) => entry(number).domain,
    others: () => numbers.values(),
    count: () => made[0]!.length + made[1]!.length + made[2]!.length,
    variable: (number) => entry(number).variable,
    cut: ({ base, bit, width }) => {
      const bits = bitsFrom(base);
      const { cuts, parts } = bits;
      if (cuts.has(bit) && cuts.has(bit + width)) return;
      cuts.add(bit).add(bit + width);
      bits.sorted = undefined;
      parts.clear();
    },
    mayCut: ({ base, bit, width }) =>
      spaces.get(base?.id ?? -1)?.whole.every((one) => !isInside(bit, one) && !isInside(bit + width, one)) ?? true,
    partsOf: (range) => {
      const { base, bit, width } = range;
      const bits = bitsFrom(base);
      const known = bits.parts.get(keyOf(range));
      if (known !== undefined) return known;
      bits.sorted ??= [...bits.cuts].sort((a, b) => a - b);
      const parts: number[] = [];
      let from = bit;
      for (const border of bits.sorted) {
        if (border <= bit || border >= bit + width) continue;
        parts.push(uncut(bits, base, from, border - from));
        from = border;
      }
      parts.push(uncut(bits, base, from, bit + width - from));
      bits.parts.set(keyOf(range), parts);
      return parts;
    },
    numberOf: (variable) => {
      switch (variable.kind) {
        case 'length':
          return numbered('length', 1, variable, LONGEST_PACKET + 1);
        case 'rest':
          return numbered(`r${variable.base.id}`, 1, variable, REST_BIAS + LONGEST_PACKET + 1);
        case 'value':
          return numbered(`v${variable.of.id}`, 2, variable, 2 ** 32);
        case 'fits':
          return numbered(`f${variable.left.id} ${variable.size}`, 2, variable, 2);
        default:
          return numbered(`${variable.kind}${variable.left.id} ${variable.right.id}`, 2, variable, 2);
      }
    },
  };
}

/** Ranges from one place are at most 32 bits wide. */
function keyOf({ bit, width }: BitRange): number {
  return 64 * bit + width;
}

/** Whether a border of bits lies within a range of them, and not at its ends. */
function isInside(border: number, { bit, width }: BitRange): boolean {
  return border > bit && border < bit + width;
}

/** The bits that a load, or an ancillary value, consists of. */
export function rangeOf(value: Load | Ancillary): BitRange {
  if (value.kind === 'ancillary') return { base: value, bit: 0, width: 32 };
  const { base, offset } = spotOf(value.index);
  return { base, bit: 8 * offset, width: 8 * value.size };
}
