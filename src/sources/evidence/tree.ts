import { bodyfileLines, type BodyfileRow } from '../../lib/bodyfile.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { LookOutput } from '../../snapshot/stream.ts';
import type { FileTree } from '../file-tree.ts';
import { evidenceOfTree } from '../image/evidence.ts';
import type { Members } from './members.ts';

/** The files of a host that came in an archive. */
export interface Root {
  readonly members: Members;
  /** The folder of the archive that holds them. */
  readonly folder: string;
  /** What stands before the names of its files in evidence. */
  readonly prefix: string;
  /** Its files are as they were on the host. */
  readonly verbatim: boolean;
}

/** Artifacts that the files of a host in an archive may bring. */
export const TREE_ARTIFACTS: readonly string[] = [
  ...['/etc/hostname', '/etc/machine-id', '/etc/os-release', '/etc/shells', '/etc/passwd'],
  ...['files/settings', 'files/logins', 'command/units', 'command/shadow-states', 'command/program-links'],
  ...['command/dpkg-owners', 'command/dpkg-md5sums', 'command/dpkg-times', '/var/lib/dpkg/diversions'],
  ...['command/rpm-files', '/lib/apk/db/installed', 'command/code-digests', 'command/package-verify'],
];

/** Folders at the top of a host; a report has files and links of its own beside them. */
const TOP = /^(?:bin|boot|dev|etc|home|lib\w*|media|mnt|opt|root|run|s?bin|srv|tmp|usr|var)$/;

/**
 * What the files in an archive say of a host, read as an image is.
 *
 * @param bodyfile The listing beside them: of files in an archive, it alone tells owners, rights and times.
 */
export async function evidenceOfRoot(
  { members, folder, prefix, verbatim }: Root,
  bodyfile: Artifact | undefined,
  observedAt: string,
): Promise<LookOutput> {
  const known = knownOf(members, folder, bodyfile);
  const tree = members.tree(folder, (path) => known.get(path));
  const merged = mergedHeads(tree);
  const top: FileTree = {
    ...tree,
    list: (path) => {
      const names = tree.list(path);
      if (path !== '/' || typeof names === 'string') return names;
      return [...new Set([...names.filter((name) => TOP.test(name)), ...merged])].sort();
    },
    stat: (path) => {
      const head = merged.find((name) => path === `/${name}`);
      return head === undefined ? tree.stat(path) : { type: 'link', target: `usr/${head}`, sizeBytes: 0 };
    },
  };
  const memberOf = (path: string) => `${prefix}${path.slice(1)}`;
  return evidenceOfTree(top, { observedAt, collected: { memberOf, verbatim } });
}

const HEADS = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'];

/**
 * Folders at the top that are taken for links into /usr, as they are on every distribution of today, where neither archive nor
 * listing shows the link: those that did not come along, and those that came twice.
 */
function mergedHeads(tree: FileTree): readonly string[] {
  return HEADS.filter((name) => {
    const [own, other] = [tree.stat(`/${name}`), tree.list(`/usr/${name}`)];
    if (typeof other === 'string' || (typeof own === 'object' && own.type !== 'directory')) return false;
    const [names, others] = [tree.list(`/${name}`), new Set(other)];
    return typeof names === 'string' || names.every((one) => others.has(one));
  });
}

/** What a bodyfile says of paths that are in the archive; of one that it names twice, the first. */
function knownOf(members: Members, folder: string, bodyfile: Artifact | undefined): ReadonlyMap<string, Known> {
  const known = new Map<string, Known>();
  for (const { row } of bodyfile === undefined ? [] : bodyfileLines(bodyfile.bytes)) {
    if (row === undefined || known.has(row.path)) continue;
    const { path, type, target, ...rest } = row;
    // A listing may be made so that a folder that is there passes for a link to nowhere: only the usual ones are believed.
    const isHead = HEADS.some((head) => path === `/${head}` && target?.replace(/^\//, '') === `usr/${head}`);
    const told = type !== 'link' || isHead ? { ...rest, type, ...(target === undefined ? {} : { target }) } : rest;
    if (members.get(`${folder === '' ? '' : `${folder}/`}${path.slice(1)}`) !== undefined) known.set(path, told);
  }
  return known;
}

type Known = Partial<Omit<BodyfileRow, 'path'>>;
