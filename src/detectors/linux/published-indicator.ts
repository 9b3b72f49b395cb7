import { lookupOf } from '../../indicators/lookup.ts';
import type { Indicator, IndicatorKind } from '../../indicators/indicator.ts';
import {
  defineDetector,
  notSeen,
  type Detection,
  type Detector,
  type Facts,
  type NotSeen,
} from '../../model/detector.ts';
import { atLeast, type Level } from '../../model/level.ts';
import { HOST_KINDS, HOST_USES, viewOf, type HostView } from './host-view.ts';
import { indicatorMatches, MATCHED_KINDS, type IndicatorMatch } from './indicator-matches.ts';

/** What one match says alone. A digest is decisive; names, ports and places change within days of a publication. */
const ALONE: Readonly<Record<IndicatorKind, Level>> = {
  md5: 'critical',
  sha1: 'critical',
  sha256: 'critical',
  path: 'medium',
  marker: 'low',
  name: 'low',
  title: 'low',
  module: 'medium',
  user: 'low',
  port: 'low',
  domain: 'medium',
  address: 'medium',
  word: 'medium',
};

const INNOCENT: Readonly<Record<IndicatorKind, string>> = {
  md5: 'A copy that somebody keeps for analysis.',
  sha1: 'A copy that somebody keeps for analysis.',
  sha256: 'A copy that somebody keeps for analysis.',
  path: 'Other software that uses the same place.',
  marker: 'Several published markers have nearly the names that true daemons use.',
  name: 'Other software of the same name.',
  title: 'The true daemon, put in place without its package.',
  module: 'A driver of the same name.',
  user: 'An account that happens to have the name.',
  port: 'Any software may listen there.',
  domain: 'A list of names to be blocked holds it as well.',
  address: 'The address was given to somebody else since; a list of what is blocked holds it as well.',
  word: 'Security software and rules for it hold such words.',
};

/**
 * What has been published of implants, and what an operator looks for, compared with a host. An extra: no other rule asks it,
 * and that nothing matches says nothing.
 */
export function publishedIndicator(indicators: readonly Indicator[]): Detector {
  const lookup = lookupOf(indicators);
  return defineDetector({
    id: 'linux/published-indicator',
    title: 'Published indicator of an implant',
    level: 'medium',
    status: 'experimental',
    attack: [],
    needs: ['file', 'file_digest'],
    uses: [...HOST_KINDS, ...HOST_USES, ...MATCHED_KINDS],
    judges: 'file',
    identity: ['the family', 'the thing that has it'],
    falsePositives: ['Names, places, ports and addresses are used by others as well; only a digest is sure.'],
    next: [NEXT],
    *detect(facts) {
      const view = viewOf(facts);
      const matches = [...indicatorMatches(facts, view, lookup)];
      if (indicators.some(({ kind }) => kind === 'sha1')) yield* withoutSha1(facts, view);
      for (const family of Map.groupBy(matches, ({ indicator }) => indicator.family).values()) {
        for (const [thing, found] of Map.groupBy(family, ({ key }) => key)) yield finding(thing, found, family);
      }
    },
  }) as Detector;
}

/** Files of no package of which no SHA-1 was had, so that those that were published as SHA-1 were not looked for in them. */
function* withoutSha1(facts: Facts<'file_digest'>, view: HostView): Generator<NotSeen> {
  const rows = [...facts.each('file_digest')];
  const had = new Set(rows.flatMap(({ file }) => (file.sha1 === undefined ? [] : [file.path])));
  for (const row of rows) {
    if (!had.has(row.file.path) && view.ownerOf(row.file.path) === undefined) yield notSeen(row, 'SHA-1');
  }
}

const NEXT =
  'keep the file or program before anything else: copy it out, then sha256sum it; compare with a sibling host';

/** What does not follow from one another: a file has its name in its path, and is named again where it is started. */
const GROUPS: Readonly<Partial<Record<IndicatorKind, string>>> = {
  path: 'place',
  name: 'place',
  md5: 'digest',
  sha1: 'digest',
  sha256: 'digest',
};

/** What anybody may have is worth less than other signs, in whatever company. */
const COMMON: ReadonlySet<IndicatorKind> = new Set(['name', 'user', 'port']);

function isTogether(matches: readonly IndicatorMatch[]): boolean {
  return new Set(matches.map(({ indicator: { kind } }) => GROUPS[kind] ?? kind)).size > 1;
}

function levelOf(kind: IndicatorKind, together: boolean): Level {
  const alone = ALONE[kind];
  return !together || atLeast(alone, 'high') ? alone : COMMON.has(kind) ? 'medium' : 'high';
}

/** What one thing has of one family. */
function finding(key: string, found: readonly IndicatorMatch[], family: readonly IndicatorMatch[]): Detection {
  const together = isTogether(family);
  const level = found
    .map(({ indicator: { kind } }) => levelOf(kind, together))
    .reduce((highest, one) => (atLeast(highest, one) ? highest : one));
  const others = family.filter((one) => one.key !== key);
  const [first] = found;
  const published = new Set(
    found.map(({ indicator: { source, date } }) => `${source}${date === undefined ? '' : `, ${date}`}`),
  );
  return {
    level,
    message: `${first?.thing ?? key} ${unique(found.map(({ says }) => says)).join(' and ')}, as published of ${first?.indicator.family ?? ''} (${[...published].join('; ')})${together && others.length > 0 ? '; there are further signs of it on this host' : ''}`,
    subject: first?.subject ?? {},
    identity: [first?.indicator.family ?? '', key],
    evidence: [...found, ...(together ? others.slice(0, 4) : [])].flatMap(({ shown }) => shown.slice(0, 1)),
    benign: unique(found.map(({ indicator: { kind } }) => INNOCENT[kind])),
    next: [NEXT],
  };
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
