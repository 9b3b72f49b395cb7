import { ancillaryOf } from '../ancillary.ts';
import type { Formula, Formulas } from '../formula.ts';
import { ALU, CLASS, JUMP, MODE, OP, SOURCE_X, WIDTH, type Instruction } from '../program.ts';
import { A, execute, X } from '../symbolic.ts';
import type { Condition } from './condition.ts';
import type { Interval } from './diagram.ts';
import { contains } from './intervals.ts';
import { indexFromStart, mayReadAreas } from './place.ts';

/**
 * Does to the registers what an instruction does that is no jump and no return, and notes what it asks of the packet.
 *
 * @param ask Takes what must hold, else the packet is dropped.
 * @returns How the program goes on: `reject` where it always drops the packet, `maybe` where that is not known.
 */
export function effectOf(
  instruction: Instruction,
  registers: Formula[],
  ask: (condition: Condition) => void,
  networkAt: number,
  formulas: Formulas,
): 'on' | 'reject' | 'maybe' {
  if (loads(instruction)) return load(instruction, registers, ask, networkAt, formulas) ? 'on' : 'maybe';
  if (!divide(instruction, registers, ask)) return 'maybe';
  return execute(instruction, registers, formulas) ? 'on' : 'reject';
}

/** Whether an instruction may ask something of the packet by itself. */
export function mayAsk(instruction: Instruction): boolean {
  return loads(instruction) || dividesByX(instruction);
}

function dividesByX({ code }: Instruction): boolean {
  const divides = (code & 0xf0) === ALU.div || (code & 0xf0) === ALU.mod;
  return (code & 7) === CLASS.alu && (code & SOURCE_X) !== 0 && divides;
}

/** Whether an instruction loads from the packet. */
function loads(instruction: Instruction): boolean {
  const mode = instruction.code & 0xe0;
  if ((instruction.code & 7) > CLASS.ldx) return false;
  return (mode === MODE.abs || mode === MODE.ind || mode === MODE.msh) && ancillaryOf(instruction) === undefined;
}

/** Does a load from the packet and notes what it asks of the packet. False when that is not known. */
function load(
  { code, k }: Instruction,
  registers: Formula[],
  ask: (condition: Condition) => void,
  networkAt: number,
  formulas: Formulas,
): boolean {
  const constant = formulas.constant(k);
  const fromX = (code & 0xe0) === MODE.ind;
  const sum = fromX ? formulas.operation('add', registers[X] ?? formulas.unknown, constant) : constant;
  if (sum.kind === 'unknown') return false;
  const index = indexFromStart(sum, networkAt, formulas);
  if (mayReadAreas(index)) ask({ kind: 'plain', index });
  const size = code === OP.ldxMsh ? 1 : (WIDTH[code & 0x18] ?? 4);
  ask({ kind: 'fits', index, size });
  const value = formulas.load(index, size);
  if (code !== OP.ldxMsh) registers[A] = value;
  else
    registers[X] = formulas.operation(
      'lsh',
      formulas.operation('and', value, formulas.constant(15)),
      formulas.constant(2),
    );
  return true;
}

/** Notes that a division by X drops the packet when X is zero. False when X is not known. */
function divide(instruction: Instruction, registers: readonly Formula[], ask: (condition: Condition) => void): boolean {
  const x = registers[X];
  if (!dividesByX(instruction) || x === undefined || x.kind === 'constant') return true;
  if (x.kind === 'unknown') return false;
  ask({ kind: 'within', of: x, intervals: [[1, WORD]] });
  return true;
}

const WORD = 0xffffffff;

/** `inverted` when the condition holds where the jump comes out false; where that does not depend on the packet, how it comes out. */
export type Test = { readonly condition: Condition | 'unknown'; readonly inverted: boolean } | boolean;

/** What a conditional jump asks. */
export function testOf({ code, k }: Instruction, registers: readonly Formula[], formulas: Formulas): Test {
  const a = registers[A] ?? formulas.unknown;
  const other = code & SOURCE_X ? (registers[X] ?? formulas.unknown) : formulas.constant(k);
  if (a.kind === 'unknown' || other.kind === 'unknown') return { condition: 'unknown', inverted: false };
  if (a.kind === 'constant' && other.kind === 'constant') return compared(code & 0xf0, a.value, other.value);
  if (a.kind === 'constant') return comparedWith(code & 0xf0, other, a.value, true, formulas);
  if (other.kind === 'constant') return comparedWith(code & 0xf0, a, other.value, false, formulas);
  switch (code & 0xf0) {
    case JUMP.jeq:
      return a === other ? true : a.id < other.id ? related('eq', a, other) : related('eq', other, a);
    case JUMP.jgt:
      return a === other ? false : related('gt', a, other);
    case JUMP.jge:
      return a === other ? true : related('gt', other, a, true);
    default:
      return related('common', a, other);
  }
}

function related(operator: 'eq' | 'gt' | 'common', left: Formula, right: Formula, inverted = false): Test {
  return { condition: { kind: 'relation', operator, left, right }, inverted };
}

/** @param turned Whether the value stands on the left side of the comparison. */
function comparedWith(jump: number, of: Formula, value: number, turned: boolean, formulas: Formulas): Test {
  switch (jump) {
    case JUMP.jeq:
      return decided(of, [[value, value]], false);
    case JUMP.jgt:
      return decided(of, turned ? below(value) : from(value + 1), false);
    case JUMP.jge:
      return decided(of, turned ? below(value + 1) : from(value), false);
    default:
      return decided(formulas.operation('and', of, formulas.constant(value)), [[0, 0]], true);
  }
}

function compared(jump: number, left: number, right: number): boolean {
  switch (jump) {
    case JUMP.jeq:
      return left === right;
    case JUMP.jgt:
      return left > right;
    case JUMP.jge:
      return left >= right;
    default:
      return (left & right) !== 0;
  }
}

const from = (value: number): readonly Interval[] => (value > WORD ? [] : [[value, WORD]]);
const below = (value: number): readonly Interval[] => (value === 0 ? [] : [[0, value - 1]]);

/** Whether a formula lies in some intervals: the answer, where that does not depend on the packet. */
function decided(of: Formula, intervals: readonly Interval[], inverted: boolean): Test {
  if (of.kind === 'constant') return contains(intervals, of.value) !== inverted;
  const first = intervals[0];
  if (first === undefined || first[0] > of.bits) return inverted;
  if (first[0] === 0 && first[1] >= of.bits) return !inverted;
  return { condition: { kind: 'within', of, intervals }, inverted };
}
