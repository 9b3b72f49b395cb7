import { createFormulas, type Formula, type Formulas } from '../formula.ts';
import { liveRegisters, waysTo } from '../live.ts';
import { OP, type Program } from '../program.ts';
import { SCRATCH } from '../symbolic.ts';
import { createConditions, type Condition, type Interning } from './condition.ts';
import { carriedOver, createStretches, type End, type Stretch } from './stretch.ts';

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
  readonly next: readonly (Step | End)[];
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
  next: readonly (Growing | End)[];
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
  const conditions = new Set<Condition>();
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

  const { stretchFrom, lineFrom, moved } = createStretches({ program, ways, networkAt, formulas, intern });
  /** Where something was asked; elsewhere a way is followed on at once. */
  const asking: (true | undefined)[] = [];
  /** Where a way leads: past stretches that ask nothing. */
  const reached = (target: number | End, before: readonly Formula[]): Growing | End => {
    let at = target;
    let registers = before;
    while (typeof at === 'number' && asking[at] !== true && followed < INSTRUCTIONS_IN_ALL) {
      const line = lineFrom(at);
      if (line.moves) {
        const after = moved(line, registers);
        followed += line.length;
        at = after === undefined ? 'reject' : line.next;
        registers = after ?? NONE;
        continue;
      }
      const stretch = stretchFrom(at, registers);
      const next = stretch.to[0];
      if (next === undefined || stretch.to.length > 1 || stretch.guards.length > 0) {
        asking[at] = true;
        break;
      }
      followed += stretch.line.length;
      if (typeof next === 'number') registers = carriedOver(stretch, registers, live[next] ?? 0);
      at = next;
    }
    return typeof at === 'number' ? arrive(at, registers) : at;
  };
  /** Stretches whose conditions are among those asked. */
  const noted: (Stretch | undefined)[] = [];
  const follow = (step: Growing): void => {
    const { pc, registers } = step;
    step.registers = NONE;
    const stretch = stretchFrom(pc, registers);
    const { guards, test, to } = stretch;
    if (noted[pc] !== stretch) {
      noted[pc] = stretch;
      for (let number = 0; number < guards.length; number++) conditions.add(guards[number]!);
      if (typeof test === 'object') conditions.add(test);
    }
    followed += stretch.line.length;
    step.guards = guards;
    step.test = test;
    const yes = to[0] ?? 'maybe';
    const no = to[1];
    const stillRead = liveAt(yes) | liveAt(no);
    const after = carriedOver(stretch, registers, stillRead);
    const first = reached(yes, after);
    step.next = no === undefined ? [first] : [first, reached(no, after)];
  };
  const liveAt = (target: number | End | undefined): number => (typeof target === 'number' ? (live[target] ?? 0) : 0);

  const first = arrive(0, Array<Formula>(SCRATCH + scratchWords(program)).fill(formulas.constant(0)));
  for (let pc = 0; pc < program.length; pc++) {
    const here = waiting[pc];
    if (here === undefined) continue;
    for (const step of here.values()) {
      step.index = steps.push(step) - 1;
      follow(step);
    }
    waiting[pc] = undefined;
  }
  return { steps, first, conditions };
}

const NONE: readonly never[] = [];

/** How many scratch words a program uses, the unused ones below them included. */
function scratchWords(program: Program): number {
  let most = 0;
  for (let pc = 0; pc < program.length; pc++) {
    const { code, k } = program[pc]!;
    if (code === OP.st || code === OP.stx) most = Math.max(most, k + 1);
  }
  return most;
}

/** What tells two contents of the registers apart, where only some are still read: a bit for each in `live`. */
function keyOf(registers: readonly Formula[], live: number): number | string {
  let key: number | string = 0;
  let count = 0;
  for (let rest = live; rest !== 0; rest &= rest - 1) {
    const id = registers[31 - Math.clz32(rest & -rest)]?.id ?? 0;
    // Two numbers of formulas fit one safe integer.
    if (typeof key === 'number' && count < 2) key = key * IDS + id;
    else key = `${key} ${id}`;
    count++;
  }
  return key;
}

const IDS = 2 ** 24;
