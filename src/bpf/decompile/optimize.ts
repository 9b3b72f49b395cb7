import { createFormulas, type Formula, type Formulas } from '../formula.ts';
import { liveRegisters } from '../live.ts';
import { ALU, CLASS, isConditionalJump, JUMP, OP, SOURCE_X, type Instruction, type Program } from '../program.ts';
import { A, execute } from '../symbolic.ts';

/** A stretch of a program that ends with a conditional jump. */
interface Block {
  readonly code: readonly Instruction[];
  readonly jump: number;
  readonly k: number;
  /** What is in the accumulator at its end; equal values have equal numbers. */
  readonly value: number;
  yes: Target;
  no: Target;
  level: number;
  /** The latest listing that it is in. */
  listed: Levels | undefined;
  /** The ways that lead here, the last one found first. */
  ways: Way[];
  /** The last block before it that every way here passes; those before that follow by `above` again. */
  above: Block | undefined;
  /** How many blocks are above it. */
  depth: number;
  /** Both ways out of it, with what every way to them takes. */
  taken: { readonly yes: Taken; readonly no: Taken } | undefined;
}

type Target = Block | 'accept' | 'reject';

/** Blocks by their distance from the furthest return; none has a distance of 0. */
type Levels = readonly (readonly Block[])[];

/** One of the two ways out of a block. */
interface Way {
  readonly from: Block;
  readonly side: 'yes' | 'no';
}

/** Programs with more blocks are not looked into, and so often an order is improved at most. */
const MOST_BLOCKS = 300;
const MOST_ROUNDS = 100;

/**
 * Orders the tests of a program that `compileExpression` made as the optimiser of libpcap 1.10.3 does.
 *
 * A test whose outcome is known on every way to it is passed over, one that leads to the same place either way is left out, and
 * tests of one value are moved together (`src port 80` and `src port 443`, with the destination ports behind them). The packets
 * that are accepted stay the same but for those that are cut short: fewer loads are needed to decide.
 *
 * @returns undefined where blocks depend on registers that others set, or there are too many of them.
 * @see optimize.c of libpcap: opt_j(), or_pullup(), and_pullup()
 */
export function optimized(program: Program): Program | undefined {
  const root = blocksOf(program, createFormulas());
  if (root === undefined) return undefined;
  const graph = { root };
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if (!improved(levelsOf(graph.root), graph)) break;
  }
  while (typeof graph.root !== 'string' && graph.root.yes === graph.root.no) graph.root = graph.root.yes;
  return laidOut(graph.root);
}

function blocksOf(program: Program, formulas: Formulas): Target | undefined {
  const live = liveRegisters(program);
  const known = new Map<number, Target>();
  let count = 0;
  const at = (start: number): Target | undefined => {
    const found = known.get(start);
    if (found !== undefined) return found;
    const code: Instruction[] = [];
    for (let pc = start; ; pc++) {
      const instruction = program[pc];
      if (instruction === undefined) return undefined;
      if (instruction.code === OP.ja) pc += instruction.k;
      else if (instruction.code === OP.retK) {
        if (code.length > 0) return undefined;
        const leaf = instruction.k === 0 ? 'reject' : 'accept';
        known.set(start, leaf);
        return leaf;
      } else if (isConditionalJump(instruction)) {
        if (live[start] !== 0 || ++count > MOST_BLOCKS) return undefined;
        const yes = at(pc + 1 + instruction.jt);
        const no = at(pc + 1 + instruction.jf);
        if (yes === undefined || no === undefined) return undefined;
        const block = blockFrom(code, instruction, yes, no, formulas);
        known.set(start, block);
        return block;
      } else code.push(instruction);
    }
  };
  return at(0);
}

