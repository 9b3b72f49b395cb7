import { idOf } from '../lib/hash.ts';
import type { Artifact, ArtifactGap, Evidence, Origin } from '../model/artifact.ts';
import type { Issue } from '../model/gap.ts';
import type { Observation } from '../model/observation.ts';
import type { ObservationKind } from '../model/observations/index.ts';
import type { At, Fact, Parser } from '../model/parser.ts';
import type { SourceReference } from '../model/source.ts';

/** What the parsers made of some of the evidence: up to 1,024 items, of one artifact. */
export interface ParsedBatch {
  readonly id: string;
  readonly observations: readonly Observation[];
  readonly issues: readonly Issue[];
  readonly gaps: readonly PartialGap[];
}

/** A gap inside an artifact that came, with the share that is missing. */
export interface PartialGap extends ArtifactGap {
  readonly missing: number;
}

const BATCH = 1024;
/** An artifact of nothing but damage would fill the report; what is beyond is counted in one last issue. */
const ISSUES_AN_ARTIFACT = 20;

/** Reads every artifact with the parsers that know its name, and stamps what they yield. The order is that of the artifacts. */
export function* parseEvidence(
  evidence: Evidence,
  parsers: readonly Parser[],
  signal?: AbortSignal,
): Generator<ParsedBatch> {
  for (const artifact of evidence.artifacts.values()) {
    for (const parser of parsers) {
      signal?.throwIfAborted();
      if (parser.reads.some((pattern) => matchesName(pattern, artifact.name)))
        yield* parseArtifact(artifact, parser, evidence);
    }
  }
}

function* parseArtifact(artifact: Artifact, parser: Parser, evidence: Evidence): Generator<ParsedBatch> {
  const beside = (name: string) => (parser.beside?.includes(name) ? evidence.artifacts.get(name) : undefined);
  let batch = emptyBatch();
  let number = 0;
  let faults = 0;
  const take = () => {
    const full = {
      id: idOf('batch', evidence.host.id, artifact.name, artifact.sha256, parser.id, String(number)),
      ...batch,
    };
    batch = emptyBatch();
    return full;
  };
  try {
    for (const parsed of parser.parse(artifact, beside)) {
      number += 1;
      if ('gap' in parsed)
        batch.gaps.push({ name: parsed.artifact, reason: parsed.gap, detail: parsed.detail, missing: parsed.missing });
      else if ('issue' in parsed) {
        faults += 1;
        const { issue: _, ...rest } = parsed;
        if (faults <= ISSUES_AN_ARTIFACT) batch.issues.push({ ...placeOf(artifact, rest), reason: rest.reason });
      } else batch.observations.push(stamp(parsed, artifact, parser, evidence, number));
      if (batch.observations.length >= BATCH) yield take();
    }
  } catch (error) {
    // A fault of ours: what was read before it stays, and the artifact no longer counts as read whole.
    const reason = `the parser ${parser.id} failed: ${error instanceof Error ? error.message : String(error)}`;
    batch.issues.push({ artifact: artifact.name, reason });
    batch.gaps.push({ name: artifact.name, reason: 'unsupported', detail: reason, missing: 1 });
  }
  if (faults > ISSUES_AN_ARTIFACT)
    batch.issues.push({
      artifact: artifact.name,
      reason: `${faults - ISSUES_AN_ARTIFACT} further faults of the same artifact`,
    });
  yield take();
}

function emptyBatch(): { observations: Observation[]; issues: Issue[]; gaps: PartialGap[] } {
  return { observations: [], issues: [], gaps: [] };
}

/**
 * Adds what no parser may forget: id, host, time and source.
 *
 * @param number Of what the parser yields of the artifact, from 1.
 */
export function stamp(
  fact: Fact<ObservationKind>,
  artifact: Artifact,
  parser: Pick<Parser, 'id'>,
  evidence: Pick<Evidence, 'host' | 'observedAt'>,
  number: number,
): Observation {
  const { body, at = {}, eventAt } = fact;
  return {
    // Two hosts, or two artifacts, may hold the same bytes: the facts are two all the same.
    id: idOf(evidence.host.id, artifact.name, artifact.sha256, parser.id, String(at.offset ?? ''), String(number)),
    host: evidence.host.name,
    observedAt: evidence.observedAt,
    ...(eventAt === undefined ? {} : { eventAt }),
    source: sourceOf(artifact, at),
    ...body,
  };
}

/** The place of an issue, which names no digest. */
function placeOf(artifact: Artifact, at: At): Omit<Issue, 'reason'> {
  const { sha256: _, ...place } = sourceOf(artifact, at);
  return place;
}

/** The file or command as found: of an artifact that was put together, the one that the place came from. */
function sourceOf({ name, sha256, origins }: Artifact, at: At): SourceReference {
  const origin = origins && originAt(origins, at.offset);
  if (origin === undefined) return { artifact: name, sha256, ...at };
  return {
    artifact: origin.name,
    sha256: origin.sha256,
    ...(at.line === undefined ? {} : { line: at.line - origin.line + origin.originalLine }),
    ...(at.offset === undefined || origin.originalOffset === undefined
      ? {}
      : { offset: at.offset - origin.offset + origin.originalOffset }),
    ...(at.frame === undefined ? {} : { frame: at.frame }),
  };
}

/** The last origin that begins at an offset or before it; the first where no place is known. */
function originAt(origins: readonly Origin[], offset = 0): Origin | undefined {
  let [low, high] = [0, origins.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((origins[middle]?.offset ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return origins[low];
}

/** Whether a parser's pattern names an artifact: `*` stands for any text, also in the artifact's own name. */
export function matchesName(pattern: string, name: string): boolean {
  if (!pattern.includes('*') || pattern === name) return pattern === name;
  return new RegExp(
    `^${pattern
      .split('*')
      .map((part) => RegExp.escape(part))
      .join('.*')}$`,
    's',
  ).test(name);
}
