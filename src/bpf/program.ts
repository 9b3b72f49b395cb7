/**
 * One instruction of the classic BPF machine.
 *
 * `code` is 16 bits; `jt` and `jf` count the instructions to skip, 8 bits each; `k` is unsigned, 32 bits.
 *
 * @see struct sock_filter in include/uapi/linux/filter.h
 */
export interface Instruction {
  readonly code: number;
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}

export type Program = readonly Instruction[];

/** The most instructions that Linux takes in one program (BPF_MAXINSNS). */
export const MAX_INSTRUCTIONS = 4096;

/** Words of scratch memory (BPF_MEMWORDS). */
export const SCRATCH_WORDS = 16;

/** What the lowest three bits of a code say. */
export const CLASS = { ld: 0, ldx: 1, st: 2, stx: 3, alu: 4, jmp: 5, ret: 6, misc: 7 } as const;

/** Where a load takes its value from: bits 5 to 7. */
export const MODE = { imm: 0x00, abs: 0x20, ind: 0x40, mem: 0x60, len: 0x80, msh: 0xa0 } as const;

/** What an `alu` instruction computes: bits 4 to 7. */
export const ALU = {
  add: 0x00,
  sub: 0x10,
  mul: 0x20,
  div: 0x30,
  or: 0x40,
  and: 0x50,
  lsh: 0x60,
  rsh: 0x70,
  neg: 0x80,
  mod: 0x90,
  xor: 0xa0,
} as const;

/** What a `jmp` instruction tests: bits 4 to 7. */
export const JUMP = { ja: 0x00, jeq: 0x10, jgt: 0x20, jge: 0x30, jset: 0x40 } as const;

/** Set when the second operand is the register X instead of `k`. */
export const SOURCE_X = 0x08;

/** The widths of loads in bytes, by bits 3 and 4 of the code. */
export const WIDTH: Readonly<Record<number, 1 | 2 | 4>> = { 0x00: 4, 0x08: 2, 0x10: 1 };

/** The codes that have a name of their own in this folder. */
export const OP = {
  ldImm: 0x00,
  ldLen: 0x80,
  ldMem: 0x60,
  ldxImm: 0x01,
  ldxMem: 0x61,
  ldxLen: 0x81,
  ldxMsh: 0xb1,
  st: 0x02,
  stx: 0x03,
  ja: 0x05,
  retK: 0x06,
  retA: 0x16,
  tax: 0x07,
  txa: 0x87,
  neg: 0x84,
} as const;

const binary = [ALU.add, ALU.sub, ALU.mul, ALU.div, ALU.or, ALU.and, ALU.lsh, ALU.rsh, ALU.mod, ALU.xor];
const tests = [JUMP.jeq, JUMP.jgt, JUMP.jge, JUMP.jset];
const widths = Object.keys(WIDTH).map(Number);

/** The 49 codes that Linux knows. */
export const VALID_CODES: ReadonlySet<number> = new Set<number>([
  ...Object.values(OP),
  ...widths.flatMap((width) => [MODE.abs | width, MODE.ind | width]),
  ...[0, SOURCE_X].flatMap((source) => [
    ...binary.map((operation) => CLASS.alu | operation | source),
    ...tests.map((test) => CLASS.jmp | test | source),
  ]),
]);

/** Whether an instruction loads from the packet, or the ancillary area, at a fixed offset. */
export function isAbsoluteLoad({ code }: Instruction): boolean {
  return code === 0x20 || code === 0x28 || code === 0x30;
}

/** Whether an instruction chooses between `jt` and `jf`. */
export function isConditionalJump({ code }: Instruction): boolean {
  return (code & 7) === CLASS.jmp && code !== OP.ja;
}

/** Where an instruction at `pc` may continue: no entry after a return, two after a conditional jump. */
export function successors({ code, jt, jf, k }: Instruction, pc: number): readonly number[] {
  const kind = code & 7;
  if (kind === CLASS.ret) return [];
  if (kind !== CLASS.jmp) return [pc + 1];
  if (code === OP.ja) return [pc + 1 + k];
  return jt === jf ? [pc + 1 + jt] : [pc + 1 + jt, pc + 1 + jf];
}
