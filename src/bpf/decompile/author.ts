import type { Expression } from '../pcap/expression.ts';
import type { Program } from '../program.ts';
import type { Diagram } from '../sets/diagram.ts';
import type { Exploration } from '../sets/explore.ts';
import type { Decisions } from '../sets/packet-set.ts';
import { LONGEST_PACKET } from '../sets/place.ts';
import { REST_BIAS } from '../sets/variables.ts';
import { cover } from './cover.ts';
import { createDensity } from './density.ts';
import { materialFor } from './literals.ts';
import type { Writable } from './target.ts';
import { tidied } from './tidy.ts';

/**
 * So many sets are looked at, and so many nodes made, with the candidates of a rank. More candidates make up for those that were
 * missing, not for those that were too many.
 */
const LIMITS = { 1: { budget: 2500, nodes: 1800 }, 2: { budget: 1000, nodes: 1300 } } as const;

/**
 * Looks for the short expression that a program was compiled from, or one as good. Each is still to be proved.
 *
 * First packets that are cut short do not count, for what becomes of those depends on the order of tests, which the optimiser of
 * libpcap changes; then they do.
 */
export function* authored(program: Program, exploration: Exploration, writable: Writable): Generator<Expression> {
  for (const rank of [1, 2] as const) {
    const { target, decisions, single, ...material } = materialFor(program, exploration, writable, rank);
    if (single !== undefined) yield single;
    const literals = material.literals();
    const { diagrams, variables } = decisions;
    const density = createDensity(diagrams, variables);
    const whole = wholePackets(decisions);
    const bounds = [{ lower: target, upper: target }];
    if (whole !== undefined) {
      bounds.unshift({ lower: diagrams.and(target, whole), upper: diagrams.or(target, diagrams.not(whole)) });
    }
    const search = { diagrams, density, budget: LIMITS[rank].budget, mostNodes: diagrams.size() + LIMITS[rank].nodes };
    for (const { lower, upper } of bounds) {
      const found = cover(lower, upper, literals, search);
      if (found === undefined) continue;
      yield tidied(found.expression, { lower, upper }, literals, diagrams);
    }
    if (diagrams.size() > search.mostNodes) return;
  }
}

const FAR_FROM_END = [REST_BIAS + Math.floor(LONGEST_PACKET / 2), REST_BIAS + LONGEST_PACKET] as const;

/** Packets that are long enough for every load; undefined where the program itself asks for the length. */
function wholePackets({ explorations, diagrams, variables }: Decisions): Diagram | undefined {
  const asks = explorations[0]?.steps.some(
    ({ test }) => typeof test === 'object' && test.kind === 'within' && test.of.kind === 'length',
  );
  if (asks === true) return undefined;
  let whole = diagrams.within(variables.numberOf({ kind: 'length' }), [[LONGEST_PACKET, LONGEST_PACKET]]);
  for (const number of variables.numbers()) {
    const { kind } = variables.variable(number);
    if (kind === 'rest') whole = diagrams.and(whole, diagrams.within(number, [FAR_FROM_END]));
    else if (kind === 'fits') whole = diagrams.and(whole, diagrams.within(number, [[1, 1]]));
  }
  return whole;
}
