import { ancillaryOf } from './ancillary.ts';
import { CLASS, MODE, OP, SOURCE_X, type Instruction, type Program } from './program.ts';
import { A, SCRATCH, X } from './symbolic.ts';

/** From how many places each instruction can be reached. */
export function waysTo(program: Program): Uint16Array {
  const ways = new Uint16Array(program.length + 1);
  for (let pc = 0; pc < program.length; pc++) {
    const { code, jt, jf, k } = program[pc]!;
    const kind = code & 7;
    if (kind === CLASS.ret) continue;
    if (kind !== CLASS.jmp) ways[pc + 1]!++;
    else if (code === OP.ja) ways[pc + 1 + k]!++;
    else {
      ways[pc + 1 + jt]!++;
      if (jf !== jt) ways[pc + 1 + jf]!++;
    }
  }
  return ways;
}

/** One bit a register for each instruction: whether a later one reads what is in it now. */
export function liveRegisters(program: Program): Uint32Array {
  const live = new Uint32Array(program.length);
  for (let pc = program.length - 1; pc >= 0; pc--) {
    const instruction = program[pc]!;
    live[pc] = (liveBehind(instruction, pc, live) & ~writtenBy(instruction)) | readBy(instruction);
  }
  return live;
}

function liveBehind({ code, jt, jf, k }: Instruction, pc: number, live: Uint32Array): number {
  const kind = code & 7;
  if (kind === CLASS.ret) return 0;
  if (kind !== CLASS.jmp) return live[pc + 1] ?? 0;
  if (code === OP.ja) return live[pc + 1 + k] ?? 0;
  return (live[pc + 1 + jt] ?? 0) | (live[pc + 1 + jf] ?? 0);
}

/** A bit for each register that an instruction sets. */
export function writtenBy({ code, k }: Instruction): number {
  switch (code & 7) {
    case CLASS.ld:
    case CLASS.alu:
      return 1 << A;
    case CLASS.ldx:
      return 1 << X;
    case CLASS.st:
    case CLASS.stx:
      return 1 << (SCRATCH + k);
    case CLASS.misc:
      return code === OP.tax ? 1 << X : 1 << A;
    default:
      return 0;
  }
}

/** A bit for each register that it reads. */
export function readBy(instruction: Instruction): number {
  const { code, k } = instruction;
  const x = code & SOURCE_X ? 1 << X : 0;
  switch (code & 7) {
    case CLASS.ld:
    case CLASS.ldx:
      if (ancillaryOf(instruction) === 'alu_xor_x') return (1 << A) | (1 << X);
      if ((code & 0xe0) === MODE.mem) return 1 << (SCRATCH + k);
      return (code & 0xe0) === MODE.ind ? 1 << X : 0;
    case CLASS.st:
      return 1 << A;
    case CLASS.stx:
      return 1 << X;
    case CLASS.alu:
      return (1 << A) | x;
    case CLASS.jmp:
      return code === OP.ja ? 0 : (1 << A) | x;
    case CLASS.ret:
      return code === OP.retA ? 1 << A : 0;
    default:
      return code === OP.tax ? 1 << A : 1 << X;
  }
}
