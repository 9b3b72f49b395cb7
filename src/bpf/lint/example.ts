import { completeHeaders } from '../../packets/complete.ts';
import type { Analysis } from '../meaning/analysis.ts';
import { ancillariesOf } from '../proof/relate.ts';
import { solveRegion, type Proof } from '../proof/solve.ts';
import { machineOf, run, type Environment } from '../run.ts';
import type { Diagram } from '../sets/diagram.ts';
import { networkOffsetOf } from '../sets/place.ts';
import { eachRegion, type Region } from '../sets/regions.ts';

/** Finds and runs packets that show a fault. */
export interface Examples {
  /** Whether the program lets a packet through. */
  passes(packet: Uint8Array, env: Environment): boolean;
  /** A packet of a region that is let through, or turned down. */
  ofRegion(region: Region, passing: boolean): Proof | undefined;
  /** A packet of a set that is let through, or turned down. */
  ofSet(set: Diagram, passing: boolean): Proof | undefined;
  /**
   * A packet that has been changed, with lengths and checksums put right where that leaves the answer as it is.
   *
   * @param change Makes another packet of a copy.
   * @returns undefined where the changed packet is not let through.
   */
  changed(proof: Proof, change: (packet: Uint8Array) => Uint8Array | undefined, networkAt: number): Proof | undefined;
}

/** A fault that takes more drafts of a packet to show is not worth its time. */
const MOST_TRIES = 3;
/** So many regions of a set are looked into. */
const MOST_REGIONS = 8;

export function examplesFor({ program, sets: { link, variables, diagrams } }: Analysis): Examples {
  const machine = machineOf(program);
  const ancillaries = ancillariesOf([program]);
  const networkAt = networkOffsetOf(link);
  const passes = (packet: Uint8Array, env: Environment) =>
    run(machine, packet, { ...env, network_offset: networkAt }) > 0;
  const ofRegion = (region: Region, passing: boolean) =>
    solveRegion(region, {
      link,
      variables,
      ancillaries,
      holds: (packet, env) => passes(packet, env) === passing,
      tries: MOST_TRIES,
    });
  return {
    passes,
    ofRegion,
    ofSet: (set, passing) => {
      let tried = 0;
      for (const region of eachRegion(set, diagrams)) {
        const proof = ofRegion(region, passing);
        if (proof !== undefined) return proof;
        if (++tried >= MOST_REGIONS) return undefined;
      }
      return undefined;
    },
    changed: ({ packet, env }, change, at) => {
      const made = change(packet.slice());
      if (made === undefined) return undefined;
      const completed = made.slice();
      completeHeaders(completed, at, undefined, () => true);
      if (passes(completed, env)) return { packet: completed, env };
      return passes(made, env) ? { packet: made, env } : undefined;
    },
  };
}
