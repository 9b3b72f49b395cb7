import { createFormulas, type Formula, type Formulas } from '../formula.ts';
import { liveRegisters, waysTo } from '../live.ts';
import { CLASS, isConditionalJump, OP, type Instruction, type Program } from '../program.ts';
import { A, SCRATCH } from '../symbolic.ts';
import { createConditions, type Condition, type Interning } from './condition.ts';
import { effectOf, testOf } from './effect.ts';

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
  /** What the steps ask, each thing once, in their order. */
  readonly conditions: ReadonlySet<Condition>;
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
      const effect = effectOf(instruction, registers, ask, networkAt, formulas);
      if (effect !== 'on') {
        step.next = [effect];
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
  return { steps, first, conditions: conditionsOf(steps) };
}

function conditionsOf(steps: readonly Step[]): ReadonlySet<Condition> {
  const asked = new Set<Condition>();
  for (const { guards, test } of steps) {
    for (const guard of guards) asked.add(guard);
    if (test !== undefined && test !== 'unknown') asked.add(test);
  }
  return asked;
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

function returned({ code, k }: Instruction, registers: readonly Formula[]): Pick<Growing, 'test' | 'next'> {
  const leaf = (value: number) => (value === 0 ? 'reject' : 'accept');
  const value = code === OP.retK ? undefined : registers[A];
  if (value === undefined) return { test: undefined, next: [leaf(k)] };
  if (value.kind === 'constant') return { test: undefined, next: [leaf(value.value)] };
  if (value.kind === 'unknown') return { test: undefined, next: ['maybe'] };
  return { test: { kind: 'within', of: value, intervals: [[0, 0]] }, next: ['reject', 'accept'] };
}
