import { createFormulas, type Formulas } from '../formula.ts';
import { likelyLink, type Link } from '../link.ts';
import type { Program } from '../program.ts';
import { createConditions, type Condition } from './condition.ts';
import { ACCEPT, type Diagram } from './diagram.ts';
import { explore, type Exploration } from './explore.ts';
import { networkOffsetOf } from './place.ts';
import { acceptedBy, spaceFor, type Space } from './space.ts';

/** The packets that programs accept, over one set of variables, so that they can be compared. */
export interface PacketSets extends Space {
  readonly link: Exclude<Link, 'any'>;
  readonly formulas: Formulas;
  /** One for each program, in their order. `MAYBE` where it was not followed whether a packet is accepted. */
  readonly sets: readonly Diagram[];
  readonly explorations: readonly Exploration[];
  /** The packets that reach the programs at all. */
  readonly given: Diagram;
}

type Given = (formulas: Formulas, link: Exclude<Link, 'any'>) => readonly Condition[];

/**
 * The exact sets of packets that programs accept.
 *
 * @param programs Programs that Linux takes (see `refusalOf`).
 * @param link What offset 0 of a packet is; `any` lets the first program's own offsets decide.
 * @param given What all packets have that reach the programs. The sets themselves do not take it into account.
 */
export function packetSetsOf(programs: readonly Program[], link: Link, given: Given = () => []): PacketSets {
  const [first] = programs;
  const known = link === 'any' ? likelyLink(first ?? []) : link;
  const formulas = createFormulas();
  const intern = createConditions();
  const explorations = programs.map((program) => explore(program, networkOffsetOf(known), formulas, intern));
  const conditions = given(formulas, known);
  const all = new Set(conditions);
  for (const exploration of explorations) for (const condition of exploration.conditions) all.add(condition);
  const space = spaceFor(all);
  const { variables, diagrams, ask, accepted } = space;
  return {
    link: known,
    formulas,
    conditions: space.conditions,
    variables,
    diagrams,
    ask,
    accepted,
    explorations,
    given: conditions.reduce((set, condition) => space.diagrams.and(set, space.ask(condition)), ACCEPT),
    sets: explorations.map((exploration) => acceptedBy(exploration, space)),
  };
}
