import { lookupOf } from '../../indicators/lookup.ts';
import type { Indicator, IndicatorKind } from '../../indicators/indicator.ts';
import { defineDetector, type Detection, type Detector } from '../../model/detector.ts';
import { atLeast, type Level } from '../../model/level.ts';
import { HOST_KINDS, HOST_USES, viewOf } from './host-view.ts';
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
    identity: ['the family', 'the indicator'],
    falsePositives: ['Names, places, ports and addresses are used by others as well; only a digest is sure.'],
    next: [NEXT],
    *detect(facts) {
      const matches = [...indicatorMatches(facts, viewOf(facts), lookup)];
      for (const family of Map.groupBy(matches, ({ indicator }) => indicator.family).values()) {
        const together = isTogether(family);
        for (const match of family) yield finding(match, family, together);
      }
    },
  }) as Detector;
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

function isTogether(matches: readonly IndicatorMatch[]): boolean {
  return new Set(matches.map(({ indicator: { kind } }) => GROUPS[kind] ?? kind)).size > 1;
}

function finding(
  { indicator, thing, subject, says, shown }: IndicatorMatch,
  family: readonly IndicatorMatch[],
  together: boolean,
): Detection {
  const { kind, value, source, date } = indicator;
  const alone = ALONE[kind];
  const others = family.filter((one) => one.thing !== thing);
  return {
    level: together && !atLeast(alone, 'high') ? 'high' : alone,
    message: `${thing} ${says}, published of ${indicator.family} (${source}${date === undefined ? '' : `, ${date}`})${together ? '; further ones of it are on this host' : ''}`,
    subject,
    identity: [indicator.family, kind, value],
    evidence: [...shown, ...(together ? others.slice(0, 4).flatMap((one) => one.shown.slice(0, 1)) : [])],
    benign: [INNOCENT[kind]],
    next: [NEXT],
  };
}
