import type { AncillaryName } from './ancillary.ts';

/** What a register may hold, as a formula over the packet. Equal formulas are the same object. */
export type Formula = Constant | Load | Ancillary | Operation | Other;

interface Known {
  /** Small and unique within one table. */
  readonly id: number;
  /** The bits that can be set, as an unsigned number. */
  readonly bits: number;
  /** How many leaves it has. */
  readonly weight: number;
}

export interface Constant extends Known {
  readonly kind: 'constant';
  readonly value: number;
}

/** A big-endian value of the packet; `size` in bytes. */
export interface Load extends Known {
  readonly kind: 'load';
  readonly index: Formula;
  readonly size: 1 | 2 | 4;
}

export interface Ancillary extends Known {
  readonly kind: 'ancillary';
  readonly name: AncillaryName;
}

export interface Operation extends Known {
  readonly kind: 'operation';
  readonly operator: Operator;
  readonly left: Formula;
  readonly right: Formula;
}

/** The packet's length, or a value that has not been followed. */
export interface Other extends Known {
  readonly kind: 'length' | 'unknown';
}

export type Operator = 'add' | 'sub' | 'mul' | 'div' | 'or' | 'and' | 'lsh' | 'rsh' | 'mod' | 'xor';

/** How operators are written, here as in the pcap-filter language. */
export const SIGNS = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  or: '|',
  and: '&',
  lsh: '<<',
  rsh: '>>',
  mod: '%',
  xor: '^',
} as const satisfies Record<Operator, string>;

/** A sum taken apart. */
export function sumOf(formula: Formula): { readonly constant: number; readonly terms: readonly Formula[] } {
  if (formula.kind === 'constant') return { constant: formula.value, terms: [] };
  if (formula.kind !== 'operation' || formula.operator !== 'add') return { constant: 0, terms: [formula] };
  const left = sumOf(formula.left);
  const right = sumOf(formula.right);
  return { constant: (left.constant + right.constant) >>> 0, terms: [...left.terms, ...right.terms] };
}

/** A formula with more leaves is no longer followed: that bounds every walk over formulas. */
const HEAVIEST = 48;
const WORD = 0xffffffff;
const IDS = 2 ** 24;

/** Makes formulas and keeps one of each. */
export interface Formulas {
  readonly unknown: Formula;
  readonly length: Formula;
  constant(value: number): Constant;
  load(index: Formula, size: 1 | 2 | 4): Formula;
  ancillary(name: AncillaryName): Formula;
  /** The result of an operation, simplified; a division by the constant zero is not asked for. */
  operation(operator: Operator, left: Formula, right: Formula): Formula;
}

