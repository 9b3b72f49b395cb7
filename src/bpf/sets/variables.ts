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
  /** All that have been asked for. */
  numbers(): Iterable<number>;
}

export function createVariables(): Variables {
  const cuts = new Map<number, Set<number>>();
  /** The ranges of bits that are variables, by what they are counted from. */
  const whole = new Map<number, BitRange[]>();
  const sorted = new Map<number, number[]>();
  const numbers = new Map<string, number>();
  // By rank: numbers within one are close together.
  const made: { readonly variable: Variable; readonly domain: number }[][] = [[], [], []];
  const entry = (number: number) => made[number >> RANK_BITS]![number & (LATER - 1)]!;

  const numbered = (key: string, rank: 0 | 1 | 2, variable: Variable, domain: number): number => {
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const number = (rank << RANK_BITS) + made[rank]!.push({ variable, domain }) - 1;
    numbers.set(key, number);
    return number;
  };

  return {
    domainOf: (number) => entry(number).domain,
    numbers: () => numbers.values(),
    variable: (number) => entry(number).variable,
    cut: ({ base, bit, width }) => {
      const space = base?.id ?? -1;
      const places = cuts.get(space) ?? new Set();
      cuts.set(space, places.add(bit).add(bit + width));
      sorted.delete(space);
    },
    mayCut: ({ base, bit, width }) =>
      whole.get(base?.id ?? -1)?.every((one) => !isInside(bit, one) && !isInside(bit + width, one)) ?? true,
    partsOf: ({ base, bit, width }) => {
      const space = base?.id ?? -1;
      let borders = sorted.get(space);
      if (borders === undefined) {
        borders = [...(cuts.get(space) ?? [])].sort((a, b) => a - b);
        sorted.set(space, borders);
      }
      const inside = borders.filter((border) => border > bit && border < bit + width);
      return [bit, ...inside].map((from, index) => {
        const size = (inside[index] ?? bit + width) - from;
        const variable = { kind: 'bits', base, bit: from, width: size } as const;
        const before = made[0]!.length;
        const number = numbered(`b${space} ${from} ${size}`, 0, variable, 2 ** size);
        if (number === before) {
          const ranges = whole.get(space);
          if (ranges === undefined) whole.set(space, [variable]);
          else ranges.push(variable);
        }
        return number;
      });
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
