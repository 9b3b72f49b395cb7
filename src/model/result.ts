import type { Finding } from './finding.ts';
import type { Gap, Issue } from './gap.ts';
import { LEVELS, type Level } from './level.ts';
import type { Observation } from './observation.ts';
import type { Verdict } from './verdict.ts';
import type { HostIdentity } from './artifact.ts';

/** What the examination of one host's evidence gave, each list in a stable order. */
export interface HostResult {
  readonly host: HostIdentity;
  readonly observedAt: string;
  readonly artifacts: number;
  /** Effective user id with which the host was looked at, where the evidence says so. */
  readonly euid?: number;
  /** Empty where nobody asked for them. */
  readonly observations: readonly Observation[];
  readonly observationCount: number;
  readonly issues: readonly Issue[];
  readonly gaps: readonly Gap[];
  /** The worst first. */
  readonly findings: readonly Finding[];
  readonly verdicts: readonly Verdict[];
  /** Share of the rules that could be judged, weighted by level, 0 to 1. */
  readonly visibility: number;
}

export interface Summary {
  readonly hosts: number;
  readonly artifacts: number;
  readonly observations: number;
  readonly findings: Readonly<Record<Level, number>>;
  readonly cases: number;
  readonly visibility: number;
  readonly notCovered: readonly { readonly rule: string; readonly reason: string }[];
  readonly elapsedMs: number;
}

export function summaryOf(results: readonly HostResult[], elapsedMs: number): Summary {
  const sum = (of: (result: HostResult) => number) => results.reduce((total, result) => total + of(result), 0);
  const findings = Object.fromEntries(
    LEVELS.map((level) => [level, sum(({ findings: all }) => all.filter((one) => one.level === level).length)]),
  ) as Record<Level, number>;
  const blind = new Map(
    results.flatMap(({ verdicts }) =>
      verdicts.flatMap(({ rule, verdict, reason }) =>
        verdict === 'not_covered' || verdict === 'failed' ? [[rule, reason ?? verdict] as const] : [],
      ),
    ),
  );
  return {
    hosts: results.length,
    artifacts: sum((result) => result.artifacts),
    observations: sum((result) => result.observationCount),
    findings,
    cases: 0,
    visibility: results.length === 0 ? 0 : Number((sum(({ visibility }) => visibility) / results.length).toFixed(3)),
    notCovered: [...blind].map(([rule, reason]) => ({ rule, reason })),
    elapsedMs,
  };
}
