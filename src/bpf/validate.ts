import { ANCILLARY_AREA, ancillaryIndex } from './ancillary.ts';
import {
  ALU,
  CLASS,
  isAbsoluteLoad,
  isConditionalJump,
  MAX_INSTRUCTIONS,
  OP,
  SCRATCH_WORDS,
  VALID_CODES,
  type Instruction,
  type Program,
} from './program.ts';

/**
 * Says why Linux refuses to attach a program, in the order in which the kernel looks.
 *
 * Limits that depend on the host are not applied: Linux also refuses a program, with ENOMEM, whose translation to eBPF does
 * not fit into what `net.core.optmem_max` leaves to the socket, 8 bytes an instruction. On Linux 6.18 and 128 KiB, its
 * default, a word or half a word at a fixed offset counts 13, a byte 12, at x + k 9 and 8, `4*([k]&0xf)` 18, division by X 5,
 * other instructions 1 to 4: 1,258 loads of a word with a return are taken, 1,259 are not.
 *
 * @returns The reason, naming the instruction that the kernel stumbles over; undefined when it takes the program.
 * @see bpf_check_classic() and check_load_and_stores() in net/core/filter.c
 * @example
 * refusalOf([{ code: 0x34, jt: 0, jf: 0, k: 0 }, { code: 0x06, jt: 0, jf: 0, k: 1 }]); // 'instruction 0: division by zero'
 */
export function refusalOf(program: Program): string | undefined {
  if (program.length === 0) return 'the program is empty';
  if (program.length > MAX_INSTRUCTIONS) {
    return `the program has ${program.length} instructions, more than ${MAX_INSTRUCTIONS}`;
  }
  for (let pc = 0; pc < program.length; pc++) {
    const fault = faultOf(program[pc]!, program.length - pc - 1);
    if (fault !== undefined) return `instruction ${pc}: ${fault}`;
  }
  const last = program.at(-1)?.code;
  if (last !== OP.retK && last !== OP.retA) return `instruction ${program.length - 1}: the last one is no return`;
  return unsetScratchRead(program);
}

/** What is wrong with an instruction by itself; `after` is the number of instructions that follow it. */
function faultOf(instruction: Instruction, after: number): string | undefined {
  const { code, jt, jf, k } = instruction;
  if (!VALID_CODES.has(code)) return `unknown opcode 0x${code.toString(16).padStart(2, '0')}`;
  switch (code) {
    case CLASS.alu | ALU.div:
    case CLASS.alu | ALU.mod:
      return k === 0 ? 'division by zero' : undefined;
    case CLASS.alu | ALU.lsh:
    case CLASS.alu | ALU.rsh:
      return k >= 32 ? `shift by ${k}` : undefined;
    case OP.ldMem:
    case OP.ldxMem:
    case OP.st:
    case OP.stx:
      return k >= SCRATCH_WORDS ? `there is no scratch word ${k}` : undefined;
    case OP.ja:
      if (k < after) return undefined;
      return k >= 0x80000000 ? 'jump backwards' : 'jump past the end';
  }
  if (isConditionalJump(instruction)) return jt >= after || jf >= after ? 'jump past the end' : undefined;
  if (isAbsoluteLoad(instruction) && k >= ANCILLARY_AREA && ancillaryIndex(k) === undefined) {
    return `unknown ancillary offset 0x${k.toString(16)}`;
  }
  return undefined;
}

/**
 * The first read of a scratch word that is not set on every way to it.
 *
 * One bit a word, as the kernel keeps them: a jump narrows what its targets may rely on. Like the kernel we do not take a
 * return for an end, so what follows one may rely on what was set before it.
 */
function unsetScratchRead(program: Program): string | undefined {
  const ALL = 0xffff;
  const atTarget = new Uint16Array(program.length).fill(ALL);
  let set = 0;
  // Without an iterator: this stands at the beginning of everything.
  for (let pc = 0; pc < program.length; pc++) {
    const { code, jt, jf, k } = program[pc]!;
    set &= atTarget[pc] ?? 0;
    if (code === OP.st || code === OP.stx) set |= 1 << k;
    else if ((code === OP.ldMem || code === OP.ldxMem) && (set & (1 << k)) === 0) {
      return `instruction ${pc}: scratch word ${k} is read before it is set`;
    } else if ((code & 7) === CLASS.jmp) {
      if (code === OP.ja) atTarget[pc + 1 + k]! &= set;
      else {
        atTarget[pc + 1 + jt]! &= set;
        atTarget[pc + 1 + jf]! &= set;
      }
      set = ALL;
    }
  }
  return undefined;
}
