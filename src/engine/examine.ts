import { isBeyond, type Evidence } from '../model/artifact.ts';
import type { Detector } from '../model/detector.ts';
import type { Finding } from '../model/finding.ts';
import type { Gap, Issue } from '../model/gap.ts';
import { LEVELS, WEIGHT } from '../model/level.ts';
import type { Observation } from '../model/observation.ts';
import type { ObservationKind } from '../model/observations/index.ts';
import type { Parser } from '../model/parser.ts';
import type { ObservationStore } from '../model/ports/observation-store.ts';
import type { HostResult } from '../model/result.ts';
import { seen } from '../model/unseen.ts';
import type { Verdict } from '../model/verdict.ts';
import { coverageOf, isAskedOf, touchedBy, type KindCoverage } from './coverage.ts';
import { judge } from './judge.ts';
import { parseEvidence, type PartialGap } from './parse.ts';

/** The parts that the engine is handed. */
export interface Parts {
  readonly parsers: readonly Parser[];
  readonly detectors: readonly Detector[];
  /** Where observations are kept as well; judging needs none. */
  readonly store?: ObservationStore;
}

/**
 * Examines the evidence of one host: parses, stores, judges, and says what could not be seen. The same evidence gives the
 * same result.
 *
 * @param issues What the reader of the evidence could not understand.
 */
export async function examine(
  evidence: Evidence,
  { parsers, detectors, store }: Parts,
  { issues: earlier = [], signal }: { issues?: readonly Issue[]; signal?: AbortSignal } = {},
): Promise<HostResult> {
  const issues: Issue[] = [...earlier];
  const partial: PartialGap[] = [];
  const observations: Observation[] = [];
  for (const batch of parseEvidence(evidence, parsers, signal)) {
    issues.push(...batch.issues);
    partial.push(...batch.gaps);
    observations.push(...batch.observations);
    if (batch.observations.length > 0) await store?.append(batch);
  }
  const self = observations.find((one) => one.kind === 'host');
  const euid = self && seen(self.about.euid);
  const facts = Map.groupBy(observations, ({ kind }) => kind);

  const known = new Map<ObservationKind, KindCoverage>();
  const coverage = (kind: ObservationKind): KindCoverage => {
    const found = known.get(kind) ?? coverageOf(kind, evidence, parsers, partial);
    known.set(kind, found);
    return found;
  };
  const place = { host: evidence.host.name, hostId: evidence.host.id, at: evidence.observedAt, coverage };
  const counting = detectors.filter((detector) => isAskedOf(detector, evidence, parsers));
  const left = detectors.filter((detector) => !counting.includes(detector));
  const judgements = counting.map((detector) => {
    signal?.throwIfAborted();
    return judge(detector, facts, place);
  });
  const verdicts = judgements.map(({ verdict }) => verdict).sort((a, b) => (a.rule < b.rule ? -1 : 1));
  return {
    host: evidence.host,
    observedAt: evidence.observedAt,
    artifacts: evidence.artifacts.size,
    ...(euid === undefined ? {} : { euid }),
    observations,
    observationCount: observations.length,
    issues,
    gaps: gapsOf(evidence, partial, { detectors: counting, parsers }, { verdicts, left, coverage }),
    findings: judgements.flatMap(({ findings }) => findings).sort(worstFirst),
    verdicts,
    visibility: visibilityOf(counting, verdicts),
  };
}

function gapsOf(
  evidence: Evidence,
  partial: readonly PartialGap[],
  { detectors, parsers }: Parts,
  {
    verdicts,
    left,
    coverage,
  }: {
    verdicts: readonly Verdict[];
    left: readonly Detector[];
    coverage: (kind: ObservationKind) => KindCoverage;
  },
): Gap[] {
  const clear = new Set(verdicts.filter(({ verdict }) => verdict === 'clear').map(({ rule }) => rule));
  return [...evidence.gaps, ...partial].map((gap) => ({
    host: evidence.host.name,
    artifact: gap.name,
    reason: gap.reason,
    ...(gap.detail === undefined ? {} : { detail: gap.detail }),
    // A rule that is clear all the same was answered by other evidence: the gap hides nothing from it.
    hides: isBeyond(gap)
      ? left.map(({ id }) => id).sort()
      : [...touchedBy(gap, detectors, parsers, coverage)].filter((rule) => !clear.has(rule)).sort(),
  }));
}

function worstFirst(a: Finding, b: Finding): number {
  return LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) || (a.id < b.id ? -1 : 1);
}

function visibilityOf(detectors: readonly Detector[], verdicts: readonly Verdict[]): number {
  const verdictOf = new Map(verdicts.map((verdict) => [verdict.rule, verdict]));
  let [total, judged] = [0, 0];
  for (const { id, level } of detectors) {
    const { verdict, coverage = 0 } = verdictOf.get(id) ?? { verdict: 'failed' };
    total += WEIGHT[level];
    if (verdict === 'clear' || verdict === 'matched') judged += WEIGHT[level];
    else if (verdict === 'not_covered') judged += WEIGHT[level] * coverage;
  }
  return total === 0 ? 0 : Number((judged / total).toFixed(3));
}
