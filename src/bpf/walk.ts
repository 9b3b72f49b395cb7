import { createFormulas, type Formula, type Formulas } from './formula.ts';
import { headersOf, keyOfHeaders, meet, type Headers } from './headers.ts';
import { learn } from './learn.ts';
import { likelyLink, type Link } from './link.ts';
import { waysTo, liveRegisters } from './live.ts';
import {
  CLASS,
  isConditionalJump,
  JUMP,
  OP,
  SCRATCH_WORDS,
  SOURCE_X,
  type Instruction,
  type Program,
} from './program.ts';
import { solve, type Bits } from './solve.ts';
import { A, SCRATCH, execute, mayDrop, outcome, X } from './symbolic.ts';

/** The end of a straight run of instructions, as reached by ways that agree on everything that matters from here on. */
export interface Step {
  /** The instruction that it ends with. */
  readonly pc: number;
  readonly headers: Headers;
  /** What a conditional jump asks; undefined for every other instruction. */
  readonly test?: Test;
  /** Where it goes on: one step, or for a test that can come out either way those of true and of false. */
  readonly next: readonly Step[];
  /** Whether some packet that comes by here is let through, or turned down by a return. */
  readonly accepts: boolean;
  readonly rejects: boolean;
}

/** The question of a conditional jump: `left` is A. */
export interface Test {
  readonly kind: 'jeq' | 'jgt' | 'jge' | 'jset';
  readonly left: Formula;
  readonly right: Formula;
  /** What makes the two sides of a `jeq` equal, or the result of a `jset` zero, where that can be told. */
  readonly equality: readonly Bits[] | undefined;
  /** The values of `left` on the ways to here, from earlier comparisons of the same formula. */
  readonly interval: Interval | undefined;
}

export interface Interval {
  readonly of: Formula;
  readonly from: number;
  readonly to: number;
  /** The jump that it comes from, and how that came out. */
  readonly pc: number;
  readonly holds: boolean;
}

export interface Walk {
  /** Every step, in an order in which a step stands before those it leads to. */
  readonly steps: readonly Step[];
  /** Whether something in the packet, not only a return, can end a run: a load, a division. */
  readonly readsPacket: boolean;
  /** False when ways had to be thrown together, or a formula grew too large to be followed. */
  readonly exact: boolean;
}

interface State {
  /** Scratch words, then A, then X. */
  readonly registers: readonly Formula[];
  readonly headers: Headers;
  readonly interval: Interval | undefined;
}

/** So many different states are kept where ways meet, until so many instructions are followed; then all ways there are one. */
const STATES_EACH = 48;
const INSTRUCTIONS_IN_ALL = 8_000;

interface MutableStep extends Step {
  pc: number;
  state: State;
  headers: Headers;
  test?: Test;
  readonly next: MutableStep[];
  accepts: boolean;
  rejects: boolean;
}

/**
 * Follows all ways through a program at once. Jumps only lead forward, so one pass over the instructions is enough; ways
 * that meet in the same state go on as one.
 *
 * @param program A program that Linux takes.
 * @param boundTo EtherType that the socket is bound to.
 */
export function walk(program: Program, link: Link, boundTo?: number): Walk {
  const formulas = createFormulas();
  const live = liveRegisters(program);
  const ways = waysTo(program);
  const waiting: (Map<string, MutableStep> | undefined)[] = [];
  const steps: MutableStep[] = [];
  let exact = true;
  let readsPacket = false;
  let followed = 0;

  const arrive = (pc: number, state: State): MutableStep => {
    const here = (waiting[pc] ??= new Map<string, MutableStep>());
    const meets = (ways[pc] ?? 0) > 1;
    const key = meets ? keyOf(state, live[pc] ?? 0) : String(here.size);
    const known = here.get(key);
    if (known !== undefined) return known;
    if (meets && (here.size >= STATES_EACH || followed >= INSTRUCTIONS_IN_ALL)) {
      const [first] = here.values();
      if (first !== undefined) {
        exact = false;
        first.state = joined(first.state, state, formulas);
        return first;
      }
    }
    const step: MutableStep = { pc, headers: state.headers, state, next: [], accepts: false, rejects: false };
    here.set(key, step);
    return step;
  };

  /** Follows one way from where it arrived to the next jump, return or place where ways meet. */
  const follow = (step: MutableStep): void => {
    const registers = [...step.state.registers];
    for (let pc = step.pc; ; pc++) {
      const instruction = program[pc];
      if (instruction === undefined) return;
      step.pc = pc;
      followed++;
      if (isConditionalJump(instruction)) {
        branch(step, instruction, stateOf(step, registers), formulas, arrive);
        if (step.test?.left === formulas.unknown || step.test?.right === formulas.unknown) exact = false;
        return;
      }
      if ((instruction.code & 7) === CLASS.ret) {
        Object.assign(step, outcome(instruction, registers));
        if (instruction.code === OP.retA && registers[A] === formulas.unknown) exact = false;
        return;
      }
      readsPacket ||= mayDrop(instruction, registers);
      if (!execute(instruction, registers, formulas)) {
        step.rejects = true;
        return;
      }
      const next = instruction.code === OP.ja ? pc + 1 + instruction.k : pc + 1;
      if (next !== pc + 1 || (ways[next] ?? 0) > 1) {
        step.next.push(arrive(next, stateOf(step, registers)));
        return;
      }
    }
  };

  const start = link === 'any' ? likelyLink(program) : link;
  const zero = formulas.constant(0);
  arrive(0, {
    registers: Array<Formula>(SCRATCH + SCRATCH_WORDS).fill(zero),
    headers: headersOf(start, boundTo),
    interval: undefined,
  });
  for (let pc = 0; pc < program.length; pc++) {
    for (const step of waiting[pc]?.values() ?? []) {
      step.headers = step.state.headers;
      steps.push(step);
      follow(step);
    }
    waiting[pc] = undefined;
  }
  for (const step of steps.toReversed()) {
    for (const next of step.next) {
      step.accepts ||= next.accepts;
      step.rejects ||= next.rejects;
    }
  }
  return { steps, readsPacket, exact };
}

