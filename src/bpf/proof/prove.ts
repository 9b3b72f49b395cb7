import type { Analysis } from '../meaning/analysis.ts';
import { machineOf, run, type Environment } from '../run.ts';
import { REJECT } from '../sets/diagram.ts';
import { valueOf } from '../sets/evaluate.ts';
import { networkOffsetOf } from '../sets/place.ts';
import { eachRegion, type Region } from '../sets/regions.ts';
import { ancillariesOf } from './relate.ts';
import { solveRegion, type Problem, type Proof } from './solve.ts';
import { twinOf, type Twin } from './twin.ts';

/** Packets that show what a filter does. All of them have been run. */
export interface Proofs {
  /** One that is let through. */
  readonly witness: Proof | undefined;
  /** The witness with as little changed as can be, turned down. */
  readonly twin: Twin | undefined;
}

/** Regions looked into for a witness, and for the nearest packet that is turned down. */
const MOST_REGIONS = 32;

/** @param first The region that the witness is taken from, if that can be. */
export function prove(analysis: Analysis, first?: Region): Proofs {
  const problem = problemOf(analysis);
  const regions = analysis.regions.map(({ region }) => region);
  const order = first === undefined ? regions : [first, ...regions.filter((region) => region !== first)];
  let witness: Proof | undefined;
  let places: readonly number[] = [];
  for (const region of order.slice(0, MOST_REGIONS)) {
    witness = solveRegion(region, problem);
    if (witness === undefined) continue;
    places = deepestFirst(region, witness, analysis.sets);
    break;
  }
  if (witness === undefined) return { witness, twin: undefined };
  const rejects = (packet: Uint8Array, env: Environment): boolean => !problem.holds(packet, env);
  return { witness, twin: twinOf(witness, places, rejects) ?? nearest(analysis, witness, rejects) };
}

/** The bytes that a region asks for, those behind all headers first: what a filter waits for is carried, not part of a header. */
function deepestFirst(region: Region, { packet, env }: Proof, { variables }: Analysis['sets']): number[] {
  const places = region.flatMap(({ variable }) => {
    const bits = variables.variable(variable);
    if (bits.kind !== 'bits' || bits.base?.kind === 'ancillary') return [];
    const base = bits.base === undefined ? 0 : valueOf(bits.base, { packet, env });
    return base === undefined ? [] : [base + Math.floor(bits.bit / 8)];
  });
  return places.sort((a, b) => b - a);
}

/** A witness for one region. */
export function witnessOf(analysis: Analysis, region: Region): Proof | undefined {
  return solveRegion(region, problemOf(analysis));
}

function problemOf({ program, sets: { link, variables } }: Analysis): Problem {
  const machine = machineOf(program);
  const networkAt = networkOffsetOf(link);
  return {
    link,
    variables,
    ancillaries: ancillariesOf([program]),
    holds: (packet, env) => run(machine, packet, { ...env, network_offset: networkAt }) > 0,
  };
}

/** The packet turned down that takes the fewest changes, where one change is not enough. */
function nearest(
  { sets: { link, variables, diagrams }, set, given }: Analysis,
  witness: Proof,
  holds: Problem['holds'],
): Twin | undefined {
  const rejected = diagrams.and(given, diagrams.not(diagrams.settle(set, REJECT)));
  let best: { readonly proof: Proof; readonly places: readonly number[] } | undefined;
  let tried = 0;
  for (const region of eachRegion(rejected, diagrams)) {
    if (++tried > MOST_REGIONS) break;
    const proof = solveRegion(region, { link, variables, ancillaries: Object.keys(witness.env), holds }, witness);
    if (proof === undefined) continue;
    const places = differences(witness.packet, proof.packet);
    if (best === undefined || places.length < best.places.length) best = { proof, places };
  }
  if (best === undefined) return undefined;
  const { proof, places } = best;
  return { ...proof, changed: places.length === 0 ? 'ancillary values' : `bytes ${places.slice(0, 8).join(', ')}` };
}

function differences(one: Uint8Array, other: Uint8Array): number[] {
  const places: number[] = [];
  for (let at = 0; at < Math.max(one.length, other.length); at++) if (one[at] !== other[at]) places.push(at);
  return places;
}
