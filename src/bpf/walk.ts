import { ancillaryOf } from './ancillary.ts';
import { createFormulas, type Formula, type Formulas, type Operator } from './formula.ts';
import { headersOf, keyOfHeaders, learn, meet, type Headers } from './headers.ts';
import { likelyLink, type Link } from './link.ts';
import {
  ALU,
  CLASS,
  isConditionalJump,
  JUMP,
  MODE,
  OP,
  SCRATCH_WORDS,
  SOURCE_X,
  successors,
  WIDTH,
} from './program.ts';
import type { Instruction, Program } from './program.ts';
import { solve, type Bits } from './solve.ts';

/** One instruction as reached by ways that agree on everything that matters from here on. */
export interface Step {
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

const A = SCRATCH_WORDS;
const X = SCRATCH_WORDS + 1;

/** So many different states are kept of one instruction, until so many steps are made; then all ways to it are one. */
const STATES_EACH = 64;
const STEPS_IN_ALL = 6000;

/**
 * Follows all ways through a program at once. Jumps only lead forward, so one pass over the instructions is enough; ways
 * that meet in the same state go on as one.
 *
 * @param program A program that Linux takes.
 */
export function walk(program: Program, link: Link, boundTo?: number): Walk {
  const formulas = createFormulas();
  const live = liveRegisters(program);
  const pending: (Map<string, MutableStep> | undefined)[] = [];
  const steps: MutableStep[] = [];
  let exact = true;
  let readsPacket = false;
  let made = 0;

  const arrive = (pc: number, state: State): MutableStep => {
    const here = (pending[pc] ??= new Map<string, MutableStep>());
    const registers = dropDead(state.registers, live[pc] ?? 0, formulas);
    const key = keyOf(registers, state);
    const known = here.get(key);
    if (known !== undefined) return known;
    if (here.size >= STATES_EACH || (made >= STEPS_IN_ALL && here.size > 0)) {
      exact = false;
      const [first] = here.values();
      if (first !== undefined) {
        first.state = joined(first.state, { ...state, registers }, formulas);
        return first;
      }
    }
    made++;
    const step: MutableStep = {
      pc,
      headers: state.headers,
      state: { ...state, registers },
      next: [],
      accepts: false,
      rejects: false,
    };
    here.set(key, step);
    return step;
  };

  const start = link === 'any' ? likelyLink(program) : link;
  const zero = formulas.constant(0);
  arrive(0, { registers: Array<Formula>(X + 1).fill(zero), headers: headersOf(start, boundTo), interval: undefined });
  for (const [pc, instruction] of program.entries()) {
    for (const step of pending[pc]?.values() ?? []) {
      step.headers = step.state.headers;
      steps.push(step);
      if (isConditionalJump(instruction)) {
        branch(step, instruction, formulas, arrive);
        if (step.test?.left === formulas.unknown || step.test?.right === formulas.unknown) exact = false;
      } else if ((instruction.code & 7) === CLASS.ret) {
        Object.assign(step, outcome(instruction, step.state));
      } else {
        const after = execute(instruction, step.state, formulas);
        readsPacket ||= mayDrop(instruction, step.state);
        if (after === undefined) step.rejects = true;
        else for (const next of successors(instruction, pc)) step.next.push(arrive(next, after));
      }
    }
    pending[pc] = undefined;
  }
  for (const step of steps.toReversed()) {
    for (const next of step.next) {
      step.accepts ||= next.accepts;
      step.rejects ||= next.rejects;
    }
  }
  return { steps, readsPacket, exact };
}

interface MutableStep extends Step {
  state: State;
  headers: Headers;
  test?: Test;
  next: MutableStep[];
  accepts: boolean;
  rejects: boolean;
}

function keyOf(registers: readonly Formula[], { headers, interval }: State): string {
  let key = '';
  for (const { id } of registers) key += `${id} `;
  return `${key}${keyOfHeaders(headers)} ${interval === undefined ? '' : `${interval.of.id} ${interval.from} ${interval.to}`}`;
}

function joined(one: State, other: State, formulas: Formulas): State {
  return {
    registers: one.registers.map((formula, index) => (formula === other.registers[index] ? formula : formulas.unknown)),
    headers: meet(one.headers, other.headers),
    interval: undefined,
  };
}

/** Registers that nobody reads any more do not keep ways apart. */
function dropDead(registers: readonly Formula[], live: number, formulas: Formulas): readonly Formula[] {
  const zero = formulas.constant(0);
  return registers.map((formula, index) => (live & (1 << index) ? formula : zero));
}

/** One bit a register for each instruction: whether a later one reads what is in it now. */
function liveRegisters(program: Program): Uint32Array {
  const live = new Uint32Array(program.length);
  for (let pc = program.length - 1; pc >= 0; pc--) {
    const instruction = program[pc];
    if (instruction === undefined) continue;
    let after = 0;
    for (const next of successors(instruction, pc)) after |= live[next] ?? 0;
    live[pc] = (after & ~written(instruction)) | read(instruction);
  }
  return live;
}

function written({ code, k }: Instruction): number {
  switch (code & 7) {
    case CLASS.ld:
    case CLASS.alu:
      return 1 << A;
    case CLASS.ldx:
      return 1 << X;
    case CLASS.st:
    case CLASS.stx:
      return 1 << k;
    case CLASS.misc:
      return code === OP.tax ? 1 << X : 1 << A;
    default:
      return 0;
  }
}

function read(instruction: Instruction): number {
  const { code, k } = instruction;
  const x = code & SOURCE_X ? 1 << X : 0;
  switch (code & 7) {
    case CLASS.ld:
    case CLASS.ldx:
      if (ancillaryOf(instruction) === 'alu_xor_x') return (1 << A) | (1 << X);
      if ((code & 0xe0) === MODE.mem) return 1 << k;
      return (code & 0xe0) === MODE.ind ? 1 << X : 0;
    case CLASS.st:
      return 1 << A;
    case CLASS.stx:
      return 1 << X;
    case CLASS.alu:
      return (1 << A) | x;
    case CLASS.jmp:
      return code === OP.ja ? 0 : (1 << A) | x;
    case CLASS.ret:
      return code === OP.retA ? 1 << A : 0;
    default:
      return code === OP.tax ? 1 << A : 1 << X;
  }
}

const OPERATORS: Readonly<Record<number, Operator>> = Object.fromEntries(
  Object.entries(ALU)
    .filter(([name]) => name !== 'neg')
    .map(([name, bits]) => [bits, name as Operator]),
);

/** The state after an instruction that is no jump and no return; undefined when it always drops. */
function execute(instruction: Instruction, state: State, formulas: Formulas): State | undefined {
  const { code, k } = instruction;
  const { registers } = state;
  const at = (index: number): Formula => registers[index] ?? formulas.unknown;
  const set = (index: number, value: Formula): State => ({ ...state, registers: registers.with(index, value) });
  const loaded = (): Formula => {
    const ancillary = ancillaryOf(instruction);
    if (ancillary === 'alu_xor_x') return formulas.operation('xor', at(A), at(X));
    if (ancillary !== undefined) return formulas.ancillary(ancillary);
    const width = WIDTH[code & 0x18] ?? 4;
    switch (code & 0xe0) {
      case MODE.imm:
        return formulas.constant(k);
      case MODE.abs:
        return formulas.load(formulas.constant(k), width);
      case MODE.ind:
        return formulas.load(formulas.operation('add', at(X), formulas.constant(k)), width);
      case MODE.mem:
        return at(k);
      case MODE.len:
        return formulas.length;
      default: {
        const nibble = formulas.operation('and', formulas.load(formulas.constant(k), 1), formulas.constant(0x0f));
        return formulas.operation('lsh', nibble, formulas.constant(2));
      }
    }
  };
  switch (code & 7) {
    case CLASS.ld:
      return set(A, loaded());
    case CLASS.ldx:
      return set(X, loaded());
    case CLASS.st:
      return set(k, at(A));
    case CLASS.stx:
      return set(k, at(X));
    case CLASS.alu: {
      if (code === OP.neg) return set(A, formulas.operation('sub', formulas.constant(0), at(A)));
      const right = code & SOURCE_X ? at(X) : formulas.constant(k);
      const operator = OPERATORS[code & 0xf0] ?? 'add';
      const divides = operator === 'div' || operator === 'mod';
      if (divides && right.kind === 'constant' && right.value === 0) return undefined;
      const count =
        (operator === 'lsh' || operator === 'rsh') && right.kind === 'constant' ? right.value & 31 : undefined;
      return set(A, formulas.operation(operator, at(A), count === undefined ? right : formulas.constant(count)));
    }
    case CLASS.misc:
      return code === OP.tax ? set(X, at(A)) : set(A, at(X));
    default:
      return state;
  }
}

/** Whether the kernel may drop a packet at this instruction without a return. */
function mayDrop(instruction: Instruction, { registers }: State): boolean {
  const { code } = instruction;
  const mode = code & 0xe0;
  if ((code & 7) <= CLASS.ldx) {
    return (mode === MODE.abs && ancillaryOf(instruction) === undefined) || mode === MODE.ind || mode === MODE.msh;
  }
  const divides = (code & 7) === CLASS.alu && ((code & 0xf0) === ALU.div || (code & 0xf0) === ALU.mod);
  return divides && (code & SOURCE_X) !== 0 && registers[X]?.kind !== 'constant';
}

function outcome(
  { code, k }: Instruction,
  { registers }: State,
): { readonly accepts: boolean; readonly rejects: boolean } {
  if (code === OP.retK) return { accepts: k !== 0, rejects: k === 0 };
  const value = registers[A];
  if (value?.kind === 'constant') return { accepts: value.value !== 0, rejects: value.value === 0 };
  return { accepts: value?.bits !== 0, rejects: true };
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
  formulas: Formulas,
  arrive: (pc: number, state: State) => MutableStep,
): void {
  const { state, pc } = step;
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
