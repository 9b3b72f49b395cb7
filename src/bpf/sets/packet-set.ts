import { createFormulas, type Formulas } from '../formula.ts';
import { likelyLink, type Link } from '../link.ts';
import type { Program } from '../program.ts';
import { cutFor, diagramOf } from './conditions.ts';
import { ACCEPT, createDiagrams, MAYBE, REJECT, type Diagram, type Diagrams } from './diagram.ts';
import { createConditions, explore, type Condition, type Exploration, type Step } from './explore.ts';
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
export function packetSetsOf(programs: readonly Program[], link: Link, given: Given = () => []): PacketSets {
  const { accepts, ...decisions } = decisionsOf(programs, link, given);
  return { ...decisions, sets: programs.map((_, index) => accepts(index)) };
}

type Given = (formulas: Formulas, link: Exclude<Link, 'any'>) => readonly Condition[];

/** What programs decide, over one set of variables; a set is made when it is first asked for. */
export interface Decisions extends Omit<PacketSets, 'sets'> {
  /** The packets that a program accepts. */
  readonly accepts: (index: number) => Diagram;
  /** The packets that it drops at its end: not those for which a load lies outside of the packet, or a division fails. */
  readonly returnsZero: (index: number) => Diagram;
  /** The packets that it accepts when it leaves out loads whose value makes no difference, as optimisers do. */
  readonly acceptsLazily: (index: number) => Diagram;
}

/** As `packetSetsOf`; telling a program's own answer from a failed load. */
export function decisionsOf(programs: readonly Program[], link: Link, given: Given = () => []): Decisions {
  const [first] = programs;
  const known = link === 'any' ? likelyLink(first ?? []) : link;
  const formulas = createFormulas();
  const variables = createVariables();
  const diagrams = createDiagrams(variables.domainOf);
  const intern = createConditions();
  const explorations = programs.map((program) => explore(program, networkOffsetOf(known), formulas, intern));
  const conditions = given(formulas, known);
  const all = explorations.map(({ steps }) => conditionsOf(steps));
  for (const condition of new Set([conditions, ...all].flatMap((list) => [...list]))) cutFor(condition, variables);
  const asked = new Map<Condition, Diagram>();
  const ask = (condition: Condition): Diagram => {
    const set = asked.get(condition) ?? diagramOf(condition, { variables, diagrams });
    asked.set(condition, set);
    return set;
  };
  const ending = (index: number, leaves: Leaves, lazy = false): Diagram => {
    const exploration = explorations[index];
    if (exploration === undefined) return MAYBE;
    // Variables are numbered as they are first asked for: in the order of the program.
    for (const condition of all[index] ?? []) ask(condition);
    return ended(exploration, asked, leaves, lazy, diagrams);
  };
  return {
    link: known,
    formulas,
    variables,
    diagrams,
    explorations,
    given: conditions.reduce((set, condition) => diagrams.and(set, ask(condition)), ACCEPT),
    accepts: (index) => ending(index, ACCEPTED),
    returnsZero: (index) => ending(index, RETURNED_ZERO),
    acceptsLazily: (index) => ending(index, ACCEPTED, true),
  };
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

type Leaves = Readonly<Record<'accept' | 'reject' | 'maybe', Diagram>>;

const ACCEPTED: Leaves = { accept: ACCEPT, reject: REJECT, maybe: MAYBE };
const RETURNED_ZERO: Leaves = { accept: REJECT, reject: ACCEPT, maybe: MAYBE };

/** From the returns back to the first instruction. */
function ended(
  { steps, first }: Exploration,
  asked: ReadonlyMap<Condition, Diagram>,
  leaves: Leaves,
  lazy: boolean,
  diagrams: Diagrams,
): Diagram {
  const reached: Diagram[] = [];
  const at = (next: Step['next'][number] | undefined): Diagram => {
    if (next === undefined) return MAYBE;
    return typeof next === 'string' ? leaves[next] : (reached[next.index] ?? MAYBE);
  };
  for (let index = steps.length - 1; index >= 0; index--) {
    const { guards, test, next } = steps[index]!;
    const [yes, no] = [at(next[0]), at(next[1])];
    let set = yes;
    if (test === 'unknown') set = diagrams.agree(yes, no);
    else if (test !== undefined) set = diagrams.choose(asked.get(test) ?? MAYBE, yes, no);
    if (lazy && test !== undefined && test !== 'unknown' && (set === yes || set === no)) {
      reached[index] = set;
      continue;
    }
    for (let number = guards.length - 1; number >= 0; number--) {
      const guard = guards[number]!;
      set = diagrams.choose(asked.get(guard) ?? MAYBE, set, guard.kind === 'plain' ? MAYBE : REJECT);
    }
    reached[index] = set;
  }
  return reached[first.index] ?? MAYBE;
}
