import { createFormulas, type Formulas } from '../formula.ts';
import { likelyLink, type Link } from '../link.ts';
import type { Program } from '../program.ts';
import { cutFor, diagramOf } from './conditions.ts';
import { ACCEPT, createDiagrams, MAYBE, REJECT, type Diagram, type Diagrams } from './diagram.ts';
import { explore, type Condition, type Exploration, type Step } from './explore.ts';
import { networkOffsetOf } from './place.ts';
import { createVariables, type Variables } from './variables.ts';

/** The packets that programs accept, over one set of variables, so that they can be compared. */
export interface PacketSets {
  readonly link: Exclude<Link, 'any'>;
  readonly formulas: Formulas;
  readonly variables: Variables;
  readonly diagrams: Diagrams;
  /** One for each program, in their order. `MAYBE` where it was not followed whether a packet is accepted. */
  readonly sets: readonly Diagram[];
  readonly explorations: readonly Exploration[];
  /** The packets that reach the programs at all. */
  readonly given: Diagram;
}

/**
 * The exact sets of packets that programs accept.
 *
 * @param programs Programs that Linux takes (see `refusalOf`).
 * @param link What offset 0 of a packet is; `any` lets the first program's own offsets decide.
 * @param given What all packets have that reach the programs. The sets themselves do not take it into account.
 */
export function packetSetsOf(
  programs: readonly Program[],
  link: Link,
  given: (formulas: Formulas, link: Exclude<Link, 'any'>) => readonly Condition[] = () => [],
): PacketSets {
  const [first] = programs;
  const known = link === 'any' ? likelyLink(first ?? []) : link;
  const formulas = createFormulas();
  const variables = createVariables();
  const diagrams = createDiagrams(variables.domains);
  const explorations = programs.map((program) => explore(program, networkOffsetOf(known), formulas));
  const conditions = given(formulas, known);
  const all = explorations.map(({ steps }) => conditionsOf(steps));
  for (const condition of [conditions, ...all].flatMap((list) => [...list])) cutFor(condition, variables);
  const reaching = conditions.reduce(
    (set, asked) => diagrams.and(set, diagramOf(asked, { variables, diagrams })),
    ACCEPT,
  );
  const sets = explorations.map((exploration, index) => accepted(exploration, all[index] ?? [], variables, diagrams));
  return { link: known, formulas, variables, diagrams, explorations, sets, given: reaching };
}

/** What the steps of a program ask, each thing once, in their order. */
function conditionsOf(steps: readonly Step[]): Iterable<Condition> {
  const asked = new Set<Condition>();
  for (const { guards, test } of steps) {
    for (const guard of guards) asked.add(guard);
    if (test !== undefined && test !== 'unknown') asked.add(test);
  }
  return asked;
}

const LEAVES = { accept: ACCEPT, reject: REJECT, maybe: MAYBE } as const;

/** From the returns back to the first instruction. */
function accepted(
  { steps, first }: Exploration,
  conditions: Iterable<Condition>,
  variables: Variables,
  diagrams: Diagrams,
): Diagram {
  // Variables are numbered as they are first asked for: in the order of the program.
  const asked = new Map<Condition, Diagram>();
  for (const condition of conditions) asked.set(condition, diagramOf(condition, { variables, diagrams }));
  const reached: Diagram[] = [];
  const at = (next: Step['next'][number] | undefined): Diagram => {
    if (next === undefined) return MAYBE;
    return typeof next === 'string' ? LEAVES[next] : (reached[next.index] ?? MAYBE);
  };
  for (let index = steps.length - 1; index >= 0; index--) {
    const { guards, test, next } = steps[index]!;
    const yes = at(next[0]);
    let set = yes;
    if (test === 'unknown') set = diagrams.agree(yes, at(next[1]));
    else if (test !== undefined) set = diagrams.choose(asked.get(test) ?? MAYBE, yes, at(next[1]));
    for (let number = guards.length - 1; number >= 0; number--) {
      const guard = guards[number]!;
      set = diagrams.choose(asked.get(guard) ?? MAYBE, set, guard.kind === 'plain' ? MAYBE : REJECT);
    }
    reached[index] = set;
  }
  return reached[first.index] ?? MAYBE;
}