function stateOf({ state: { headers, interval } }: MutableStep, registers: readonly Formula[]): State {
  return { registers, headers, interval };
}

/** Registers that nobody reads any more do not keep ways apart. */
function keyOf({ registers, headers, interval }: State, live: number): string {
  let key = `${keyOfHeaders(headers)} ${interval === undefined ? '' : `${interval.of.id} ${interval.from} ${interval.to}`}`;
  for (let index = 0, rest = live; rest !== 0; index++, rest >>>= 1) {
    if (rest & 1) key += ` ${registers[index]?.id}`;
  }
  return key;
}

function joined(one: State, other: State, formulas: Formulas): State {
  return {
    registers: one.registers.map((formula, index) => (formula === other.registers[index] ? formula : formulas.unknown)),
    headers: meet(one.headers, other.headers),
    interval: undefined,
  };
}

const KINDS: Readonly<Record<number, Test['kind']>> = {
  [JUMP.jeq]: 'jeq',
  [JUMP.jgt]: 'jgt',
  [JUMP.jge]: 'jge',
  [JUMP.jset]: 'jset',
};

function branch(
  step: MutableStep,
  instruction: Instruction,
  state: State,
  formulas: Formulas,
  arrive: (pc: number, state: State) => MutableStep,
): void {
  const { pc } = step;
  const { code, jt, jf, k } = instruction;
  const left = state.registers[A] ?? formulas.unknown;
  const right = code & SOURCE_X ? (state.registers[X] ?? formulas.unknown) : formulas.constant(k);
  const kind = KINDS[code & 0xf0] ?? 'jeq';
  const onTrue = pc + 1 + jt;
  const onFalse = pc + 1 + jf;
  const decided = jt === jf || decide(kind, left, right);
  const equality = decided === undefined ? equalityOf(kind, left, right) : undefined;
  if (decided !== undefined || equality === 'never' || equality?.length === 0) {
    const holds = decided ?? (equality === 'never') === (kind === 'jset');
    step.next.push(arrive(holds ? onTrue : onFalse, state));
    return;
  }
  const interval = state.interval?.of === left ? state.interval : undefined;
  const before = { ...state, interval };
  step.test = { kind, left, right, equality, interval };
  const ways: (readonly [number, State | undefined])[] =
    kind === 'jgt' || kind === 'jge'
      ? compared(step.test, before, pc).map((side, index) => [index === 0 ? onTrue : onFalse, side])
      : [
          [onTrue, learned(before, equality, kind === 'jeq')],
          [onFalse, learned(before, equality, kind === 'jset')],
        ];
  for (const [target, after] of ways) if (after !== undefined) step.next.push(arrive(target, after));
  if (step.next.length < 2) delete step.test;
}

function decide(kind: Test['kind'], left: Formula, right: Formula): boolean | undefined {
  if (left.kind !== 'constant' || right.kind !== 'constant') {
    if (kind === 'jgt' && right.kind === 'constant' && left.bits <= right.value) return false;
    if (kind === 'jge' && right.kind === 'constant' && left.bits < right.value) return false;
    if (kind === 'jge' && right.kind === 'constant' && right.value === 0) return true;
    return kind === 'jset' && (left.bits & right.bits) === 0 ? false : undefined;
  }
  switch (kind) {
    case 'jeq':
      return left.value === right.value;
    case 'jgt':
      return left.value > right.value;
    case 'jge':
      return left.value >= right.value;
    case 'jset':
      return (left.value & right.value) !== 0;
  }
}

function equalityOf(kind: Test['kind'], left: Formula, right: Formula): readonly Bits[] | 'never' | undefined {
  if (kind === 'jgt' || kind === 'jge') return undefined;
  if (kind === 'jset') return right.kind === 'constant' ? solve(left, 0, right.value) : undefined;
  if (right.kind === 'constant') return solve(left, right.value);
  return left.kind === 'constant' ? solve(right, left.value) : undefined;
}

/** The state on the side where an equality holds, or does not; undefined where that cannot be. */
function learned(state: State, equality: readonly Bits[] | undefined, equal: boolean): State | undefined {
  if (equality === undefined || (!equal && equality.length !== 1)) return state;
  let headers: Headers | undefined = state.headers;
  for (const bits of equality) headers &&= learn(headers, bits, equal);
  return headers === undefined ? undefined : headers === state.headers ? state : { ...state, headers };
}

/** The states after `jgt` and `jge`: the formula lies in a smaller interval on either side. */
function compared(test: Test, state: State, pc: number): (State | undefined)[] {
  return [true, false].map((holds) => {
    const side = intervalAfter(test, holds);
    if (side === undefined) return state;
    return side.from > side.to ? undefined : { ...state, interval: { ...side, pc, holds } };
  });
}

/** In which interval the left side lies after `jgt` or `jge` came out true, or false. */
export function intervalAfter(
  { kind, left, right, interval }: Test,
  holds: boolean,
): Omit<Interval, 'pc' | 'holds'> | undefined {
  if (right.kind !== 'constant') return undefined;
  const { from, to } = interval ?? { from: 0, to: left.bits };
  const border = kind === 'jgt' ? right.value + 1 : right.value;
  return holds ? { of: left, from: Math.max(from, border), to } : { of: left, from, to: Math.min(to, border - 1) };
}
