import { ACCEPT, REJECT, type Diagram, type Diagrams } from '../sets/diagram.ts';
import type { PacketSets } from '../sets/packet-set.ts';
import type { Bound, Region } from '../sets/regions.ts';

/** More regions than this are not put more simply. */
const MOST_REGIONS = 48;

/**
 * Regions put as simply as can be: bounds that only keep regions apart are left out (`source port is not 53` beside `source port
 * is 53`), and so are regions that others hold.
 *
 * Together they hold the same packets; they may share some.
 *
 * @param regions Regions of `set` that share no packet.
 * @returns undefined where there are too many.
 */
export function primeRegions(
  set: Diagram,
  regions: readonly Region[],
  sets: PacketSets,
): readonly Region[] | undefined {
  if (regions.length > MOST_REGIONS) return undefined;
  // Of the only one every bound is needed.
  if (regions.length < 2) return regions;
  const { diagrams } = sets;
  const outside = diagrams.not(diagrams.settle(set, ACCEPT));
  const simple = regions.map((region) => widened(region, outside, sets));
  const kept: Region[] = [];
  let held: Diagram = REJECT;
  for (const region of simple.toSorted((a, b) => a.length - b.length)) {
    const packets = diagramOfRegion(region, diagrams);
    if (diagrams.and(packets, diagrams.not(held)) === REJECT) continue;
    held = diagrams.or(held, packets);
    kept.push(region);
  }
  return kept.toSorted((a, b) => simple.indexOf(a) - simple.indexOf(b));
}

/** A region without the bounds that it stays within the set without; the widest are tried first. The same one where all are needed. */
function widened(region: Region, outside: Diagram, { diagrams, variables }: PacketSets): Region {
  const share = ({ variable, intervals }: Bound): number =>
    intervals.reduce((sum, [from, to]) => sum + to - from + 1, 0) / variables.domainOf(variable);
  let kept = region;
  for (const bound of region.toSorted((a, b) => share(b) - share(a))) {
    const without = kept.filter((other) => other !== bound);
    if (diagrams.and(diagramOfRegion(without, diagrams), outside) === REJECT) kept = without;
  }
  return kept;
}

/** The packets of a region. */
export function diagramOfRegion(region: Region, diagrams: Diagrams): Diagram {
  return region.reduceRight<Diagram>(
    (packets, { variable, intervals }) => diagrams.and(diagrams.within(variable, intervals), packets),
    ACCEPT,
  );
}
