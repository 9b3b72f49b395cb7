import { linesOf } from '../../lib/lines.ts';
import { isUnseen } from '../../model/unseen.ts';
import { Gathered } from './gathered.ts';
import { addFile, miss, textOf, type Image } from './image.ts';
import { isOfPrograms } from './places.ts';
import type { Recorded } from './recorded.ts';

const INFO = '/var/lib/dpkg/info';
const STATUS = '/var/lib/dpkg/status';
const DIVERSIONS = '/var/lib/dpkg/diversions';
const PACKAGES = 50_000;
const STATUS_LIMIT = 64 << 20;

/**
 * The whole database of dpkg: who owns which path and the MD5 of each file, as the artifacts that a live host answers with
 * for what runs there. undefined where there is no such database.
 *
 * @param isAsked Which paths stand in the artifacts; documents of no consequence are most of a database.
 */
export async function dpkgOf(image: Image, isAsked: (path: string) => boolean): Promise<Recorded[] | undefined> {
  const status = image.tree.read(STATUS, STATUS_LIMIT);
  if (typeof status === 'string' || status.cut) {
    // Of a package that stands behind the end, everything would be nobody's.
    if (status !== 'absent')
      miss(image, 'command/dpkg-owners', typeof status === 'string' ? status : 'truncated', STATUS);
    return undefined;
  }
  const installed = installedOf(new TextDecoder().decode(status.bytes));
  const names = image.tree.list(INFO);
  if (typeof names === 'string') {
    miss(image, 'command/dpkg-owners', names, `${INFO} cannot be listed`);
    return undefined;
  }
  const without = image.collected === undefined ? 0 : withoutList(installed, names);
  if (without > 0) {
    const detail = `the archive lacks the files of ${without} of ${installed.size} packages: nothing is known to be of none`;
    miss(image, 'command/dpkg-owners', 'absent', detail);
    return undefined;
  }
  addFile(image, DIVERSIONS, { expected: false });
  const diverted = diversionsOf(image);
  const recorded: Recorded[] = [];
  const [owners, sums, times] = [new Gathered(image), new Gathered(image), new Gathered(image)];
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
    const { sums: digests } = listed;
    if (listed.seconds !== undefined)
      times.add(`${listed.seconds} ${INFO}/${list}`, `${INFO}/${list}`, listed.bytes, 1);
    for (const [path, { digest, number }] of digests?.of ?? []) {
      const file = `${INFO}/${stem}.md5sums`;
      if (isAsked(path)) sums.add(`${file}:${digest}  ${path.slice(1)}`, file, digests?.bytes ?? NOTHING, number);
    }
    for (const [path, number] of listed.paths) {
      const digest = digests?.of.get(path)?.digest ?? configuration.get(path);
      if (digest === undefined && digests !== undefined && isProgramFile(image, path)) {
        const reason = `it lists ${path} without a digest, as no package brings a file; it does not own it`;
        image.issues.push({ artifact: `${INFO}/${list}`, reason });
        continue;
      }
      if (isAsked(path)) owners.add(`${INFO}/${list}:${path}`, `${INFO}/${list}`, listed.bytes, number);
      const taken = diverted.get(path);
      recorded.push({
        path: taken !== undefined && taken.by !== owner ? taken.to : path,
        package: owner,
        configuration: configuration.has(path),
        ...(digest === undefined ? {} : { digest, algorithm: 'md5' }),
      });
    }
  }
  if (unread > 0)
    miss(image, 'command/dpkg-owners', 'denied', `the files of ${unread} of ${lists.length} packages cannot be read`);
  if (unread > 0 && image.collected !== undefined) return undefined;
  owners.into('command/dpkg-owners');
  sums.into('command/dpkg-md5sums');
  times.into('command/dpkg-times');
  if (lists.length === PACKAGES) miss(image, 'command/dpkg-owners', 'truncated', `${PACKAGES} packages are read`);
  return recorded;
}

const NOTHING = new Uint8Array();

interface Listed {
  /** Each with its line in the list. */
  readonly paths: ReadonlyMap<string, number>;
  readonly bytes: Uint8Array;
  /** When the package was last unpacked, seconds since 1970. */
  readonly seconds?: number;
  /** MD5 by path; absent where the package has no list of them. */
  readonly sums?: {
    readonly of: ReadonlyMap<string, { readonly digest: string; readonly number: number }>;
    readonly bytes: Uint8Array;
  };
}

const LIST_LIMIT = 16 << 20;

/** The files of one package; undefined where its lists cannot be read. */
function filesOf({ tree }: Image, stem: string): Listed | undefined {
  const list = tree.read(`${INFO}/${stem}.list`, LIST_LIMIT);
  const md5sums = tree.read(`${INFO}/${stem}.md5sums`, LIST_LIMIT);
  if (typeof list === 'string' || list.cut) return undefined;
  if (typeof md5sums === 'string' ? md5sums !== 'absent' : md5sums.cut) return undefined;
  const stated = tree.stat(`${INFO}/${stem}.list`);
  const time = typeof stated === 'string' ? undefined : stated.modified;
  const known = {
    paths: leavesOf(list.bytes),
    bytes: list.bytes,
    ...(time === undefined ? {} : { seconds: Math.floor(time) }),
  };
  if (typeof md5sums === 'string') return known;
  const sums = new Map<string, { readonly digest: string; readonly number: number }>();
  for (const { text, number } of linesOf(md5sums.bytes)) {
    const [, digest, path] = /^([0-9a-f]{32}) {2}(.+)$/.exec(text) ?? [];
    if (digest !== undefined && path !== undefined) sums.set(`/${path}`, { digest, number });
  }
  return { ...known, sums: { of: sums, bytes: md5sums.bytes } };
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

/** Packages of which a collector took no list: what they own would pass for nobody's. */
function withoutList(installed: ReadonlyMap<string, unknown>, names: readonly string[]): number {
  const listed = new Set(
    names.filter((name) => name.endsWith('.list')).map((name) => name.replace(/(?::.*)?\.list$/, '')),
  );
  return [...installed.keys()].filter((name) => !listed.has(name)).length;
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
function leavesOf(list: Uint8Array): ReadonlyMap<string, number> {
  const lines = [...linesOf(list)].filter(({ text }) => text.startsWith('/') && text !== '/.');
  const parents = new Set(lines.map(({ text }) => text.slice(0, text.lastIndexOf('/'))));
  return new Map(lines.flatMap(({ text, number }) => (parents.has(text) ? [] : [[text, number]])));
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
