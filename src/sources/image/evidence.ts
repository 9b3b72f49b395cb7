import { isUnseen } from '../../model/unseen.ts';
import type { Profile } from '../../model/collector.ts';
import { RUNNING_SYSTEM } from '../../model/artifact.ts';
import { hostCalled, identityOf } from '../../snapshot/identity.ts';
import type { LookOutput } from '../../snapshot/stream.ts';
import type { FileTree } from '../file-tree.ts';
import { homesOf } from './homes.ts';
import { addFile, imageOf, miss, type Image } from './image.ts';
import { addAccounts, addLogins } from './logins.ts';
import { addMetadata, addProgramLinks } from './metadata.ts';
import { packagesOf } from './packages.ts';
import { addDigests, isCode, programsOf } from './programs.ts';
import { settingsOf } from './settings.ts';
import { addVerification } from './verify.ts';
import type { Found } from './walk.ts';

export interface TreeOptions {
  /** When the image was read, or as what time it is judged, RFC 3339 UTC. */
  readonly observedAt: string;
  /** The name under which it is judged; that of /etc/hostname when absent. */
  readonly host?: string;
  /** How many packaged files are compared: none, those of programs, libraries and configuration (when absent), or all. */
  readonly profile?: Profile;
  /** Files that run in it, where it runs: they are told as those that settings name. */
  readonly running?: ReadonlySet<string>;
  readonly signal?: AbortSignal;
}

/** Whether a tree looks like the root of a host. */
export function isRootTree(tree: FileTree): boolean {
  const has = (path: string) => typeof tree.list(path) !== 'string';
  return has('/etc') && (has('/usr') || has('/var/lib/dpkg') || has('/lib/apk') || has('/bin'));
}

/**
 * The evidence of a host that does not run: an image that is mounted, the root folder of an archive. It is made of the same
 * artifacts that a look at a live host brings, so that the same parsers read them; what only runs is one gap.
 */
export async function evidenceOfTree(
  tree: FileTree,
  { observedAt, host, profile = 'standard', running = new Set(), signal }: TreeOptions,
): Promise<LookOutput> {
  const image = imageOf(tree, signal);
  miss(image, RUNNING_SYSTEM, 'unsupported', 'an image shows no processes, no sockets and no kernel');
  for (const path of ['/etc/hostname', '/etc/machine-id', '/etc/os-release', '/etc/shells'])
    addFile(image, path, { expected: false });
  const { files, names } = settingsOf(image, homesOf(image));
  addAccounts(image);
  addLogins(image);
  addProgramLinks(image);
  const named = namedFiles(image, names.union(running));
  const asked = new Set([...files, ...named].map(({ path }) => path));
  const owned = await packagesOf(image, asked, signal);
  if (owned === undefined && !image.gaps.some(({ name }) => /dpkg|rpm|apk/.test(name)))
    miss(image, 'command/dpkg-owners', 'absent', 'there is no package database that Longwatch reads');
  const programs = await programsOf(image, owned);
  const differing =
    owned && profile !== 'quick' ? await addVerification(image, owned, profile === 'deep') : new Set<string>();
  if (owned === undefined) miss(image, 'command/package-verify', 'absent', 'there are no digests to compare with');
  else if (profile === 'quick') miss(image, 'command/package-verify', 'unsupported', 'left out by the profile quick');
  await addDigests(
    image,
    [...programs.unowned, ...named.filter((found) => running.has(found.path) || isCode(image, found))].map(
      ({ path }) => path,
    ),
    owned,
  );
  addMetadata(image, [...files, ...named, ...programs.unowned, ...programs.privileged, ...foundAt(image, differing)]);
  const { artifacts, gaps, issues } = image;
  return {
    evidence: { host: host === undefined ? identityOf(artifacts) : hostCalled(host), observedAt, artifacts, gaps },
    issues,
  };
}

const NAMED = 20_000;

/** The files that settings name and that are there, by paths without links. */
function namedFiles(image: Image, names: ReadonlySet<string>): Found[] {
  if (names.size > NAMED)
    miss(image, 'command/code-digests', 'truncated', `${NAMED} of ${names.size} named paths are asked for`);
  const paths = [...names].slice(0, NAMED).flatMap((name) => {
    const place = image.canonical(name, 'followed');
    return isUnseen(place) ? [] : [place];
  });
  return foundAt(image, new Set(paths)).filter(({ entry }) => entry.type === 'file');
}

function foundAt({ tree }: Image, paths: ReadonlySet<string>): Found[] {
  return [...paths].flatMap((path) => {
    const entry = tree.stat(path);
    return typeof entry === 'string' ? [] : [{ path, entry }];
  });
}
