import { MAX_INSTRUCTIONS, OP, type Instruction, type Program } from '../program.ts';
import { instruction, type Block } from './block.ts';

/** What libpcap lets an accepted packet keep in bytes. */
const KEEP = 262_144;

/** A conditional jump skips at most 255 instructions; some are left for the `ja` of its other branch. */
const FAR = 250;

/**
 * Lays a decision out as a program. Jumps that are too long for 8 bits go through a `ja`.
 *
 * @returns undefined when there would be more than 4096 instructions.
 */
export function programOf(block: Block): Program | undefined {
  // From the last instruction to the first: what a jump leads to stands there already. Places count from the end.
  const code: Instruction[] = [instruction(OP.retK, 0), instruction(OP.retK, KEEP)];
  const start = emit(code, block, 1, 0);
  if (start === undefined) return undefined;
  if (start !== code.length - 1) code.push(jumpTo(start, code.length));
  return code.length > MAX_INSTRUCTIONS ? undefined : code.reverse();
}

/** Puts a block before what is there. Returns where it starts, or undefined when the program grew too long. */
function emit(code: Instruction[], block: Block, yes: number, no: number): number | undefined {
  if (code.length > MAX_INSTRUCTIONS) return undefined;
  switch (block.kind) {
    case 'always':
      return yes;
    case 'never':
      return no;
    case 'not':
      return emit(code, block.of, no, yes);
    case 'and':
    case 'or': {
      let next = block.kind === 'and' ? yes : no;
      for (let index = block.of.length - 1; index >= 0; index--) {
        const part = block.of[index];
        if (part === undefined) continue;
        const start = block.kind === 'and' ? emit(code, part, next, no) : emit(code, part, yes, next);
        if (start === undefined) return undefined;
        next = start;
      }
      return next;
    }
    case 'run':
      if (yes !== code.length - 1) code.push(jumpTo(yes, code.length));
      return prepend(code, block.code);
    case 'test': {
      const [far, near] = [reach(code, yes), reach(code, no)];
      const at = code.length;
      code.push({ code: block.jump, jt: at - far - 1, jf: at - near - 1, k: block.k });
      return prepend(code, block.code);
    }
  }
}

function prepend(code: Instruction[], before: readonly Instruction[]): number {
  for (let index = before.length - 1; index >= 0; index--) {
    const one = before[index];
    if (one !== undefined) code.push(one);
  }
  return code.length - 1;
}

/** A place near enough for a conditional jump that leads on to `target`. */
function reach(code: Instruction[], target: number): number {
  if (code.length - target <= FAR) return target;
  code.push(jumpTo(target, code.length));
  return code.length - 1;
}

function jumpTo(target: number, at: number): Instruction {
  return instruction(OP.ja, at - target - 1);
}
