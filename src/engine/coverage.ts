import { isBeyond, type ArtifactGap, type Evidence } from '../model/artifact.ts';
import type { Detector } from '../model/detector.ts';
import { WIRE_KINDS, type ObservationKind } from '../model/observations/index.ts';
import type { Parser } from '../model/parser.ts';
import { matchesName, type PartialGap } from './parse.ts';

/** How far one kind of fact could be seen on a host. */
export interface KindCoverage {
  /** 1 when an artifact that yields the kind was read whole; 0 when there was none. */
  readonly share: number;
  readonly reason?: string;
}

/**
 * Coverage comes from artifacts, not from rows: a whole artifact without rows is a fact, and no rows from one that could
 * not be read are none. Where several artifacts yield a kind, the best of them counts.
 *
 * What lies beside an artifact sharpens its facts: where it is absent or denied they say so themselves. Where it breaks off,
 * facts may be wrong or left out in silence, and that counts.
 */
export function coverageOf(
  kind: ObservationKind,
  evidence: Evidence,
  parsers: readonly Parser[],
  partial: readonly PartialGap[],
): KindCoverage {
  let best: KindCoverage | undefined;
  for (const parser of parsers.filter(({ yields }) => (yields as readonly string[]).includes(kind))) {
    for (const name of namesFor(parser, evidence)) {
      const gap = worstOf(name, parser, evidence, partial);
      const share = Math.max(0, 1 - (gap?.missing ?? 0));
      if (best !== undefined && share <= best.share) continue;
      best = gap
        ? { share, reason: `${gap.name}: ${gap.reason}${gap.detail === undefined ? '' : `, ${gap.detail}`}` }
        : { share };
    }
  }
  return best ?? { share: 0, reason: `nothing that shows ${kind} was collected` };
}

/**
 * Whether a rule counts for some evidence: a capture is asked for nothing that only a host shows, and the other way round. An
 * image was never asked for what only runs, nor a container for a kernel: a rule that needs a kind of which it holds neither an
 * artifact nor a gap is not judged there. Any other evidence of a host was asked for everything that hosts show.
 */
export function isAskedOf({ needs }: Detector, evidence: Evidence, parsers: readonly Parser[]): boolean {
  if (needs.some((kind) => WIRE_KINDS.has(kind) !== (evidence.of === 'wire'))) return false;
  if (!evidence.gaps.some(isBeyond)) return true;
  return needs.every((kind) =>
    parsers.some(
      (parser) => (parser.yields as readonly string[]).includes(kind) && namesFor(parser, evidence).length > 0,
    ),
  );
}

/** How much of an artifact that was cut is missing cannot be known: half is a guess that never says "clear". */
const CUT = 0.5;

/** The gap that takes most of what an artifact should show. */
function worstOf(
  name: string,
  { beside = [] }: Parser,
  { artifacts, gaps }: Evidence,
  partial: readonly PartialGap[],
): PartialGap | undefined {
  const whole = gaps
    .filter((one) => one.name === name)
    .map((one) => ({ ...one, missing: artifacts.has(name) ? CUT : 1 }));
  const near = gaps
    .filter((one) => beside.includes(one.name) && (one.reason === 'truncated' || one.reason === 'timed_out'))
    .map((one) => ({ ...one, missing: CUT }));
  const all: readonly PartialGap[] = [...whole, ...partial.filter((one) => one.name === name), ...near];
  return all.reduce<PartialGap | undefined>(
    (worst, one) => (worst === undefined || one.missing > worst.missing ? one : worst),
    undefined,
  );
}

/** The artifacts and gaps that a parser reads; only those of `reads` make its kinds, what lies beside sharpens them. */
function namesFor(parser: Parser, evidence: Evidence): string[] {
  const known = [...evidence.artifacts.keys(), ...evidence.gaps.map(({ name }) => name)];
  return [...new Set(known.filter((name) => parser.reads.some((pattern) => matchesName(pattern, name))))];
}

/**
 * The rules that a gap in an artifact touches: those whose kinds are not whole without it, or are made with it at hand.
 * Where another artifact shows a kind whole, as one package database does, the lack of its like hides nothing.
 */
export function touchedBy(
  gap: ArtifactGap,
  detectors: readonly Detector[],
  parsers: readonly Parser[],
  coverage: (kind: ObservationKind) => KindCoverage,
): ReadonlySet<string> {
  const names = (patterns: readonly string[]) => patterns.some((pattern) => matchesName(pattern, gap.name));
  const kinds = new Set<string>(
    parsers.flatMap(({ reads, beside = [], yields }) =>
      names(beside) ? yields : names(reads) ? yields.filter((kind) => coverage(kind).share < 1) : [],
    ),
  );
  return new Set(
    detectors.filter(({ needs, uses = [] }) => [...needs, ...uses].some((kind) => kinds.has(kind))).map(({ id }) => id),
  );
}
