import type { Condition } from './condition.ts';
import { diagramOf, rangesOf } from './conditions.ts';
import { ACCEPT, createDiagrams, MAYBE, REJECT, type Diagram, type Diagrams } from './diagram.ts';
import type { Exploration, Step } from './explore.ts';
import { createVariables, type BitRange, type Variables } from './variables.ts';

/** Variables for some conditions, and diagrams over them. */
export interface Space {
  /** Those that it was made for. */
  readonly conditions: ReadonlySet<Condition>;
  readonly variables: Variables;
  readonly diagrams: Diagrams;
  /** The packets for which one of the conditions holds. Variables are numbered as they are first asked for. */
  readonly ask: (condition: Condition) => Diagram;
  /** What programs have been found to accept. */
  readonly accepted: Map<Exploration, Diagram>;
}

/** Diagrams are walked by functions that call themselves: with more variables than this, what further conditions say is not known. */
const MOST_VARIABLES = 1_000;

export function spaceFor(conditions: ReadonlySet<Condition>): Space {
  const variables = createVariables();
  const diagrams = createDiagrams(variables.domainOf);
  for (const condition of conditions) for (const range of rangesOf(condition)) variables.cut(range);
  const asked = new Map<Condition, Diagram>();
  const ask = (condition: Condition): Diagram => {
    const known = asked.get(condition);
    if (known !== undefined) return known;
    const set = variables.count() < MOST_VARIABLES ? diagramOf(condition, { variables, diagrams }) : MAYBE;
    asked.set(condition, set);
    return set;
  };
  return { conditions, variables, diagrams, ask, accepted: new Map() };
}

/** A space with more nodes is left as it is. */
const MOST_NODES = 4_000;

/** Makes a space one for more conditions. False where they look at parts of what is one variable there. */
export function extended({ conditions, diagrams, variables }: Space, more: ReadonlySet<Condition>): boolean {
  if (diagrams.size() > MOST_NODES) return false;
  const ranges: BitRange[] = [];
  for (const condition of more) {
    if (conditions.has(condition)) continue;
    for (const range of rangesOf(condition)) {
      if (!variables.mayCut(range)) return false;
      ranges.push(range);
    }
  }
  for (const range of ranges) variables.cut(range);
  return true;
}

/** A space for more conditions: the same one where that can be. */
export function spaceWith(space: Space, more: ReadonlySet<Condition>): Space {
  return extended(space, more) ? space : spaceFor(space.conditions.union(more));
}

/** The packets that a program accepts. */
export function acceptedBy(exploration: Exploration, space: Space, lazily = false): Diagram {
  const known = lazily ? undefined : space.accepted.get(exploration);
  if (known !== undefined) return known;
  const set = endOf(exploration, space, { accept: ACCEPT, reject: REJECT, maybe: MAYBE }, lazily);
  if (!lazily) space.accepted.set(exploration, set);
  return set;
}

/**
 * The packets that a program leads to one of its ends and that belong to the set of that end. Those for which a load lies outside
 * of the packet, or a division fails, come to none.
 *
 * @param lazily Whether it leaves out loads whose value makes no difference, as optimisers do.
 */
export function endOf(
  { steps, first, conditions }: Exploration,
  { ask, diagrams }: Space,
  ends: Readonly<Record<'accept' | 'reject' | 'maybe', Diagram>>,
  lazily = false,
): Diagram {
  const reached = Array<Diagram>(steps.length).fill(MAYBE);
  const at = (next: Step['next'][number] | undefined): Diagram => {
    if (next === undefined) return MAYBE;
    return typeof next === 'string' ? ends[next] : reached[next.index]!;
  };
  // In the order of the program, which that of the variables follows.
  for (const condition of conditions) ask(condition);
  for (let index = steps.length - 1; index >= 0; index--) {
    const { guards, test, next } = steps[index]!;
    const yes = at(next[0]);
    const no = at(next[1]);
    let set = yes;
    if (test === 'unknown') set = diagrams.agree(yes, no);
    else if (test !== undefined) set = diagrams.choose(ask(test), yes, no);
    if (!lazily || test === undefined || test === 'unknown' || (set !== yes && set !== no)) {
      for (let number = guards.length - 1; number >= 0; number--) {
        const guard = guards[number]!;
        set = diagrams.choose(ask(guard), set, guard.kind === 'plain' ? MAYBE : REJECT);
      }
    }
    reached[index] = set;
  }
  return reached[first.index] ?? MAYBE;
}
