import { ancillaryOf } from '../ancillary.ts';
import type { Link } from '../link.ts';
import type { Program } from '../program.ts';
import { machineOf, run, type Environment } from '../run.ts';
import { ACCEPT, REJECT, type Diagram } from '../sets/diagram.ts';
import { packetSetsOf, type PacketSets } from '../sets/packet-set.ts';
import { networkOffsetOf } from '../sets/place.ts';
import { eachRegion } from '../sets/regions.ts';
import { isImpossible } from './impossible.ts';
import { solveRegion, type Proof } from './solve.ts';

export type Relation = 'equal' | 'subset' | 'superset' | 'disjoint' | 'overlap';

export interface Comparison {
  /** The left set to the right one. Where one is empty it is a subset of the other. */
  readonly relation: Relation;
  /** False where a difference was neither found nor excluded: the relation is what is left then. */
  readonly proved: boolean;
  readonly onlyLeft?: Proof;
  readonly onlyRight?: Proof;
  readonly both?: Proof;
}

/** So many regions of a difference are looked into. */
const MOST_REGIONS = 512;

/**
 * Compares the packets that two programs accept, with packets that show each difference.
 *
 * @param left A program that Linux takes, as `right`.
 */
export function relate(left: Program, right: Program, link: Link): Comparison {
  const sets = packetSetsOf([left, right], link);
  const { diagrams } = sets;
  const [one = REJECT, other = REJECT] = sets.sets;
  const search = searcher(left, right, sets);
  const most = (set: Diagram) => diagrams.settle(set, ACCEPT);
  const least = (set: Diagram) => diagrams.settle(set, REJECT);
  const onlyLeft = search(diagrams.and(most(one), diagrams.not(least(other))), true, false);
  const onlyRight = search(diagrams.and(most(other), diagrams.not(least(one))), false, true);
  const both = search(diagrams.and(most(one), most(other)), true, true);
  return {
    relation: relationOf(onlyLeft.proof !== undefined, onlyRight.proof !== undefined, both.proof !== undefined),
    proved: [onlyLeft, onlyRight, both].every(({ proof, excluded }) => proof !== undefined || excluded),
    ...(onlyLeft.proof && { onlyLeft: onlyLeft.proof }),
    ...(onlyRight.proof && { onlyRight: onlyRight.proof }),
    ...(both.proof && { both: both.proof }),
  };
}

function relationOf(onlyLeft: boolean, onlyRight: boolean, both: boolean): Relation {
  if (onlyLeft && onlyRight) return both ? 'overlap' : 'disjoint';
  if (onlyLeft) return 'superset';
  return onlyRight ? 'subset' : 'equal';
}

type Search = (
  set: Diagram,
  byLeft: boolean,
  byRight: boolean,
) => { readonly proof: Proof | undefined; readonly excluded: boolean };

/** Looks for a packet in a set that the two programs decide as asked. */
function searcher(left: Program, right: Program, { link, variables, diagrams }: PacketSets): Search {
  const [one, other] = [machineOf(left), machineOf(right)];
  const networkAt = networkOffsetOf(link);
  const ancillaries = ancillariesOf([left, right]);
  return (set, byLeft, byRight) => {
    const holds = (packet: Uint8Array, env: Environment): boolean => {
      const known = { ...env, network_offset: networkAt };
      return run(one, packet, known) > 0 === byLeft && run(other, packet, known) > 0 === byRight;
    };
    let excluded = true;
    let tried = 0;
    for (const region of eachRegion(set, diagrams)) {
      const proof = solveRegion(region, { link, variables, ancillaries, holds });
      if (proof !== undefined) return { proof, excluded: false };
      excluded &&= isImpossible(region, variables);
      if (++tried >= MOST_REGIONS) return { proof: undefined, excluded: false };
    }
    return { proof: undefined, excluded };
  };
}

/** The ancillary values that programs read, each once. */
export function ancillariesOf(programs: readonly Program[]): string[] {
  const names = new Set<string>();
  for (const program of programs) {
    for (const instruction of program) {
      const name = ancillaryOf(instruction);
      if (name !== undefined && name !== 'alu_xor_x') names.add(name);
    }
  }
  return [...names];
}
