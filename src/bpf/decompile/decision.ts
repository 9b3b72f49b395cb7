import type { Formula, Formulas } from '../formula.ts';
import type { Block } from '../pcap/block.ts';
import type { Instruction } from '../program.ts';
import type { Condition, Interning } from '../sets/condition.ts';
import { MAYBE, REJECT, type Diagram } from '../sets/diagram.ts';
import { effectOf, testOf } from '../sets/effect.ts';
import type { Exploration } from '../sets/explore.ts';
import { endOf, type Space } from '../sets/space.ts';

/** What a block of an expression asks, as conditions on the packet. */
export type Decision =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Decision[] }
  | { readonly kind: 'not'; readonly of: Decision }
  | { readonly kind: 'always' | 'never' }
  /** The packet is dropped where a guard fails, whatever stands around the question. */
  | { readonly kind: 'ask'; readonly guards: readonly Condition[]; readonly test: Condition | boolean }
  /** What no such form has. */
  | { readonly kind: 'program'; readonly exploration: Exploration };

export interface Reading {
  readonly formulas: Formulas;
  readonly intern: Interning;
  /** Where an offset from the network header begins in the packet. */
  readonly networkAt: number;
  /** The instruction as it is for the packet at hand; undefined where there is none. */
  readonly rewritten: (instruction: Instruction) => Instruction | undefined;
}

/**
 * Reads a block without laying it out as a program.
 *
 * @returns undefined where a part of it builds on registers that another one has set.
 */
export function decisionOf(block: Block, reading: Reading): Decision | undefined {
  switch (block.kind) {
    case 'always':
    case 'never':
      return block;
    case 'run':
      return { kind: 'always' };
    case 'not': {
      const of = decisionOf(block.of, reading);
      if (of?.kind === 'always') return { kind: 'never' };
      return of?.kind === 'never' ? { kind: 'always' } : of && { kind: 'not', of };
    }
    case 'and':
    case 'or':
      return joined(block.kind, block.of, reading);
    case 'test':
      return questionOf(block, reading);
  }
}

/** Without what makes no difference, and what is never asked. */
function joined(kind: 'and' | 'or', blocks: readonly Block[], reading: Reading): Decision | undefined {
  const idle = kind === 'and' ? 'always' : 'never';
  const last = kind === 'and' ? 'never' : 'always';
  const of: Decision[] = [];
  for (const block of blocks) {
    const decision = decisionOf(block, reading);
    if (decision === undefined) return undefined;
    if (decision.kind !== idle) of.push(decision);
    if (decision.kind === last) break;
  }
  if (of.length > 1) return { kind, of };
  return of[0] ?? { kind: idle };
}

function questionOf(
  { code, jump, k }: Extract<Block, { kind: 'test' }>,
  { formulas, intern, networkAt, rewritten }: Reading,
): Decision | undefined {
  const registers: Formula[] = [];
  const guards: Condition[] = [];
  const ask = (condition: Condition): void => void guards.push(intern(condition));
  for (const instruction of code) {
    const here = rewritten(instruction);
    if (here === undefined || effectOf(here, registers, ask, networkAt, formulas) !== 'on') return undefined;
  }
  const test = testOf({ code: jump, jt: 0, jf: 0, k }, registers, formulas);
  if (typeof test === 'boolean') return { kind: 'ask', guards, test };
  if (test.condition === 'unknown') return undefined;
  const question: Decision = { kind: 'ask', guards, test: intern(test.condition) };
  return test.inverted ? { kind: 'not', of: question } : question;
}

/** The conditions of a decision. */
export function collected(decision: Decision): Set<Condition> {
  const conditions = new Set<Condition>();
  collect(decision, conditions);
  return conditions;
}

function collect(decision: Decision, conditions: Set<Condition>): void {
  switch (decision.kind) {
    case 'always':
    case 'never':
      return;
    case 'and':
    case 'or':
      for (const part of decision.of) collect(part, conditions);
      return;
    case 'not':
      collect(decision.of, conditions);
      return;
    case 'ask':
      for (const guard of decision.guards) conditions.add(guard);
      if (typeof decision.test === 'object') conditions.add(decision.test);
      return;
    case 'program':
      for (const condition of decision.exploration.conditions) conditions.add(condition);
  }
}

/** The packets that a decision leads to one of two sets, and that belong to it. */
export function leading(decision: Decision, yes: Diagram, no: Diagram, space: Space): Diagram {
  switch (decision.kind) {
    case 'always':
      return yes;
    case 'never':
      return no;
    case 'not':
      return leading(decision.of, no, yes, space);
    case 'and':
    case 'or': {
      let holds = yes;
      let fails = no;
      for (let index = decision.of.length - 1; index >= 0; index--) {
        const next = leading(decision.of[index]!, holds, fails, space);
        if (decision.kind === 'and') holds = next;
        else fails = next;
      }
      return decision.kind === 'and' ? holds : fails;
    }
    case 'ask': {
      const { guards, test } = decision;
      const { diagrams, ask } = space;
      let set = typeof test === 'boolean' ? (test ? yes : no) : diagrams.choose(ask(test), yes, no);
      for (let number = guards.length - 1; number >= 0; number--) {
        const guard = guards[number]!;
        set = diagrams.choose(ask(guard), set, guard.kind === 'plain' ? MAYBE : REJECT);
      }
      return set;
    }
    case 'program':
      return endOf(decision.exploration, space, { accept: yes, reject: no, maybe: MAYBE });
  }
}
