import { createFormulas, type Formula, type Formulas } from '../formula.ts';
import { liveRegisters, waysTo } from '../live.ts';
import {
  ALU,
  CLASS,
  isConditionalJump,
  JUMP,
  MODE,
  OP,
  SOURCE_X,
  WIDTH,
  type Instruction,
  type Program,
} from '../program.ts';
import { A, execute, SCRATCH, X } from '../symbolic.ts';
import { ancillaryOf } from '../ancillary.ts';
import type { Interval } from './diagram.ts';
import { indexFromStart, mayReadAreas } from './place.ts';

/** What a program asks of a packet. Equal ones of one `Formulas` table need not be the same object. */
export type Condition =
  /** A formula lies in one of some intervals, ascending and apart. */
  | { readonly kind: 'within'; readonly of: Formula; readonly intervals: readonly Interval[] }
  /** Two formulas compare: equal, the left one greater, or with a bit that both have. */
  | {
      readonly kind: 'relation';
      readonly operator: 'eq' | 'gt' | 'common';
      readonly left: Formula;
      readonly right: Formula;
    }
  /** `size` bytes from `index` on lie in the packet. */
  | { readonly kind: 'fits'; readonly index: Formula; readonly size: number }
  /** The index of a load does not reach the header areas at the end of the number space, where it would read something else. */
  | { readonly kind: 'plain'; readonly index: Formula };

/** A stretch of a program between places where ways part or meet, with one content of the registers. */
export interface Step {
  /** Its place in the order of steps. */
  readonly index: number;
  readonly pc: number;
  /** What must hold to get through it; else the packet is dropped. `plain` ones that fail leave the answer open. */
  readonly guards: readonly Condition[];
  /** What parts the ways at its end; undefined where one way goes on, and `unknown` where it is not known what is compared. */
  readonly test: Condition | 'unknown' | undefined;
  /** Where it goes on: yes and no, or the only way. */
  readonly next: readonly (Step | 'accept' | 'reject' | 'maybe')[];
}

export interface Exploration {
  /** In the order of the program: every step comes before those it leads to. */
  readonly steps: readonly Step[];
  readonly first: Step;
}

/** So many different contents of the registers are kept where ways meet, and so many instructions are followed in all. */
const STATES_EACH = 4_200;
const INSTRUCTIONS_IN_ALL = 120_000;

interface Growing extends Step {
  index: number;
  registers: readonly Formula[];
  guards: readonly Condition[];
  test: Condition | 'unknown' | undefined;
  next: readonly (Growing | 'accept' | 'reject' | 'maybe')[];
}

/**
 * Follows all ways through a program at once. Jumps only lead forward, so one pass over the instructions is enough; ways that
 * meet with the same content of the registers that are still read go on as one.
 *
 * @param program A program that Linux takes.
 * @param networkAt Where an offset from the network header begins in the packet.
 * @param intern Shared by programs whose conditions are to be the same objects.
 */
export function explore(
  program: Program,
  networkAt: number,
  formulas: Formulas = createFormulas(),
  intern: Interning = createConditions(),
): Exploration {
  const live = liveRegisters(program);
  const ways = waysTo(program);
  const waiting: (Map<number | string, Growing> | undefined)[] = [];
  const steps: Growing[] = [];
  let followed = 0;

  const arrive = (pc: number, registers: readonly Formula[]): Growing => {
    const here = (waiting[pc] ??= new Map<number | string, Growing>());
    const key = keyOf(registers, live[pc] ?? 0);
    const known = here.get(key);
    if (known !== undefined) return known;
    if (here.size >= STATES_EACH || (here.size > 0 && followed >= INSTRUCTIONS_IN_ALL)) {
      const [first] = here.values();
      if (first !== undefined) {
        first.registers = first.registers.map((formula, index) =>
          formula === registers[index] ? formula : formulas.unknown,
        );
        return first;
      }
    }
    const step: Growing = { index: -1, pc, registers, guards: NONE, test: undefined, next: NONE };
    here.set(key, step);
    return step;
  };

  const follow = (step: Growing): void => {
    const registers = step.registers.slice();
    step.registers = NONE;
    const ask = (condition: Condition): void => {
      step.guards = [...step.guards, intern(condition)];
    };
    for (let pc = step.pc; ; pc++) {
      const instruction = program[pc];
      if (instruction === undefined) return;
      followed++;
      const { code, jt, jf } = instruction;
      if ((code & 7) === CLASS.ret) {
        Object.assign(step, returned(instruction, registers));
        return;
      }
      if (isConditionalJump(instruction)) {
        const test = jt === jf ? true : testOf(instruction, registers, formulas);
        if (typeof test === 'boolean') step.next = [arrive(pc + 1 + (test ? jt : jf), registers)];
        else {
          step.test = test.condition === 'unknown' ? 'unknown' : intern(test.condition);
          const both = [arrive(pc + 1 + jt, registers), arrive(pc + 1 + jf, registers)];
          step.next = test.inverted ? both.reverse() : both;
        }
        return;
      }
      const known = loads(instruction)
        ? load(instruction, registers, ask, networkAt, formulas)
        : divide(instruction, registers, ask);
      if (!known) {
        step.next = ['maybe'];
        return;
      }
      if (!loads(instruction) && !execute(instruction, registers, formulas)) {
        step.next = ['reject'];
        return;
      }
      const next = code === OP.ja ? pc + 1 + instruction.k : pc + 1;
      if (next !== pc + 1 || (ways[next] ?? 0) > 1) {
        step.next = [arrive(next, registers)];
        return;
      }
    }
  };

  const first = arrive(0, Array<Formula>(SCRATCH + scratchWords(program)).fill(formulas.constant(0)));
  for (let pc = 0; pc < program.length; pc++) {
    for (const step of waiting[pc]?.values() ?? []) {
      step.index = steps.push(step) - 1;
      follow(step);
    }
    waiting[pc] = undefined;
  }
  return { steps, first };
}

