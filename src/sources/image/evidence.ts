import { isUnseen } from '../../model/unseen.ts';
import type { Profile } from '../../model/collector.ts';
import { RUNNING_SYSTEM } from '../../model/artifact.ts';
import { hostCalled, identityOf } from '../../snapshot/identity.ts';
import type { LookOutput } from '../../snapshot/stream.ts';
import type { FileTree } from '../file-tree.ts';
import { homesOf } from './homes.ts';
import { add, addFile, imageOf, miss, type CollectedTree, type Image } from './image.ts';
import { addAccounts, addLogins } from './logins.ts';
import { addMetadata, addProgramLinks } from './metadata.ts';
import { packagesOf, type Owned } from './packages.ts';
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
  /** Where it came in an archive, with other evidence of the host: what is not in it is a gap. */
  readonly collected?: CollectedTree;
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
  { observedAt, host, profile = 'standard', collected, running = new Set(), signal }: TreeOptions,
): Promise<LookOutput> {
  const image = imageOf(tree, { collected, signal });
  if (collected === undefined)
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
  const differing = await verified(image, owned, profile);
  const code = named.filter((found) => running.has(found.path) || isCode(image, found));
  const digested = [...programs.unowned, ...code].map(({ path }) => path);
  if (collected?.verbatim === false) miss(image, 'command/code-digests', 'unsupported', REWRITTEN);
  else await addDigests(image, digested, owned);
  // Of the files in an archive a listing beside them tells, or nobody does.
  if (collected === undefined)
    addMetadata(image, [...files, ...named, ...programs.unowned, ...programs.privileged, ...foundAt(image, differing)]);
  else tellChoice(image);
  const { artifacts, gaps, issues } = image;
  const identity = host === undefined ? identityOf(artifacts) : hostCalled(host);
  // Of a host that runs, its outputs tell; name, machine id and system are in the files beside this.
  if (collected === undefined) add(image, 'foreign/host', `hostname ${identity.name}\n`);
  return { evidence: { host: identity, observedAt, artifacts, gaps }, issues };
}

const NAMED = 20_000;

/** Compares what packages recorded, as far as it was asked for and can be told. Returns the paths that differ. */
async function verified(image: Image, owned: Owned | undefined, profile: Profile): Promise<ReadonlySet<string>> {
  if (owned === undefined) miss(image, VERIFIED, 'absent', 'there are no digests to compare with');
  else if (profile === 'quick') miss(image, VERIFIED, 'unsupported', 'left out by the profile quick');
  else if (image.collected?.verbatim === false) miss(image, VERIFIED, 'unsupported', REWRITTEN);
  else return addVerification(image, owned, profile === 'deep');
  return new Set();
}

const VERIFIED = 'command/package-verify';
const REWRITTEN = 'its collector puts other words in the place of passwords and addresses';

/** Artifacts of a tree that are whole where the tree is. */
const OF_MANY_PLACES = [
  'files/settings',
  'command/units',
  'command/program-links',
  'files/logins',
  'command/code-digests',
  VERIFIED,
];

/** An archive holds what its collector chose: that a place is not in it says nothing of the host. */
function tellChoice(image: Image): void {
  for (const name of OF_MANY_PLACES) {
    if (image.artifacts.has(name)) miss(image, name, 'absent', 'there is only what the collector chose to take');
  }
}

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
