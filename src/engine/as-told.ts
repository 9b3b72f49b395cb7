import type { Artifact, Evidence } from '../model/artifact.ts';
import type { Detector } from '../model/detector.ts';
import type { Finding } from '../model/finding.ts';
import type { ObservationKind } from '../model/observations/index.ts';
import type { Fact } from '../model/parser.ts';
import { judge } from './judge.ts';
import { stamp } from './parse.ts';

/**
 * Judges facts one by one as they are told, before the evidence is at its end. Of a rule that looks at single facts the findings
 * are those of `examine`; what joins several facts waits for it.
 */
export function judgeAsTold(
  kind: ObservationKind,
  place: {
    readonly artifact: Artifact;
    readonly parser: string;
    readonly evidence: Pick<Evidence, 'host' | 'observedAt'>;
  },
  detectors: readonly Detector[],
): (fact: Fact<ObservationKind>) => readonly Finding[] {
  const asked = detectors.filter(({ needs }) => needs.length === 1 && needs[0] === kind);
  const { host, observedAt } = place.evidence;
  let number = 0;
  return (fact) => {
    number += 1;
    const row = stamp(fact, place.artifact, { id: place.parser }, place.evidence, number);
    const facts = new Map([[kind, [row]]]);
    const about = { host: host.name, hostId: host.id, at: observedAt, coverage: () => ({ share: 0 }) };
    return asked.flatMap((detector) => judge(detector, facts, about).findings);
  };
}
