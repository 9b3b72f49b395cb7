import { detectors } from '../detectors/index.ts';
import type { Facts } from '../model/detector.ts';
import { judge, type Judgement } from '../engine/judge.ts';
import type { Detector } from '../model/detector.ts';
import type { Finding } from '../model/finding.ts';
import type { Level } from '../model/level.ts';
import type { Observation } from '../model/observation.ts';
import type { ObservationKind } from '../model/observations/index.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Host } from './host.ts';

const AT = '2026-03-04T05:06:07.000Z';

/** The facts as the engine stamps them. */
export function stamped(host: Host): readonly Observation[] {
  return host.map((body, index) => ({
    ...body,
    id: `observation-${index}`,
    host: 'core-1.example',
    observedAt: AT,
    source: { artifact: `made-up/${body.kind}`, sha256: '0'.repeat(64), line: index + 1 },
  })) as readonly Observation[];
}

/** The facts as a detector is handed them. */
export function factsOf(host: Host): Facts<ObservationKind> {
  const byKind = Map.groupBy(stamped(host), ({ kind }) => kind);
  return { each: (kind) => (byKind.get(kind) ?? []) as never, isWhole: () => true };
}

/**
 * What the detectors say of a host whose artifacts all came whole.
 *
 * @param missing Kinds of which nothing was collected.
 */
export function judged(
  host: Host,
  { by = detectors, missing = [] }: { by?: readonly Detector[]; missing?: readonly ObservationKind[] } = {},
): { readonly findings: readonly Finding[]; readonly verdicts: ReadonlyMap<string, Verdict> } {
  const facts = Map.groupBy(stamped(host), ({ kind }) => kind);
  const judgements: readonly Judgement[] = by.map((detector) =>
    judge(detector, facts, {
      host: 'core-1.example',
      hostId: 'host-1',
      at: AT,
      coverage: (kind) => (missing.includes(kind) ? { share: 0, reason: `no ${kind}` } : { share: 1 }),
    }),
  );
  return {
    findings: judgements.flatMap(({ findings }) => findings),
    verdicts: new Map(judgements.map(({ verdict }) => [verdict.rule, verdict])),
  };
}

/** One finding in the words of a table. */
export type Told = readonly [rule: string, level: Level, subject: Finding['subject']];

export function told(findings: readonly Finding[]): Told[] {
  return findings.map(({ rule, level, subject }): Told => [rule, level, subject]);
}
