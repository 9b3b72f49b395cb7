import type { Formula, Formulas } from '../formula.ts';
import { readBy, writtenBy } from '../live.ts';
import { CLASS, isAbsoluteLoad, isConditionalJump, OP, type Instruction, type Program } from '../program.ts';
import { A, execute, X } from '../symbolic.ts';
import type { Condition, Interning } from './condition.ts';
import { effectOf, mayAsk, testOf, type Test } from './effect.ts';

export type End = 'accept' | 'reject' | 'maybe';

/**
 * Instructions that are always run one after the other: from where ways meet to where they part or meet again. What only moves
 * registers is a line of its own before a load from a fixed place: what is asked of that is then the same for all registers.
 */
interface Line {
  readonly code: readonly Instruction[];
  /** The jump or return at its end, where there is one. */
  readonly last: Instruction | undefined;
  /** The instruction behind it. */
  readonly next: number;
  /** How many instructions it has. */
  readonly length: number;
  /** Whether it only moves registers, and asks nothing. */
  readonly moves: boolean;
  /** The registers that it reads from before it, and those that it sets. */
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  /** What the jump asked last, of which values. */
  asked: { readonly a: Formula | undefined; readonly x: Formula | undefined; readonly test: Test } | undefined;
}

/** What a line comes to for one content of the registers. */
export interface Stretch {
  readonly line: Line;
  /** What must hold to get through it; else the packet is dropped. */
  readonly guards: readonly Condition[];
  readonly test: Condition | 'unknown' | undefined;
  /** The instructions or ends where it goes on: yes and no, or the only way. */
  readonly to: readonly (number | End)[];
  /** The registers at its beginning and at its end. */
  readonly before: readonly Formula[];
  readonly after: readonly Formula[];
}

interface Course {
  readonly program: Program;
  /** From how many places each instruction can be reached. */
  readonly ways: Uint16Array;
  /** Where an offset from the network header begins in the packet. */
  readonly networkAt: number;
  readonly formulas: Formulas;
  readonly intern: Interning;
}

export interface Stretches {
  /** Follows a program from one place, with some content of the registers, to where ways part or meet. */
  readonly stretchFrom: (start: number, registers: readonly Formula[]) => Stretch;
  readonly lineFrom: (start: number) => Line;
  /** What a line that only moves registers leaves in them; undefined where it always drops the packet. */
  readonly moved: (line: Line, registers: readonly Formula[]) => readonly Formula[] | undefined;
}

export function createStretches(course: Course): Stretches {
  const { networkAt, formulas, intern } = course;
  const lines: (Line | undefined)[] = [];
  // As each place was followed last: other states often hold the same in what is read there.
  const latest: (Stretch | undefined)[] = [];
  let guards: Condition[] = NONE;
  const ask = (condition: Condition): void => {
    guards = [...guards, intern(condition)];
  };
  const made = (line: Line, before: readonly Formula[]): Stretch => {
    const after = before.slice();
    const ended = (to: Stretch['to'], test: Stretch['test']): Stretch => ({ line, guards, test, to, before, after });
    guards = NONE;
    for (let number = 0; number < line.code.length; number++) {
      const effect = effectOf(line.code[number]!, after, ask, networkAt, formulas);
      if (effect !== 'on') return ended([effect], undefined);
    }
    const { last, next } = line;
    if (last === undefined) return ended([next], undefined);
    if (!isConditionalJump(last)) return returned(last, after, ended);
    const yes = next + last.jt;
    const no = next + last.jf;
    const test = yes === no ? true : tested(line, last, after);
    if (typeof test === 'boolean') return ended([test ? yes : no], undefined);
    return ended(test.inverted ? [no, yes] : [yes, no], test.condition);
  };
  const tested = (line: Line, jump: Instruction, registers: readonly Formula[]): Test => {
    const a = registers[A];
    const x = registers[X];
    if (line.asked !== undefined && line.asked.a === a && line.asked.x === x) return line.asked.test;
    let test = testOf(jump, registers, formulas);
    if (typeof test === 'object' && typeof test.condition === 'object') {
      test = { condition: intern(test.condition), inverted: test.inverted };
    }
    line.asked = { a, x, test };
    return test;
  };
  const lineAt = (start: number): Line => (lines[start] ??= lineFrom(start, course));
  return {
    stretchFrom: (start, registers) => {
      const known = latest[start];
      if (known !== undefined && isSameFor(known, registers)) return known;
      return (latest[start] = made(lineAt(start), registers));
    },
    lineFrom: lineAt,
    moved: ({ code }, registers) => {
      const after = registers.slice();
      for (let number = 0; number < code.length; number++) {
        if (!execute(code[number]!, after, formulas)) return undefined;
      }
      return after;
    },
  };
}