export function createFormulas(): Formulas {
  // Keys are numbers, which are cheaper than texts: an id has at most 24 bits, two of them fit a safe integer.
  const constants = new Map<number, Constant>();
  const others = new Map<string, Formula>();
  const loads = { 1: new Map<number, Formula>(), 2: new Map<number, Formula>(), 4: new Map<number, Formula>() };
  const operations = new Map<Operator, Map<number, Formula>>();
  let made = 0;
  const intern = <Key, Kind extends Formula>(table: Map<Key, Kind>, key: Key, make: (id: number) => Kind): Kind => {
    const found = table.get(key);
    if (found !== undefined) return found;
    const formula = make(made++);
    table.set(key, formula);
    return formula;
  };
  const constant = (value: number): Constant => {
    const word = value >>> 0;
    return intern(constants, word, (id) => ({ kind: 'constant', id, bits: word, weight: 1, value: word }));
  };
  const other = (kind: Other['kind']): Formula => intern(others, kind, (id) => ({ kind, id, bits: WORD, weight: 1 }));
  const unknown = other('unknown');

  const operation = (operator: Operator, left: Formula, right: Formula): Formula => {
    const simpler = simplified(operator, left, right);
    if (simpler !== undefined) return simpler;
    if (left === unknown || right === unknown || left.weight + right.weight > HEAVIEST) return unknown;
    let table = operations.get(operator);
    if (table === undefined) operations.set(operator, (table = new Map<number, Formula>()));
    return intern(table, left.id * IDS + right.id, (id) => ({
      kind: 'operation',
      id,
      operator,
      left,
      right,
      bits: bitsOf(operator, left, right),
      weight: left.weight + right.weight,
    }));
  };

  // Constants move to the right and to the outside, where neighbouring ones become one.
  const simplified = (operator: Operator, left: Formula, right: Formula): Formula | undefined => {
    const merges = operator === 'add' || operator === 'xor' || operator === 'or';
    if (right.kind !== 'constant') {
      if (merges && right.kind === 'operation' && right.operator === operator && right.right.kind === 'constant') {
        return operation(operator, operation(operator, left, right.left), right.right);
      }
      if (merges && left.kind === 'operation' && left.operator === operator && left.right.kind === 'constant') {
        return operation(operator, operation(operator, left.left, right), left.right);
      }
      if (left === right && left !== unknown && (operator === 'sub' || operator === 'xor')) return constant(0);
      return left.kind === 'constant' && COMMUTES.has(operator) ? operation(operator, right, left) : undefined;
    }
    const c = right.value;
    if (left.kind === 'constant') return constant(compute(operator, left.value, c));
    switch (operator) {
      case 'sub':
        return operation('add', left, constant(-c));
      case 'mul':
        if (c === 0) return right;
        return isPowerOfTwo(c) ? operation('lsh', left, constant(Math.log2(c))) : undefined;
      case 'div':
        return isPowerOfTwo(c) ? operation('rsh', left, constant(Math.log2(c))) : undefined;
      case 'mod':
        return isPowerOfTwo(c) ? operation('and', left, constant(c - 1)) : undefined;
      case 'and':
        if ((left.bits & c) === 0) return constant(0);
        if ((left.bits & ~c) === 0) return left;
        break;
      default:
        if (c === 0) return left;
    }
    // Bits that are turned over stay outermost: (f ^ m) & c is (f & c) ^ (m & c).
    if (left.kind === 'operation' && left.operator === 'xor' && left.right.kind === 'constant') {
      const m = left.right.value;
      const turned = { and: m & c, or: m & ~c, lsh: m << c, rsh: m >>> c }[operator as string];
      if (turned !== undefined) return operation('xor', operation(operator, left.left, right), constant(turned));
    }
    if (
      (merges || operator === 'and') &&
      left.kind === 'operation' &&
      left.operator === operator &&
      left.right.kind === 'constant'
    ) {
      return operation(operator, left.left, constant(compute(operator, left.right.value, c)));
    }
    return undefined;
  };

  return {
    unknown,
    length: other('length'),
    constant,
    operation,
    load: (index, size) =>
      index === unknown
        ? unknown
        : intern<number, Formula>(loads[size], index.id, (id) => ({
            kind: 'load',
            id,
            index,
            size,
            bits: size === 4 ? WORD : 2 ** (8 * size) - 1,
            weight: index.weight + 1,
          })),
    ancillary: (name) => {
      // Every load of a random number is another one.
      const key = name === 'random' ? `${name} ${made}` : name;
      return intern(others, key, (id) => ({ kind: 'ancillary', id, name, bits: WORD, weight: 1 }));
    },
  };
}

const COMMUTES: ReadonlySet<Operator> = new Set(['add', 'mul', 'or', 'and', 'xor']);

function isPowerOfTwo(value: number): boolean {
  return value !== 0 && (value & (value - 1)) === 0;
}

/** What the machine computes: modulo 2^32, shift counts modulo 32. */
export function compute(operator: Operator, a: number, b: number): number {
  switch (operator) {
    case 'add':
      return (a + b) >>> 0;
    case 'sub':
      return (a - b) >>> 0;
    case 'mul':
      return Math.imul(a, b) >>> 0;
    case 'div':
      return Math.floor(a / b) >>> 0;
    case 'mod':
      return (a % b) >>> 0;
    case 'or':
      return (a | b) >>> 0;
    case 'and':
      return (a & b) >>> 0;
    case 'xor':
      return (a ^ b) >>> 0;
    case 'lsh':
      return (a << b) >>> 0;
    case 'rsh':
      return a >>> b;
  }
}

/** The bits that the result of an operation can have. */
function bitsOf(operator: Operator, left: Formula, right: Formula): number {
  const c = right.kind === 'constant' ? right.value : undefined;
  switch (operator) {
    case 'and':
      return (left.bits & right.bits) >>> 0;
    case 'or':
    case 'xor':
      return (left.bits | right.bits) >>> 0;
    case 'add':
      if ((left.bits & right.bits) === 0) return (left.bits | right.bits) >>> 0;
      return filled(left.bits + right.bits);
    case 'lsh':
      return c === undefined ? WORD : (left.bits << c) >>> 0;
    case 'rsh':
      return c === undefined ? filled(left.bits) : left.bits >>> c;
    case 'div':
      return filled(left.bits);
    case 'mod':
      return filled(Math.min(left.bits, right.bits));
    case 'mul':
      return filled(left.bits * right.bits);
    case 'sub':
      return WORD;
  }
}

/** All bits up to the highest one of a number. */
function filled(value: number): number {
  return value > WORD ? WORD : value === 0 ? 0 : 2 ** (Math.floor(Math.log2(value)) + 1) - 1;
}
