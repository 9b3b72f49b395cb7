import type { Observation } from '../../model/observation.ts';
import { claimOf, isShellProcess, isUnderFalseName } from './claim.ts';
import type { HostView } from './host-view.ts';
import { isForEverybody } from './paths.ts';
import { isVouchedFor, placeOf } from './trust.ts';

/** The least worrying first. */
const EXPLANATIONS = ['vouched', 'unknown', 'elsewhere', 'foreign'] as const;

/**
 * How far the host explains a process: `vouched` by a package; `unknown`, as in a container; `elsewhere`, of no package where
 * software of any origin is at home; `foreign`, a shell, a false name, or a program of no package among those of the
 * distribution, in memory or where everybody may write.
 */
export type Explanation = (typeof EXPLANATIONS)[number];

export const EXPLANATION_WORDS: Readonly<Record<Explanation, string>> = {
  vouched: 'of a package',
  unknown: 'of unknown origin',
  elsewhere: 'of no package',
  foreign: 'which nothing on this host explains',
};

export function explanationOf(view: HostView, row: Observation<'process'>): Explanation {
  // Arguments that were blanked are no name.
  const isFalse = isUnderFalseName(view, row) && claimOf(view, row)?.as !== 'blank';
  if (isShellProcess(view, row) || isFalse) return 'foreign';
  if (isVouchedFor(view, row)) return 'vouched';
  const { exe } = row.process;
  if (view.standingOf(row).is !== 'unpackaged' || typeof exe !== 'string') return 'unknown';
  return placeOf(view, exe) === 'elsewhere' && !isForEverybody(exe) ? 'elsewhere' : 'foreign';
}

export function isLessExplained(one: Explanation, other: Explanation): boolean {
  return EXPLANATIONS.indexOf(one) > EXPLANATIONS.indexOf(other);
}
