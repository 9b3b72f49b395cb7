import { CLASS, isConditionalJump, MAX_INSTRUCTIONS, OP, type Instruction, type Program } from '../program.ts';

/** The instructions in place of one; jumps among them stay among them. Undefined where there are none. */
export type Replace = (instruction: Instruction) => readonly Instruction[] | undefined;

/** An instruction without jumps. */
export const plain = (code: number, k = 0): Instruction => ({ code, jt: 0, jf: 0, k });

/** How far a conditional jump reaches. */
const LONGEST_JUMP = 0xff;

/**
 * A program with other instructions in place of its own: jumps lead to what stands in place of where they led.
 *
 * @param replace Asked for every instruction that is no jump.
 */
export function relocated(program: Program, replace: Replace): Program | undefined {
  const pieces: (readonly Instruction[])[] = [];
  for (const instruction of program) {
    const piece = (instruction.code & 7) === CLASS.jmp ? [instruction] : replace(instruction);
    if (piece === undefined) return undefined;
    pieces.push(piece);
  }
  return linked(program, pieces, false) ?? linked(program, pieces, true);
}

/** @param wide Conditional jumps lead to two others, which reach as far as it takes. */
function linked(program: Program, pieces: readonly (readonly Instruction[])[], wide: boolean): Program | undefined {
  const starts: number[] = [];
  let size = 0;
  for (const [pc, piece] of pieces.entries()) {
    starts.push(size);
    size += wide && isConditionalJump(program[pc]!) ? 3 : piece.length;
  }
  if (size > MAX_INSTRUCTIONS) return undefined;
  const result: Instruction[] = [];
  for (const [pc, piece] of pieces.entries()) {
    const instruction = program[pc]!;
    const { code, jt, jf, k } = instruction;
    const skip = (by: number): number => (starts[pc + 1 + by] ?? size) - result.length - 1;
    if (code === OP.ja) result.push({ ...instruction, k: skip(k) });
    else if (!isConditionalJump(instruction)) result.push(...piece);
    else if (wide) {
      result.push({ ...instruction, jt: 0, jf: 1 });
      result.push(plain(OP.ja, skip(jt)));
      result.push(plain(OP.ja, skip(jf)));
    } else {
      const [yes, no] = [skip(jt), skip(jf)];
      if (Math.max(yes, no) > LONGEST_JUMP) return undefined;
      result.push({ ...instruction, jt: yes, jf: no });
    }
  }
  return result;
}

/** A field that a packet must have for a program to be asked: `load`, then a comparison for equality, under a mask if given. */
export interface Guard {
  readonly load: Instruction;
  readonly mask?: number;
  readonly value: number;
}

/** Programs for packets of different kinds, one after the other: the first whose guards hold decides. */
export function choice(
  parts: readonly { readonly guards: readonly Guard[]; readonly program: Program }[],
): Program | undefined {
  const result: Instruction[] = [];
  for (const [index, { guards, program }] of parts.entries()) {
    const last = index === parts.length - 1;
    const tests = guards.map(({ load, mask, value }) => [
      load,
      ...(mask === undefined ? [] : [plain(0x54, mask)]),
      { code: 0x15, jt: 1, jf: 0, k: value },
    ]);
    // What stands behind this guard, up to the next part.
    let behind = tests.reduce((sum, test) => sum + test.length + 1, program.length);
    for (const test of tests) {
      behind -= test.length + 1;
      result.push(...test, last ? plain(OP.retK) : plain(OP.ja, behind));
    }
    result.push(...program);
  }
  return result.length > MAX_INSTRUCTIONS ? undefined : result;
}
