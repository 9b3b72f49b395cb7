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
}

/**
 * The exact sets of packets that programs accept.
 *
 * @param programs Programs that Linux takes (see `refusalOf`).
 * @param link What offset 0 of a packet is; `any` lets the first program's own offsets decide.
 */
export function packetSetsOf(programs: readonly Program[], link: Link): PacketSets {
  const { accepts, ...decisions } = decisionsOf(programs, link);
  return { ...decisions, sets: programs.map((_, index) => accepts(index)) };
}

/** What programs decide, over one set of variables; a set is made when it is first asked for. */
export interface Decisions extends Omit<PacketSets, 'sets'> {
  readonly explorations: readonly Exploration[];
  /** The packets that a program accepts. */
  accepts(index: number): Diagram;
  /** The packets that it drops at its end: not those for which a load lies outside of the packet, or a division fails. */
  returnsZero(index: number): Diagram;
  /** The packets that it accepts when it leaves out loads whose value makes no difference, as optimisers do. */
  acceptsLazily(index: number): Diagram;
}

/** As `packetSetsOf`; telling a program's own answer from a failed load. */
export function decisionsOf(programs: readonly Program[], link: Link): Decisions {
  const [first] = programs;
  const known = link === 'any' ? likelyLink(first ?? []) : link;
  const formulas = createFormulas();
  const variables = createVariables();
  const diagrams = createDiagrams(variables.domains);
  const explorations = programs.map((program) => explore(program, networkOffsetOf(known), formulas));
  for (const { steps } of explorations) {
    for (const condition of new Set(conditionsOf(steps))) cutFor(condition, variables);
  }
  const asked = explorations.map(() => new Map<Condition, Diagram>());
  const ending = (index: number, leaves: Leaves, lazy = false): Diagram => {
    const exploration = explorations[index];
    const known = asked[index];
    if (exploration === undefined || known === undefined) return MAYBE;
    // Variables are numbered as they are first asked for: in the order of the program.
    for (const condition of known.size > 0 ? [] : new Set(conditionsOf(exploration.steps))) {
      known.set(condition, diagramOf(condition, { variables, diagrams }));
    }
    return ended(exploration, known, leaves, lazy, diagrams);
  };
  return {
    link: known,
    formulas,
    variables,
    diagrams,
    explorations,
    accepts: (index) => ending(index, ACCEPTED),
    returnsZero: (index) => ending(index, RETURNED_ZERO),
    acceptsLazily: (index) => ending(index, ACCEPTED, true),
  };
}

function* conditionsOf(steps: readonly Step[]): Generator<Condition> {
  for (const { guards, test } of steps) {
    yield* guards;
    if (test !== undefined && test !== 'unknown') yield test;
  }
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
  const reached = new Map<Step, Diagram>();
  const at = (next: Step['next'][number] | undefined): Diagram =>
    next === undefined ? MAYBE : typeof next === 'string' ? leaves[next] : (reached.get(next) ?? MAYBE);
  for (const step of steps.toReversed()) {
    const { guards, test, next } = step;
    const [yes, no] = [at(next[0]), at(next[1])];
    let set = yes;
    if (test === 'unknown') set = diagrams.agree(yes, no);
    else if (test !== undefined) set = diagrams.choose(asked.get(test) ?? MAYBE, yes, no);
    if (lazy && test !== undefined && test !== 'unknown' && (set === yes || set === no)) {
      reached.set(step, set);
      continue;
    }
    for (const guard of guards.toReversed()) {
      set = diagrams.choose(asked.get(guard) ?? MAYBE, set, guard.kind === 'plain' ? MAYBE : REJECT);
    }
    reached.set(step, set);
  }
  return reached.get(first) ?? MAYBE;
}
