import { idOf } from '../lib/hash.ts';
import type { Detection, Detector, Facts, NotSeen, Shown } from '../model/detector.ts';
import type { Evidential, Finding } from '../model/finding.ts';
import { atLeast } from '../model/level.ts';
import type { Observation } from '../model/observation.ts';
import type { ObservationKind } from '../model/observations/index.ts';
import type { Verdict } from '../model/verdict.ts';
import type { KindCoverage } from './coverage.ts';

/** The observations of one host, by kind. */
export type ByKind = ReadonlyMap<ObservationKind, readonly Observation[]>;

export interface Judgement {
  readonly findings: readonly Finding[];
  readonly verdict: Verdict;
}

const MERGED_EVIDENCE = 24;
const OTHERS_KEPT = 20;

/** Lets one detector judge one host. What it held before it failed stays; a rule that failed says so. */
export function judge(
  detector: Detector,
  facts: ByKind,
  {
    host,
    hostId,
    at,
    coverage,
  }: { host: string; hostId: string; at: string; coverage: (kind: ObservationKind) => KindCoverage },
): Judgement {
  const groups = new Map<string, Group>();
  const unseenOf = new Map<string, Set<string>>();
  let failure: string | undefined;
  try {
    for (const said of detector.detect(factsFor(detector, facts, coverage))) {
      if ('notSeen' in said) remember(said, unseenOf);
      else {
        const finding = findingOf(said, detector, { host, hostId, at });
        groups.set(finding.id, joined(groups.get(finding.id), finding));
      }
    }
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  return {
    findings: [...groups.values()].map(spoken),
    verdict: {
      rule: detector.id,
      title: detector.title,
      host,
      ...verdictOf(detector, facts, groups.size, unseenOf, failure, coverage),
    },
  };
}

function factsFor(
  detector: Detector,
  facts: ByKind,
  coverage: (kind: ObservationKind) => KindCoverage,
): Facts<ObservationKind> {
  const allowed = new Set<ObservationKind>([...detector.needs, ...(detector.uses ?? [])]);
  const declared = (kind: ObservationKind) => {
    if (!allowed.has(kind)) throw new Error(`${detector.id} asks for ${kind}, which it does not declare`);
    return kind;
  };
  return {
    each: (kind) => (facts.get(declared(kind)) ?? []) as never,
    isWhole: (kind) => coverage(declared(kind)).share === 1,
  };
}

function remember({ notSeen, observation }: NotSeen, unseenOf: Map<string, Set<string>>): void {
  const rows = unseenOf.get(notSeen);
  if (rows) rows.add(observation.id);
  else unseenOf.set(notSeen, new Set([observation.id]));
}

function verdictOf(
  { needs, judges, blind: unread }: Detector,
  facts: ByKind,
  matches: number,
  unseenOf: ReadonlyMap<string, ReadonlySet<string>>,
  failure: string | undefined,
  coverage: (kind: ObservationKind) => KindCoverage,
): Pick<Verdict, 'verdict' | 'coverage' | 'reason'> {
  if (matches > 0)
    return { verdict: 'matched', ...(failure === undefined ? {} : { reason: `it failed after that: ${failure}` }) };
  if (failure !== undefined) return { verdict: 'failed', reason: failure };
  if (unread !== undefined) return { verdict: 'not_covered', coverage: 0, reason: unread };
  const worst = needs
    .map((kind) => coverage(kind))
    .reduce((least, one) => (one.share < least.share ? one : least), { share: 1 } as KindCoverage);
  const total = (facts.get(judges) ?? []).filter((row) => row.kind !== 'process' || !row.process.kernelThread).length;
  const blind = new Set([...unseenOf.values()].flatMap((rows) => [...rows])).size;
  const seenShare = blind === 0 ? 1 : Math.max(0, 1 - blind / Math.max(total, blind));
  const share = Math.min(worst.share, seenShare);
  if (share === 1) return { verdict: 'clear' };
  const fields = [...unseenOf]
    .map(([field, rows]) => `${field} of ${rows.size} of ${Math.max(total, rows.size)}`)
    .join(', ');
  const reason = blind > 0 ? `not seen: ${fields}` : worst.reason;
  return { verdict: 'not_covered', coverage: Number(share.toFixed(3)), ...(reason === undefined ? {} : { reason }) };
}

function findingOf(
  said: Detection,
  detector: Detector,
  { host, hostId, at }: { host: string; hostId: string; at: string },
): Finding {
  return {
    id: idOf('finding', detector.id, said.host ?? hostId, ...said.identity),
    rule: detector.id,
    title: detector.title,
    level: said.level ?? detector.level,
    host: said.host ?? host,
    message: said.message,
    subject: said.subject,
    attack: said.attack ?? detector.attack,
    evidence: said.evidence.map(evidential),
    benign: said.benign ?? detector.falsePositives,
    next: said.next ?? detector.next,
    at: said.at ?? at,
  };
}

function evidential({ observation: { id, source }, text, at }: Shown): Evidential {
  const { artifact, offset, line, frame } = { ...source, ...at };
  return {
    observation: id,
    artifact,
    ...(offset === undefined ? {} : { offset }),
    ...(line === undefined ? {} : { line }),
    ...(frame === undefined ? {} : { frame }),
    text,
  };
}

/** Detections of one identity: the strongest, the others as far as they are kept, and how many they are. */
interface Group {
  readonly best: Finding;
  readonly others: readonly Finding[];
  readonly alike: number;
}

function joined(group: Group | undefined, fresh: Finding): Group {
  if (group === undefined) return { best: fresh, others: [], alike: 0 };
  const { best, others, alike } = group;
  const [first, second] = atLeast(best.level, fresh.level) ? [best, fresh] : [fresh, best];
  return { best: first, others: others.length < OTHERS_KEPT ? [...others, second] : others, alike: alike + 1 };
}

/** One finding of a group: the strongest speaks, and the subjects of the others are named beside it. */
function spoken({ best, others, alike }: Group): Finding {
  if (alike === 0) return best;
  return {
    ...best,
    message: `${best.message} (${alike === 1 ? 'another one' : `${alike} others`} alike)`,
    subject: { ...best.subject, others: others.map(({ subject }) => subject) },
    evidence: [best, ...others].flatMap(({ evidence }) => evidence).slice(0, MERGED_EVIDENCE),
  };
}
