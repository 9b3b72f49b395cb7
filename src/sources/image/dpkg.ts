import { isUnseen } from '../../model/unseen.ts';
import { add, addFile, miss, textOf, type Image } from './image.ts';
import { isOfPrograms } from './places.ts';
import type { Recorded } from './recorded.ts';

const INFO = '/var/lib/dpkg/info';
const STATUS = '/var/lib/dpkg/status';
const DIVERSIONS = '/var/lib/dpkg/diversions';
const PACKAGES = 50_000;

/**
 * The whole database of dpkg: who owns which path and the MD5 of each file, as the artifacts that a live host answers with
 * for what runs there. undefined where there is no such database.
 *
 * @param isAsked Which paths stand in the artifacts; documents of no consequence are most of a database.
 */
export async function dpkgOf(image: Image, isAsked: (path: string) => boolean): Promise<Recorded[] | undefined> {
  const status = textOf(image, STATUS, 64 << 20);
  if (isUnseen(status)) {
    if (status.unseen !== 'absent') miss(image, 'command/dpkg-owners', status.unseen);
    return undefined;
  }
  const installed = installedOf(status);
  const names = image.tree.list(INFO);
  if (typeof names === 'string') {
    miss(image, 'command/dpkg-owners', names, `${INFO} cannot be listed`);
    return undefined;
  }
  addFile(image, DIVERSIONS, { expected: false });
  const diverted = diversionsOf(image);
  const recorded: Recorded[] = [];
  const [owners, sums, times]: [string[], string[], string[]] = [[], [], []];
  let unread = 0;
  const lists = names.filter((name) => name.endsWith('.list')).slice(0, PACKAGES);
  for (const [index, list] of lists.entries()) {
    if (index % 64 === 0) await image.breathe();
    const stem = list.slice(0, -'.list'.length);
    const owner = stem.replace(/:.*/, '');
    const configuration = installed.get(owner);
    if (configuration === undefined) {
      image.issues.push({ artifact: `${INFO}/${list}`, reason: 'dpkg knows of no such package; it owns nothing' });
      continue;
    }
    const listed = filesOf(image, stem);
    if (listed === undefined) {
      unread += 1;
      continue;
    }
    if (listed.seconds !== undefined) times.push(`${listed.seconds} ${INFO}/${list}\n`);
    for (const [path, digest] of listed.digests ?? []) {
      if (isAsked(path)) sums.push(`${INFO}/${stem}.md5sums:${digest}  ${path.slice(1)}\n`);
    }
    for (const path of listed.paths) {
      const digest = listed.digests?.get(path) ?? configuration.get(path);
      if (digest === undefined && listed.digests !== undefined && isProgramFile(image, path)) {
        const reason = `it lists ${path} without a digest, as no package brings a file; it does not own it`;
        image.issues.push({ artifact: `${INFO}/${list}`, reason });
        continue;
      }
      if (isAsked(path)) owners.push(`${INFO}/${list}:${path}\n`);
      const taken = diverted.get(path);
      recorded.push({
        path: taken !== undefined && taken.by !== owner ? taken.to : path,
        package: owner,
        configuration: configuration.has(path),
        ...(digest === undefined ? {} : { digest, algorithm: 'md5' }),
      });
    }
  }
  add(image, 'command/dpkg-owners', owners.join(''));
  add(image, 'command/dpkg-md5sums', sums.join(''));
  add(image, 'command/dpkg-times', times.join(''));
  if (unread > 0) miss(image, 'command/dpkg-owners', 'denied', `the files of ${unread} of ${lists.length} packages`);
  if (lists.length === PACKAGES) miss(image, 'command/dpkg-owners', 'truncated', `${PACKAGES} packages are read`);
  return recorded;
}

interface Listed {
  readonly paths: readonly string[];
  /** When the package was last unpacked, seconds since 1970. */
  readonly seconds?: number;
  /** MD5 by path; absent where the package has no list of them. */
  readonly digests?: ReadonlyMap<string, string>;
}

/** The files of one package; undefined where its lists cannot be read. */
function filesOf(image: Image, stem: string): Listed | undefined {
  const list = textOf(image, `${INFO}/${stem}.list`);
  const md5sums = textOf(image, `${INFO}/${stem}.md5sums`);
  if (isUnseen(list) || (isUnseen(md5sums) && md5sums.unseen !== 'absent')) return undefined;
  const stated = image.tree.stat(`${INFO}/${stem}.list`);
  const time = typeof stated === 'string' ? undefined : stated.modified;
  const paths = leavesOf(list);
  const known = { paths, ...(time === undefined ? {} : { seconds: Math.floor(time) }) };
  if (isUnseen(md5sums)) return known;
  const lines = md5sums.matchAll(/^([0-9a-f]{32}) {2}(.+)$/gm);
  return { ...known, digests: new Map([...lines].map(([, digest = '', path = '']) => [`/${path}`, digest])) };
}

/**
 * A file among programs and libraries. dpkg records a digest of every file that a package brings: one without was put there
 * by somebody else, and into the list.
 */
function isProgramFile({ tree }: Image, path: string): boolean {
  if (!isOfPrograms(path)) return false;
  const entry = tree.stat(path);
  return typeof entry !== 'string' && entry.type === 'file';
}

/** Packages that have files on the host, be it what is left after removal, with the MD5 of their configuration files. @see deb822(5), dpkg(1) on states */
function installedOf(status: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const installed = new Map<string, ReadonlyMap<string, string>>();
  for (const stanza of status.split('\n\n')) {
    const name = /^Package: (\S+)$/m.exec(stanza)?.[1];
    const state = /^Status: \S+ \S+ (\S+)$/m.exec(stanza)?.[1];
    if (name === undefined || state === undefined || state === 'not-installed') continue;
    const files = stanza.matchAll(/^ (\/\S.*) ([0-9a-f]{32})$/gm);
    installed.set(name, new Map([...files].map(([, path = '', digest = '']) => [path, digest])));
  }
  return installed;
}

/** Every folder on the way to a file is listed as well; what nothing lies below is a file, a link or an empty folder. */
function leavesOf(list: string): string[] {
  const paths = list.split('\n').filter((path) => path.startsWith('/') && path !== '/.');
  const parents = new Set(paths.map((path) => path.slice(0, path.lastIndexOf('/'))));
  return paths.filter((path) => !parents.has(path));
}

/** Where a path of other packages lies that one package took for itself. @see dpkg-divert(1) */
function diversionsOf(image: Image): ReadonlyMap<string, { readonly to: string; readonly by: string }> {
  const text = textOf(image, DIVERSIONS);
  const lines = isUnseen(text) ? [] : text.split('\n');
  return new Map(
    lines.flatMap((path, index) =>
      index % 3 === 0 && path !== ''
        ? [[path, { to: lines[index + 1] ?? path, by: lines[index + 2] ?? '' }] as const]
        : [],
    ),
  );
}