/** A comparison of a difference, or of masked bits with zero, becomes a test of the value itself. */
function blockFrom(
  code: readonly Instruction[],
  jump: Instruction,
  yes: Target,
  no: Target,
  formulas: Formulas,
): Block {
  const made = (kept: readonly Instruction[], test: number, k: number, onYes: Target, onNo: Target): Block => ({
    code: kept,
    jump: test,
    k,
    value: valueAfter(kept, formulas),
    yes: onYes,
    no: onNo,
    level: 0,
    listed: undefined,
    ways: [],
    above: undefined,
    depth: 0,
    taken: undefined,
  });
  const last = code.at(-1);
  const rest = code.slice(0, -1);
  if (last !== undefined && jump.code === (CLASS.jmp | JUMP.jeq)) {
    if (last.code === (CLASS.alu | ALU.and) && jump.k === 0) return made(rest, CLASS.jmp | JUMP.jset, last.k, no, yes);
    if (last.code === (CLASS.alu | ALU.sub)) return made(rest, jump.code, (jump.k + last.k) >>> 0, yes, no);
    if (last.code === (CLASS.alu | ALU.sub | SOURCE_X) && jump.k === 0)
      return made(rest, jump.code | SOURCE_X, 0, yes, no);
  }
  return made(code, jump.code, jump.k, yes, no);
}

let unknowns = -1;

function valueAfter(code: readonly Instruction[], formulas: Formulas): number {
  const registers: Formula[] = [formulas.unknown, formulas.unknown];
  for (const instruction of code) if (!execute(instruction, registers, formulas)) return unknowns--;
  const value = registers[A];
  return value === undefined || value.kind === 'unknown' ? unknowns-- : value.id;
}

/** The blocks that can be reached, those of one level that were found last first. */
function levelsOf(root: Target): Levels {
  const levels: Block[][] = [[]];
  const visit = (target: Target): number => {
    if (typeof target === 'string') return 0;
    if (target.listed === levels) return target.level;
    target.listed = levels;
    target.level = Math.max(visit(target.yes), visit(target.no)) + 1;
    (levels[target.level] ??= []).push(target);
    return target.level;
  };
  visit(root);
  for (const level of levels) level.reverse();
  return levels;
}

function linkWays(levels: Levels): void {
  for (const level of levels) for (const block of level) block.ways = [];
  // From the furthest ways to the first ones: those found last come first.
  for (const level of levels) {
    for (let index = level.length - 1; index >= 0; index--) {
      const from = level[index]!;
      if (typeof from.no !== 'string') from.no.ways.push({ from, side: 'no' });
      if (typeof from.yes !== 'string') from.yes.ways.push({ from, side: 'yes' });
    }
  }
}

function markAbove(root: Block): void {
  const levels = levelsOf(root);
  linkWays(levels);
  for (let distance = levels.length - 1; distance > 0; distance--) {
    for (const block of levels[distance]!) {
      const { ways } = block;
      // Most blocks are reached by one way.
      block.above = ways.length === 1 ? ways[0]!.from : lastShared(ways.map(({ from }) => from));
      block.depth = block.above === undefined ? 0 : block.above.depth + 1;
    }
  }
}

/** Whether every way to a block passes another one. */
function isBehind(block: Block, other: Block): boolean {
  let at: Block | undefined = block;
  while (at !== undefined && at.depth > other.depth) at = at.above;
  return at === other;
}

/** The last link that some chains have in common. */
function lastShared<Link extends { readonly above: Link | undefined; readonly depth: number }>(
  chains: readonly (Link | undefined)[],
): Link | undefined {
  let shared = chains[0];
  for (let other of chains) {
    while (shared !== other) {
      if (shared === undefined || other === undefined) return undefined;
      if (shared.depth >= other.depth) shared = shared.above;
      else other = other.above;
    }
  }
  return shared;
}

/** A way that every way to some place takes, and the one of that kind before it. */
interface Taken extends Way {
  readonly above: Taken | undefined;
  readonly depth: number;
}

/** Finds out what every way to the two ways out of each block takes. */
function markTaken(levels: Levels): void {
  const taken = ({ from, side }: Way): Taken | undefined => (side === 'yes' ? from.taken?.yes : from.taken?.no);
  for (let distance = levels.length - 1; distance > 0; distance--) {
    for (const block of levels[distance]!) {
      const { ways } = block;
      const above = ways.length === 1 ? taken(ways[0]!) : lastShared(ways.map(taken));
      const depth = above === undefined ? 0 : above.depth + 1;
      block.taken = {
        yes: { from: block, side: 'yes', above, depth },
        no: { from: block, side: 'no', above, depth },
      };
    }
  }
}

