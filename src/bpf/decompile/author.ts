import type { Expression } from '../pcap/expression.ts';
import type { Diagram } from '../sets/diagram.ts';
import type { PacketSets } from '../sets/packet-set.ts';
import { LONGEST_PACKET } from '../sets/place.ts';
import type { Space } from '../sets/space.ts';
import { REST_BIAS } from '../sets/variables.ts';
import { cover } from './cover.ts';
import { createDensity } from './density.ts';
import { materialFor } from './literals.ts';
import type { Writable } from './target.ts';
import { tidied } from './tidy.ts';

/** So often is what is left divided in a search. Lines that people wrote take four divisions at most. */
const MOST_DIVISIONS = 4;
/** No single word makes a program of more stretches. */
const MOST_OF_A_WORD = 26;
/**
 * So many nodes are made with the candidates of a rank. More candidates make up for those that were missing, not for those that were
 * too many.
 */
const NEW_NODES = { 1: 1800, 2: 1300 } as const;

/**
 * Looks for the short expression that a program was compiled from, or one as good. Each is still to be proved.
 *
 * First packets that are cut short do not count, for what becomes of those depends on the order of tests, which the optimiser of
 * libpcap changes; then they do.
 */
export function* authored(known: PacketSets, writable: Writable): Generator<Expression> {
  const steps = known.explorations[0]?.steps.length ?? 0;
  for (const rank of [1, 2] as const) {
    const material = materialFor(known, writable, rank);
    const single = steps > MOST_OF_A_WORD ? undefined : material.single();
    if (single !== undefined) yield single;
    if (material.blocked) return;
    const { target, space, literals } = material.parts();
    const { diagrams, variables } = space;
    const density = createDensity(diagrams, variables);
    const whole = wholePackets(known, space);
    const bounds = [{ lower: target, upper: target }];
    if (whole !== undefined) {
      bounds.unshift({ lower: diagrams.and(target, whole), upper: diagrams.or(target, diagrams.not(whole)) });
    }
    const mostNodes = diagrams.size() + NEW_NODES[rank];
    let none = true;
    for (const { lower, upper } of bounds) {
      const found = cover(lower, upper, literals, { diagrams, density, divisions: MOST_DIVISIONS, mostNodes });
      if (found === undefined) continue;
      none = false;
      yield tidied(found.expression, { lower, upper }, literals, diagrams);
    }
    // What was found and is not the same is not mended by other words.
    if (!none || diagrams.size() > mostNodes) return;
  }
}

const FAR_FROM_END = [REST_BIAS + Math.floor(LONGEST_PACKET / 2), REST_BIAS + LONGEST_PACKET] as const;

/** Packets that are long enough for every load; undefined where the program itself asks for the length. */
function wholePackets({ explorations }: PacketSets, { diagrams, variables }: Space): Diagram | undefined {
  const asks = explorations[0]?.steps.some(
    ({ test }) => typeof test === 'object' && test.kind === 'within' && test.of.kind === 'length',
  );
  if (asks === true) return undefined;
  let whole = diagrams.within(variables.numberOf({ kind: 'length' }), [[LONGEST_PACKET, LONGEST_PACKET]]);
  for (const number of variables.others()) {
    const { kind } = variables.variable(number);
    if (kind === 'rest') whole = diagrams.and(whole, diagrams.within(number, [FAR_FROM_END]));
    else if (kind === 'fits') whole = diagrams.and(whole, diagrams.within(number, [[1, 1]]));
  }
  return whole;
}
