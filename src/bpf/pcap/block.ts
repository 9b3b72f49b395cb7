import { CLASS, JUMP, SOURCE_X, type Instruction } from '../program.ts';

/**
 * A decision of a program before its jumps are laid out: the parts of `and` and `or` are taken from left to right, as far as
 * needed.
 */
export type Block =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Block[] }
  | { readonly kind: 'not'; readonly of: Block }
  | { readonly kind: 'always' | 'never' }
  /** Instructions whose effect later blocks build on; it always holds. */
  | { readonly kind: 'run'; readonly code: Code }
  /** Instructions, and a jump on what is then in the registers. */
  | { readonly kind: 'test'; readonly code: Code; readonly jump: number; readonly k: number };

export type Code = readonly Instruction[];

export const ALWAYS: Block = { kind: 'always' };
export const NEVER: Block = { kind: 'never' };

export function allOf(...of: readonly Block[]): Block {
  return { kind: 'and', of };
}

export function anyOf(...of: readonly Block[]): Block {
  return { kind: 'or', of };
}

export function noneOf(of: Block): Block {
  return { kind: 'not', of };
}

export function runs(...code: Code): Block {
  return { kind: 'run', code };
}

export type Comparison = '=' | '>' | '>=' | '&';

const JUMPS: Readonly<Record<Comparison, number>> = {
  '=': CLASS.jmp | JUMP.jeq,
  '>': CLASS.jmp | JUMP.jgt,
  '>=': CLASS.jmp | JUMP.jge,
  '&': CLASS.jmp | JUMP.jset,
};

/** Compares the accumulator with a number. `&` asks whether they share a bit. */
export function compare(code: Code, comparison: Comparison, k: number): Block {
  return { kind: 'test', code, jump: JUMPS[comparison], k };
}

/** Compares the accumulator with the index register. */
export function compareX(code: Code, comparison: Comparison): Block {
  return { kind: 'test', code, jump: JUMPS[comparison] | SOURCE_X, k: 0 };
}

export function instruction(code: number, k = 0): Instruction {
  return { code, jt: 0, jf: 0, k };
}
