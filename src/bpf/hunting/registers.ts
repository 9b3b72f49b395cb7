import { ancillaryOf } from '../ancillary.ts';
import { ALU, CLASS, JUMP, MODE, OP, SCRATCH_WORDS, SOURCE_X, type Program } from '../program.ts';

/** Whether a program reads or sets X. */
export function usesX(program: Program): boolean {
  return program.some((instruction) => {
    const { code } = instruction;
    const kind = code & 7;
    if (kind === CLASS.ldx || kind === CLASS.stx || kind === CLASS.misc) return true;
    if (kind === CLASS.ld) return (code & 0xe0) === MODE.ind || ancillaryOf(instruction) === 'alu_xor_x';
    const operation = code & 0xf0;
    const second = (kind === CLASS.alu && operation !== ALU.neg) || (kind === CLASS.jmp && operation !== JUMP.ja);
    return second && (code & SOURCE_X) !== 0;
  });
}

/** Whether X is never more than the length of a header, so that no sum with it wraps. */
export function keepsXSmall(program: Program): boolean {
  return program.every(({ code }) => code !== OP.tax && code !== OP.ldxLen && code !== OP.ldxMem && code !== OP.ldxImm);
}

/** A word of scratch memory that a program does not use. */
export function freeScratch(program: Program): number | undefined {
  const used = new Set(
    program.flatMap(({ code, k }) => (([OP.st, OP.stx, OP.ldMem, OP.ldxMem] as number[]).includes(code) ? [k] : [])),
  );
  return Array.from({ length: SCRATCH_WORDS }, (_, index) => SCRATCH_WORDS - 1 - index).find(
    (index) => !used.has(index),
  );
}
