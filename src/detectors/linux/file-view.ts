import type { Facts } from '../../model/detector.ts';
import type { Observation } from '../../model/observation.ts';
import { isUnseen, type Maybe } from '../../model/unseen.ts';
import { join } from './paths.ts';
import { digestBy } from './standing.ts';

/** Without what packages own nothing can be said of where a file comes from. */
export const FILE_KINDS = ['package_file'] as const;
/** Kinds that sharpen it. None of them speaks of processes, so that a rule over files also judges a mounted image. */
export const FILE_USES = ['program_link', 'mount', 'login_shell', 'file', 'file_digest', 'unowned_file'] as const;
export type FileKind = (typeof FILE_KINDS)[number] | (typeof FILE_USES)[number];

/**
 * Where a file comes from. `absent`: it is named, and nothing shows that it exists; `unknown`: no package database was
 * read, or no listing of files, so that nothing can be told.
 */
export type Origin = 'verified' | 'packaged' | 'altered' | 'unpackaged' | 'absent' | 'unknown';

/** The facts of one host, indexed for questions about its files. */
export interface FileView {
  /** The path with links at its head followed (/bin to /usr/bin): one spelling for one file. */
  readonly canonical: (path: string) => string;
  /** The path with links among programs followed to the end. */
  readonly resolve: (path: string) => string;
  /** The package that owns a path, whether or not the digest is as recorded. */
  ownerOf(path: string): Observation<'package_file'> | undefined;
  digestOf(path: string): Observation<'file_digest'> | undefined;
  metadataOf(path: string): Observation<'file'> | undefined;
  /**
   * Where a file comes from. Packages are asked about every file whose digest is taken and every path that a line of settings
   * names, not about what a listing shows beside.
   *
   * @param named Whether a line of settings names the path.
   */
  originOf(path: string, named?: boolean): Origin;
  /** The kind of file system a path lies on, as mounted at the look; undefined for the root's own. */
  mountTypeOf(path: string): string | undefined;
  isShell(path: string): boolean;
  /** Every file that is known by anything, by canonical path. */
  known(): Iterable<string>;
  /** Every link among programs, from path to what it names. */
  readonly links: ReadonlyMap<string, string>;
  /** What was looked up and belongs to no package, by canonical path. */
  readonly unowned: ReadonlySet<string>;
  /** Whether every path was looked up, so that one without an owner belongs to no package. */
  readonly packagesKnown: boolean;
  /** What packages own, by canonical path. */
  readonly owners: ReadonlyMap<string, Observation<'package_file'>>;
}

const views = new WeakMap<object, FileView>();

/** The view of some facts, made once for all detectors that ask. */
export function fileViewOf(facts: Facts<FileKind>): FileView {
  const rows = facts.each('package_file');
  const known = views.get(rows);
  if (known) return known;
  const view = makeView(facts);
  views.set(rows, view);
  return view;
}

function makeView(facts: Facts<FileKind>): FileView {
  const links = new Map([...facts.each('program_link')].map(({ link }) => [link.path, link.target]));
  const packagesKnown = [...facts.each('package_file')].some(({ owned }) => owned.othersAsked !== false);
  const seenHeads = [...links].filter(([path]) => /^\/[^/]+$/.test(path));
  // Where nobody listed all links, /bin is taken for /usr/bin, as on every distribution of today.
  const heads = packagesKnown ? seenHeads : [...seenHeads, ...USUAL_HEADS];
  const canonical = (path: string): string => {
    const head = heads.find(([from]) => path === from || path.startsWith(`${from}/`));
    return head ? `${join('/', head[1])}${path.slice(head[0].length)}` : path;
  };
  // Links elsewhere are in listings of files: /usr/lib/sendmail is one.
  const listed = new Map(
    [...facts.each('file')].flatMap(({ file: { path, type, target } }) =>
      type === 'link' && target !== undefined ? [[canonical(path), target] as const] : [],
    ),
  );
  const resolve = (path: string): string => {
    let now = canonical(path);
    for (let step = 0; step < 16; step++) {
      const target = links.get(now) ?? listed.get(now);
      if (target === undefined) break;
      now = canonical(join(now.slice(0, now.lastIndexOf('/')), target));
    }
    return now;
  };
  const owners = new Map([...facts.each('package_file')].map((row) => [canonical(row.owned.path), row]));
  const unowned = new Set([...facts.each('unowned_file')].map((row) => canonical(row.unowned.path)));
  // A row of SHA-1 alone is compared with nothing but what was published, and would hide the one that a package is compared with.
  const compared = [...facts.each('file_digest')].filter(({ file }) => file.sha1 === undefined);
  const digests = new Map(compared.map((row) => [canonical(row.file.path), row]));
  const metadata = new Map([...facts.each('file')].map((row) => [canonical(row.file.path), row]));
  const mounts = [...facts.each('mount')].map(({ mount }) => mount);
  const shells = new Set([...facts.each('login_shell')].map(({ shell }) => resolve(shell.path)));
  const originOf = (path: string, named = false): Origin => {
    if (owners.size === 0 && unowned.size === 0) return 'unknown';
    const spellings = [...new Set([canonical(path), resolve(path)])];
    for (const spelling of spellings) {
      const owned = owners.get(spelling);
      if (owned) return comparedWith(owned, digests.get(spelling));
    }
    if (spellings.some((spelling) => unowned.has(spelling))) return 'unpackaged';
    if (!packagesKnown) return 'unknown';
    if (spellings.some((spelling) => digests.has(spelling) || (OF_NO_PACKAGE.test(spelling) && metadata.has(spelling))))
      return 'unpackaged';
    if (spellings.some((spelling) => metadata.has(spelling))) return named ? 'unpackaged' : 'unknown';
    return digests.size === 0 && metadata.size === 0 ? 'unknown' : 'absent';
  };
  return {
    canonical,
    resolve,
    ownerOf: (path) => owners.get(canonical(path)),
    digestOf: (path) => digests.get(canonical(path)),
    metadataOf: (path) => metadata.get(canonical(path)),
    originOf,
    mountTypeOf: (path) => {
      if (mounts.length === 0) return ALWAYS_MEMORY.test(path) ? 'tmpfs' : undefined;
      const covering = mounts.filter(({ point }) => point !== '/' && (path === point || path.startsWith(`${point}/`)));
      return covering.reduce<(typeof covering)[number] | undefined>(
        (best, one) => (best && best.point.length > one.point.length ? best : one),
        undefined,
      )?.type;
    },
    isShell: (path) => shells.has(resolve(path)),
    known: () => new Set([...owners.keys(), ...digests.keys(), ...metadata.keys()]),
    links,
    owners,
    unowned,
    packagesKnown,
  };
}

const USUAL_HEADS: readonly (readonly [string, string])[] = ['bin', 'sbin', 'lib', 'lib64'].map((name) => [
  `/${name}`,
  `usr/${name}`,
]);

/** Of memory on every Linux, where no mount was seen. */
const ALWAYS_MEMORY = /^\/(?:dev\/shm|run)(?:\/|$)/;
/** Folders in which packages keep no files. */
const OF_NO_PACKAGE = /^\/(?:dev|run|tmp|var\/tmp)\//;

function comparedWith(
  { owned }: Observation<'package_file'>,
  digest: Observation<'file_digest'> | undefined,
): 'verified' | 'packaged' | 'altered' {
  const real: Maybe<string> | undefined = digest && digestBy(owned.algorithm, digest.file);
  if (real === undefined || isUnseen(real) || isUnseen(owned.digest)) return 'packaged';
  return real === owned.digest ? 'verified' : 'altered';
}
