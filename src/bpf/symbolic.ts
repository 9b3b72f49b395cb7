import { ancillaryOf } from './ancillary.ts';
import type { Formula, Formulas, Operator } from './formula.ts';
import { ALU, CLASS, MODE, OP, SOURCE_X, WIDTH, type Instruction } from './program.ts';

/** Where the registers stand; the scratch words come after them. */
export const A = 0;
export const X = 1;
/** The first scratch word. */
export const SCRATCH = 2;

const OPERATORS: Readonly<Record<number, Operator>> = Object.fromEntries(
  Object.entries(ALU)
    .filter(([name]) => name !== 'neg')
    .map(([name, bits]) => [bits, name as Operator]),
);

/** Does to the registers what an instruction does that is no test and no return. False when it always drops the packet. */
export function execute(instruction: Instruction, registers: Formula[], formulas: Formulas): boolean {
  const { code, k } = instruction;
  const a = registers[A] ?? formulas.unknown;
  const x = registers[X] ?? formulas.unknown;
  switch (code & 7) {
    case CLASS.ld:
      registers[A] = loaded(instruction, registers, formulas);
      return true;
    case CLASS.ldx:
      registers[X] = loaded(instruction, registers, formulas);
      return true;
    case CLASS.st:
      registers[SCRATCH + k] = a;
      return true;
    case CLASS.stx:
      registers[SCRATCH + k] = x;
      return true;
    case CLASS.alu: {
      const operator = OPERATORS[code & 0xf0];
      if (operator === undefined) {
        registers[A] = formulas.operation('sub', formulas.constant(0), a);
        return true;
      }
      const right = code & SOURCE_X ? x : formulas.constant(k);
      const value = right.kind === 'constant' ? right.value : undefined;
      if ((operator === 'div' || operator === 'mod') && value === 0) return false;
      const shifts = (operator === 'lsh' || operator === 'rsh') && value !== undefined;
      registers[A] = formulas.operation(operator, a, shifts ? formulas.constant(value & 31) : right);
      return true;
    }
    case CLASS.misc:
      if (code === OP.tax) registers[X] = a;
      else registers[A] = x;
      return true;
    default:
      return true;
  }
}

function loaded(instruction: Instruction, registers: readonly Formula[], formulas: Formulas): Formula {
  const { code, k } = instruction;
  const x = registers[X] ?? formulas.unknown;
  const ancillary = ancillaryOf(instruction);
  if (ancillary === 'alu_xor_x') return formulas.operation('xor', registers[A] ?? formulas.unknown, x);
  if (ancillary !== undefined) return formulas.ancillary(ancillary);
  const width = WIDTH[code & 0x18] ?? 4;
  switch (code & 0xe0) {
    case MODE.imm:
      return formulas.constant(k);
    case MODE.abs:
      return formulas.load(formulas.constant(k), width);
    case MODE.ind:
      return formulas.load(formulas.operation('add', x, formulas.constant(k)), width);
    case MODE.mem:
      return registers[SCRATCH + k] ?? formulas.unknown;
    case MODE.len:
      return formulas.length;
    default: {
      const nibble = formulas.operation('and', formulas.load(formulas.constant(k), 1), formulas.constant(0x0f));
      return formulas.operation('lsh', nibble, formulas.constant(2));
    }
  }
}