/** One round of improvements. False when there was none. */
function improved(levels: Levels, graph: { root: Target }): boolean {
  const { root } = graph;
  if (typeof root === 'string') return false;
  markAbove(root);
  let changed = false;
  // As the graph is before anything moves.
  markTaken(levels);
  for (const level of levels) {
    for (const block of level) {
      if (shortcut(block, 'yes', block.taken?.yes)) changed = true;
      if (shortcut(block, 'no', block.taken?.no)) changed = true;
    }
  }
  // What cannot be reached any more is left without ways, and not moved.
  for (const level of levels) for (const block of level) block.ways = [];
  linkWays(levelsOf(root));
  for (const level of levels) {
    for (const block of level) {
      if (pulledUp(block, 'yes', 'no', root)) changed = true;
      if (pulledUp(block, 'no', 'yes', root)) changed = true;
    }
  }
  return changed;
}

/** Leads a way past tests that do not matter or whose outcome is known there. */
function shortcut(block: Block, side: 'yes' | 'no', last: Taken | undefined): boolean {
  let changed = false;
  let target = block[side];
  if (typeof target !== 'string' && target.yes === target.no) {
    target = target.yes;
    changed = true;
  }
  for (let way = last; way !== undefined && typeof target !== 'string';) {
    const next = outcome(target, way);
    if (next !== undefined) {
      target = next;
      changed = true;
    }
    way = next === undefined ? way.above : last;
  }
  block[side] = target;
  return changed;
}

/** Where a test leads when one way was taken before, if that tells. */
function outcome(test: Block, { from, side }: Way): Target | undefined {
  if (test.jump !== from.jump || test.value !== from.value) return undefined;
  if ((test.jump & SOURCE_X) !== 0) return undefined;
  if (test.k === from.k) return test[side];
  return side === 'yes' && test.jump === (CLASS.jmp | JUMP.jeq) ? test.no : undefined;
}

/**
 * Moves a test of the value that was tested right before a block up to there, from further down the chain of tests which all
 * lead to the same place on one side.
 */
function pulledUp(block: Block, same: 'yes' | 'no', on: 'yes' | 'no', root: Block): boolean {
  const [first] = block.ways;
  if (first === undefined || block.ways.some(({ from }) => from.value !== first.from.value)) return false;
  const { value } = first.from;
  const inChain = (target: Target): target is Block =>
    typeof target !== 'string' && target[same] === block[same] && isBehind(target, block);
  let above: Way | undefined;
  let other: Target = block;
  for (;;) {
    if (!inChain(other)) return false;
    if (other.value !== value) break;
    above = { from: other, side: on };
    other = other[on];
  }
  let below: Block = other;
  for (;;) {
    const next: Target = below[on];
    if (!inChain(next)) return false;
    if (next.value === value) {
      below[on] = next[on];
      next[on] = other;
      if (above !== undefined) above.from[above.side] = next;
      else for (const { from } of block.ways) from[from.yes === block ? 'yes' : 'no'] = next;
      markAbove(root);
      return true;
    }
    below = next;
  }
}

/** As a program again, from the returns upwards. */
function laidOut(root: Target): Program {
  const code: Instruction[] = [
    { code: OP.retK, jt: 0, jf: 0, k: 0 },
    { code: OP.retK, jt: 0, jf: 0, k: 1 },
  ];
  const places = new Map<Target, number>([
    ['reject', 0],
    ['accept', 1],
  ]);
  const near = (place: number): number => {
    if (code.length - place <= 250) return place;
    code.push({ code: OP.ja, jt: 0, jf: 0, k: code.length - place - 1 });
    return code.length - 1;
  };
  const place = (target: Target): number => {
    const found = places.get(target);
    if (found !== undefined || typeof target === 'string') return found ?? 0;
    const yes = place(target.yes);
    const no = place(target.no);
    const far = near(yes);
    const other = near(no);
    code.push({ code: target.jump, jt: code.length - far - 1, jf: code.length - other - 1, k: target.k });
    for (const instruction of target.code.toReversed()) code.push(instruction);
    places.set(target, code.length - 1);
    return code.length - 1;
  };
  const start = place(root);
  if (start !== code.length - 1) code.push({ code: OP.ja, jt: 0, jf: 0, k: code.length - start - 1 });
  return code.toReversed();
}
