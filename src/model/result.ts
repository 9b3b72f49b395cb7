import type { Finding } from './finding.ts';
import type { Gap, Issue } from './gap.ts';
import { LEVELS, type Level } from './level.ts';
import type { Observation } from './observation.ts';
import type { UnseenReason } from './unseen.ts';
import type { Verdict } from './verdict.ts';
import type { HostIdentity } from './artifact.ts';
import type { Place } from './target.ts';

/** What the examination of one host's evidence gave, each list in a stable order. */
export interface HostResult {
  readonly host: HostIdentity;
  readonly observedAt: string;
  readonly artifacts: number;
  /** What a capture held, where the evidence is one. */
  readonly capture?: CaptureAbout;
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

/** A capture in numbers. */
export interface CaptureAbout {
  /** Its path, or what it is called. */
  readonly file: string;
  readonly frames: number;
  /** Time of its first and its last frame, RFC 3339 UTC; absent where it has none. */
  readonly firstAt?: string;
  readonly lastAt?: string;
  /** How its frames begin, under the names of the registry of link types, and whether such frames are read. */
  readonly links: readonly { readonly name: string; readonly frames: number; readonly read: boolean }[];
  readonly addresses: number;
  readonly flows: number;
}

/** A host, or a file with the evidence of one, of which nothing could be had, and what the operator can do. */
export interface Unreached {
  readonly host: string;
  readonly reason: UnseenReason;
  readonly detail: string;
  readonly hint: string;
  /** In two or three words of ours, by which several are told together: `no route`. */
  readonly cause?: string;
}

export interface Summary {
  /** Those that could not be looked at count as well. */
  readonly hosts: number;
  /** Captures, which are of no single host; absent where there is none. */
  readonly captures?: number;
  readonly artifacts: number;
  readonly observations: number;
  readonly findings: Readonly<Record<Level, number>>;
  readonly cases: number;
  readonly visibility: number;
  readonly notCovered: readonly { readonly rule: string; readonly reason: string }[];
  /** Hosts of which the operator said what they do or where they stand; absent where there is none. */
  readonly places?: readonly ({ readonly host: string } & Place)[];
  readonly elapsedMs: number;
}

/** @param failed One gap for each host that could not be looked at: nothing was seen there, and no rule was judged. */
export function summaryOf(results: readonly HostResult[], failed: readonly Gap[], elapsedMs: number): Summary {
  const sum = (of: (result: HostResult) => number) => results.reduce((total, result) => total + of(result), 0);
  const findings = Object.fromEntries(
    LEVELS.map((level) => [level, sum(({ findings: all }) => all.filter((one) => one.level === level).length)]),
  ) as Record<Level, number>;
  const hosts = results.length + failed.length;
  const places = results.flatMap(({ host: { name, role, site } }) =>
    role === undefined && site === undefined
      ? []
      : [{ host: name, ...(role === undefined ? {} : { role }), ...(site === undefined ? {} : { site }) }],
  );
  const captures = results.filter(({ capture }) => capture !== undefined).length;
  return {
    hosts: hosts - captures,
    ...(captures === 0 ? {} : { captures }),
    artifacts: sum((result) => result.artifacts),
    observations: sum((result) => result.observationCount),
    findings,
    cases: 0,
    visibility: hosts === 0 ? 0 : Number((sum(({ visibility }) => visibility) / hosts).toFixed(3)),
    notCovered: notCoveredOf(results, failed, hosts),
    ...(places.length === 0 ? {} : { places }),
    elapsedMs,
  };
}

/** Every host has reasons of its own; more of them say nothing more to anybody. */
const REASONS_TOLD = 3;

function notCoveredOf(results: readonly HostResult[], failed: readonly Gap[], hosts: number): Summary['notCovered'] {
  const blind = [
    ...results.flatMap(({ verdicts }) =>
      verdicts
        .filter(({ verdict }) => verdict === 'not_covered' || verdict === 'failed')
        .map(({ rule, verdict, reason = verdict }) => ({ rule, reason })),
    ),
    ...failed.flatMap(({ artifact, reason, detail, hides }) =>
      hides.map((rule) => ({ rule, reason: `${artifact}: ${reason}${detail === undefined ? '' : `, ${detail}`}` })),
    ),
  ];
  return [...Map.groupBy(blind, ({ rule }) => rule)].map(([rule, times]) => {
    const reasons = [...new Set(times.map(({ reason }) => reason))];
    const more = reasons.length > REASONS_TOLD ? [`${reasons.length - REASONS_TOLD} more reasons`] : [];
    const text = [...reasons.slice(0, REASONS_TOLD), ...more].join('; ');
    return { rule, reason: hosts === 1 ? text : `on ${times.length} of ${hosts} hosts: ${text}` };
  });
}
