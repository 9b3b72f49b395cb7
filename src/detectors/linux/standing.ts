import type { Observation } from '../../model/observation.ts';
import { isUnseen, type Maybe } from '../../model/unseen.ts';

/** What is known of where a program comes from. */
export type Standing =
  | {
      readonly is: 'verified' | 'packaged' | 'altered';
      readonly package: string;
      readonly owned: Observation<'package_file'>;
    }
  | { readonly is: 'unpackaged' | 'unknown' };

/**
 * The standing of what a process runs.
 *
 * @param packages What packages own, by canonical path, and what was looked up and belongs to none; `packagesKnown` where every path
 *   was looked up, so that one without an owner belongs to no package.
 */
export function standingOf(
  { process }: Observation<'process'>,
  {
    owners,
    unowned,
    packagesKnown,
  }: {
    readonly owners: ReadonlyMap<string, Observation<'package_file'>>;
    readonly unowned: ReadonlySet<string>;
    readonly packagesKnown: boolean;
  },
  canonical: (path: string) => string,
  startedAt: string | undefined,
): Standing {
  const { exe, exeDeleted, exeMd5, exeSha256, sameRoot } = process;
  if (typeof exe !== 'string') return { is: 'unknown' };
  const owned = owners.get(canonical(exe));
  if (owned === undefined)
    return { is: sameRoot === true && (packagesKnown || unowned.has(canonical(exe))) ? 'unpackaged' : 'unknown' };
  const { algorithm, digest } = owned.owned;
  const own = digestBy(algorithm, { md5: exeMd5, sha256: exeSha256 });
  // A deleted program at the path of a package is its earlier version only if the package came after the process.
  const { installedAt } = owned.owned;
  const outlived =
    exeDeleted === true && installedAt !== undefined && startedAt !== undefined && installedAt < startedAt;
  const named = { package: owned.owned.package, owned };
  if (outlived && sameRoot === true && own !== digest) return { is: 'unpackaged' };
  if (own === undefined || isUnseen(own) || isUnseen(digest))
    return sameRoot === true ? { is: 'packaged', ...named } : { is: 'unknown' };
  if (own === digest) return { is: 'verified', ...named };
  // Under another root the path is another file; a deleted program is that of an earlier version.
  if (sameRoot !== true) return { is: 'unknown' };
  return { is: exeDeleted === false ? 'altered' : 'packaged', ...named };
}

/** The digest of a file by the algorithm that its package used; undefined for one that the look does not take. */
export function digestBy(
  algorithm: Observation<'package_file'>['owned']['algorithm'],
  digests: Readonly<Record<'md5' | 'sha256', Maybe<string>>>,
): Maybe<string> | undefined {
  return algorithm === 'md5' || algorithm === 'sha256' ? digests[algorithm] : undefined;
}