const NONE: readonly never[] = [];

/** How many scratch words a program uses, the unused ones below them included. */
function scratchWords(program: Program): number {
  return program.reduce((most, { code, k }) => (code === OP.st || code === OP.stx ? Math.max(most, k + 1) : most), 0);
}

/** What tells two contents of the registers apart, where only some are still read: a bit for each in `live`. */
function keyOf(registers: readonly Formula[], live: number): number | string {
  let key: number | string = 0;
  let count = 0;
  for (let index = 0, rest = live; rest !== 0; index++, rest >>>= 1) {
    if ((rest & 1) === 0) continue;
    const id: number = registers[index]?.id ?? 0;
    // Two numbers of formulas fit one safe integer.
    if (typeof key === 'number' && count < 2) key = key * IDS + id;
    else key = `${key} ${id}`;
    count++;
  }
  return key;
}

const IDS = 2 ** 24;

/** Keeps one of each condition, so that it is looked into once. */
export type Interning = (condition: Condition) => Condition;

/** For programs that share their formulas. */
export function createConditions(): Interning {
  const known = new Map<string, Condition>();
  return (condition) => {
    const key = nameOf(condition);
    const found = known.get(key);
    if (found === undefined) known.set(key, condition);
    return found ?? condition;
  };
}

function nameOf(condition: Condition): string {
  switch (condition.kind) {
    case 'within':
      return `w${condition.of.id} ${condition.intervals.join()}`;
    case 'relation':
      return `${condition.operator}${condition.left.id} ${condition.right.id}`;
    case 'fits':
      return `f${condition.index.id} ${condition.size}`;
    case 'plain':
      return `p${condition.index.id}`;
  }
}

function returned({ code, k }: Instruction, registers: readonly Formula[]): Pick<Growing, 'test' | 'next'> {
  const leaf = (value: number) => (value === 0 ? 'reject' : 'accept');
  const value = code === OP.retK ? undefined : registers[A];
  if (value === undefined) return { test: undefined, next: [leaf(k)] };
  if (value.kind === 'constant') return { test: undefined, next: [leaf(value.value)] };
  if (value.kind === 'unknown') return { test: undefined, next: ['maybe'] };
  return { test: { kind: 'within', of: value, intervals: [[0, 0]] }, next: ['reject', 'accept'] };
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
  const { code } = instruction;
  const x = registers[X];
  const divides = (code & 7) === CLASS.alu && ((code & 0xf0) === ALU.div || (code & 0xf0) === ALU.mod);
  if (!divides || (code & SOURCE_X) === 0 || x === undefined || x.kind === 'constant') return true;
  if (x.kind === 'unknown') return false;
  ask({ kind: 'within', of: x, intervals: [[1, WORD]] });
  return true;
}

const WORD = 0xffffffff;

/** What a conditional jump asks; `inverted` when the condition holds where the jump comes out false. */
function testOf(
  { code, k }: Instruction,
  registers: readonly Formula[],
  formulas: Formulas,
): { readonly condition: Condition | 'unknown'; readonly inverted: boolean } | boolean {
  const a = registers[A] ?? formulas.unknown;
  const other = code & SOURCE_X ? (registers[X] ?? formulas.unknown) : formulas.constant(k);
  if (a.kind === 'unknown' || other.kind === 'unknown') return { condition: 'unknown', inverted: false };
  const [left, right] = a.kind === 'constant' ? [other, a] : [a, other];
  const turned = left !== a;
  const within = (of: Formula, intervals: readonly Interval[], inverted = false) =>
    ({ condition: { kind: 'within', of, intervals }, inverted }) as const;
  const related = (operator: 'eq' | 'gt' | 'common', one: Formula, two: Formula, inverted = false) =>
    ({ condition: { kind: 'relation', operator, left: one, right: two }, inverted }) as const;
  const value = right.kind === 'constant' ? right.value : undefined;
  switch (code & 0xf0) {
    case JUMP.jeq:
      if (value !== undefined) return decided(within(left, [[value, value]]));
      return left === right ? true : left.id < right.id ? related('eq', left, right) : related('eq', right, left);
    case JUMP.jgt:
      if (value === undefined) return left === right ? false : related('gt', left, right);
      return decided(turned ? within(left, below(value)) : within(left, from(value + 1)));
    case JUMP.jge:
      if (value === undefined) return left === right ? true : related('gt', right, left, true);
      return decided(turned ? within(left, below(value + 1)) : within(left, from(value)));
    default: {
      if (value === undefined) return related('common', left, right);
      return decided(within(formulas.operation('and', left, formulas.constant(value)), [[0, 0]], true));
    }
  }
}

const from = (value: number): readonly Interval[] => (value > WORD ? [] : [[value, WORD]]);
const below = (value: number): readonly Interval[] => (value === 0 ? [] : [[0, value - 1]]);

/** The answer to a test that does not depend on the packet, where that is so. */
function decided(test: { readonly condition: Extract<Condition, { kind: 'within' }>; readonly inverted: boolean }) {
  const { of, intervals } = test.condition;
  const holds = (value: number) => intervals.some(([low, high]) => value >= low && value <= high);
  if (of.kind === 'constant') return holds(of.value) !== test.inverted;
  if (intervals.every(([low]) => low > of.bits)) return test.inverted;
  if (intervals.some(([low, high]) => low === 0 && high >= of.bits)) return !test.inverted;
  return test;
}
