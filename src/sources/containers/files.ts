import { utf8 } from '../../lib/bytes.ts';
import { RUNNING_SYSTEM, type Artifact, type ArtifactGap } from '../../model/artifact.ts';
import type { Profile } from '../../model/collector.ts';
import type { Issue } from '../../model/gap.ts';
import { artifactOf } from '../../snapshot/stream.ts';
import { evidenceOfTree } from '../image/evidence.ts';
import type { Container } from './find.ts';
import { openRoot, programDigests, type NoRoot } from './root.ts';

/** What is wanted of the files of a container. */
export interface FilesWanted {
  readonly container: Container;
  /** Files that run or are mapped as code, by paths within it. */
  readonly mapped: ReadonlySet<string>;
  /** Those that were deleted. */
  readonly deleted: ReadonlySet<string>;
  /** Device and inode of the program by process. */
  readonly programs: ReadonlyMap<number, string>;
  readonly observedAt: string;
  readonly profile: Profile;
}

export interface Files {
  readonly artifacts: readonly Artifact[];
  readonly gaps: readonly ArtifactGap[];
  readonly issues: readonly Issue[];
  /** Of the programs that run, as `programDigests` gives them. */
  readonly digests: string;
}

/** Reads the files of a container of this host through the root folder of its first process. */
export async function readFiles({
  container,
  mapped,
  deleted,
  programs,
  observedAt,
  profile,
}: FilesWanted): Promise<Files> {
  const digests = programDigests(programs);
  const root = openRoot(container);
  if ('reason' in root) return { ...noFiles(root), digests };
  const { tree, mountinfo } = root;
  try {
    const { evidence, issues } = await evidenceOfTree(tree, { observedAt, profile, running: mapped });
    const replaced = [...deleted].filter((path) => !path.includes('\\n') && typeof tree.stat(path) !== 'string');
    return {
      artifacts: [
        ...evidence.artifacts.values(),
        artifactOf('/proc/self/mountinfo', mountinfo),
        artifactOf('command/replaced-files', utf8(replaced.map((path) => `${path}\\n`).join(''))),
      ],
      gaps: evidence.gaps.filter(({ name }) => name !== RUNNING_SYSTEM),
      issues,
      digests,
    };
  } finally {
    tree.close();
  }
}

/** What the files of a container would have shown: a rule that needs any of it is not judged in silence. */
const OF_FILES = [
  '/proc/self/mountinfo',
  '/etc/passwd',
  '/etc/shells',
  'files/settings',
  'files/metadata',
  'files/logins',
  'command/units',
  'command/program-links',
  'command/code-digests',
  'command/dpkg-owners',
];

export function noFiles({ reason, detail }: NoRoot): Files {
  return { artifacts: [], gaps: OF_FILES.map((name) => ({ name, reason, detail })), issues: [], digests: '' };
}
