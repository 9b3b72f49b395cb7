import { ACCEPT, MAYBE, REJECT, type Diagram } from '../sets/diagram.ts';
import type { Condition } from '../sets/condition.ts';
import type { Step } from '../sets/explore.ts';
import { CLASS, type Program } from '../program.ts';
import type { Formula, Load } from '../formula.ts';
import type { Analysis } from '../meaning/analysis.ts';

/** A stretch of a program that ends in a check, with the packets that come to the check and what becomes of them. */
export interface Check {
  /** The number of the jump. */
  readonly pc: number;
  readonly condition: Condition;
  /** The packets that come here. */
  readonly reached: Diagram;
  /** Those for which the condition holds, whether they come here or not. */
  readonly holds: Diagram;
  /** What is accepted from here on where the condition holds, and where it does not. */
  readonly yes: Diagram;
  readonly no: Diagram;
}

/** More instructions, steps, or nodes of diagrams than this are not looked into: that is no filter a person wrote. */
const MOST_INSTRUCTIONS = 160;
const MOST_STEPS = 300;
const MOST_NODES = 4_000;

/**
 * The checks of a program in its order.
 *
 * @returns undefined where the program is too large.
 */
export function checksOf({ program, sets, given }: Analysis): readonly Check[] | undefined {
  const { diagrams, ask, explorations } = sets;
  if (program.length > MOST_INSTRUCTIONS || diagrams.size() > MOST_NODES) return undefined;
  const [exploration] = explorations;
  if (exploration === undefined || exploration.steps.length > MOST_STEPS) return undefined;
  const { steps, first } = exploration;
  const passes = (step: Step): Diagram =>
    step.guards.reduce<Diagram>((set, guard) => diagrams.and(set, ask(guard)), ACCEPT);
  const accepted = new Map<Step, Diagram>();
  const after = (next: Step['next'][number] | undefined): Diagram => {
    if (next === undefined || next === 'maybe') return MAYBE;
    return next === 'accept' ? ACCEPT : next === 'reject' ? REJECT : (accepted.get(next) ?? MAYBE);
  };
  for (const step of steps.toReversed()) {
    const yes = after(step.next[0]);
    const no = after(step.next[1]);
    const ahead =
      step.test === undefined
        ? yes
        : step.test === 'unknown'
          ? diagrams.agree(yes, no)
          : diagrams.choose(ask(step.test), yes, no);
    accepted.set(step, diagrams.and(passes(step), ahead));
  }
  const reached = new Map<Step, Diagram>([[first, given]]);
  const come = (next: Step['next'][number] | undefined, set: Diagram): void => {
    if (typeof next === 'object') reached.set(next, diagrams.or(reached.get(next) ?? REJECT, set));
  };
  const checks: Check[] = [];
  for (const step of steps) {
    if (diagrams.size() > MOST_NODES) return undefined;
    const here = diagrams.and(reached.get(step) ?? REJECT, passes(step));
    const { test, next } = step;
    if (test === undefined || test === 'unknown') {
      for (const each of next) come(each, here);
      continue;
    }
    const holds = ask(test);
    come(next[0], diagrams.and(here, holds));
    come(next[1], diagrams.and(here, diagrams.not(holds)));
    checks.push({
      pc: endOf(program, step.pc),
      condition: test,
      reached: here,
      holds,
      yes: after(next[0]),
      no: after(next[1]),
    });
  }
  return checks;
}

/** The jump or return that ends the stretch from `pc` on. */
function endOf(program: Program, pc: number): number {
  let at = pc;
  while (at < program.length && !ENDS.has((program[at]?.code ?? 0) & 7)) at++;
  return at;
}

const ENDS: ReadonlySet<number> = new Set([CLASS.jmp, CLASS.ret]);

/** The loads from the packet that a condition compares. */
export function loadsOf(condition: Condition): readonly Load[] {
  switch (condition.kind) {
    case 'within':
      return inside(condition.of);
    case 'relation':
      return [...inside(condition.left), ...inside(condition.right)];
    default:
      return [];
  }
}

function inside(formula: Formula): Load[] {
  if (formula.kind === 'load') return [formula];
  return formula.kind === 'operation' ? [...inside(formula.left), ...inside(formula.right)] : [];
}