const NONE: Condition[] = [];

function lineFrom(start: number, { program, ways }: Course): Line {
  const code: Instruction[] = [];
  let reads = 0;
  let writes = 0;
  let moves = true;
  for (let pc = start, length = 1; ; pc++, length++) {
    const instruction = program[pc];
    if (instruction === undefined) throw new RangeError(`there is no instruction ${pc}`);
    if (moves && pc > start && isAbsoluteLoad(instruction)) {
      return lined({ code, last: undefined, next: pc, length: length - 1, moves }, reads, writes);
    }
    moves &&= !mayAsk(instruction);
    reads |= readBy(instruction) & ~writes;
    writes |= writtenBy(instruction);
    const next = instruction.code === OP.ja ? pc + 1 + instruction.k : pc + 1;
    const ends = (instruction.code & 7) === CLASS.ret || isConditionalJump(instruction);
    if (!ends) code.push(instruction);
    if (ends || next !== pc + 1 || (ways[next] ?? 0) > 1) {
      const last = ends ? instruction : undefined;
      return lined({ code, last, next, length, moves: moves && !ends }, reads, writes);
    }
  }
}

function lined(line: Omit<Line, 'reads' | 'writes' | 'asked'>, reads: number, writes: number): Line {
  return { ...line, reads: listed(reads), writes: listed(writes), asked: undefined };
}

function listed(bits: number): readonly number[] {
  const list: number[] = [];
  for (let index = 0; bits >>> index !== 0; index++) if (((bits >>> index) & 1) !== 0) list.push(index);
  return list;
}

function returned(
  { code, k }: Instruction,
  registers: readonly Formula[],
  ended: (to: Stretch['to'], test: Stretch['test']) => Stretch,
): Stretch {
  const leaf = (value: number) => (value === 0 ? 'reject' : 'accept');
  const value = code === OP.retK ? undefined : registers[A];
  if (value === undefined) return ended([leaf(k)], undefined);
  if (value.kind === 'constant') return ended([leaf(value.value)], undefined);
  if (value.kind === 'unknown') return ended(['maybe'], undefined);
  return ended(['reject', 'accept'], { kind: 'within', of: value, intervals: [[0, 0]] });
}

/** Whether a stretch does the same for other registers: those that it reads hold the same. */
function isSameFor({ before, line: { reads } }: Stretch, registers: readonly Formula[]): boolean {
  for (let number = 0; number < reads.length; number++) {
    const register = reads[number]!;
    if (before[register] !== registers[register]) return false;
  }
  return true;
}

/**
 * What a stretch leaves in registers for which it does the same.
 *
 * @param live A bit for each register that is still read: others need not be right.
 */
export function carriedOver(
  { before, after, line: { writes } }: Stretch,
  registers: readonly Formula[],
  live: number,
): readonly Formula[] {
  if (registers === before) return after;
  let carried: Formula[] | undefined;
  for (let number = 0; number < writes.length; number++) {
    const register = writes[number]!;
    if (((live >>> register) & 1) !== 0) (carried ??= registers.slice())[register] = after[register]!;
  }
  return carried ?? registers;
}
