import { utf8 } from '../../lib/bytes.ts';
import { idOf } from '../../lib/hash.ts';
import { RUNNING_SYSTEM, type Artifact, type ArtifactGap, type Evidence } from '../../model/artifact.ts';
import type { Profile } from '../../model/collector.ts';
import { artifactOf, type LookOutput } from '../../snapshot/stream.ts';
import { evidenceOfTree } from '../image/evidence.ts';
import type { Container } from './find.ts';
import { openRoot, programDigests, type ContainerRoot, type NoRoot } from './root.ts';
import { shareOf, type Share } from './share.ts';

export interface ContainerOptions {
  /** Whether the host is this one: then the files of the container are read as well. */
  readonly here: boolean;
  readonly profile?: Profile;
  readonly signal?: AbortSignal;
}

const FILES_MS = 180_000;
/** Every packaged file is read. */
const DEEP_MS = 900_000;

/**
 * The evidence of a container of a host, which is a host of its own in all that follows: its processes and sockets as the
 * look at the host showed them, and, on this host, its files through the root folder of its first process. Nothing of it is
 * executed, and none of its namespaces is entered.
 */
export async function evidenceOfContainer(
  host: Evidence,
  container: Container,
  options: ContainerOptions,
): Promise<LookOutput> {
  const share = shareOf(host, container);
  const files = await filesOf(container, share, host.observedAt, options);
  return {
    evidence: {
      host: {
        ...host.host,
        id: idOf('container', host.host.id, container.id, container.group),
        name: `${host.host.name}/${container.short}`.slice(0, 255),
      },
      observedAt: host.observedAt,
      artifacts: new Map([...files.artifacts, ...share.artifacts, ...digestsOf(share, options.here)]),
      gaps: [...share.gaps, ...files.gaps],
    },
    issues: files.issues,
  };
}

interface Files extends Pick<Evidence, 'artifacts' | 'gaps'>, Pick<LookOutput, 'issues'> {}

async function filesOf(
  container: Container,
  share: Share,
  observedAt: string,
  { here, profile = 'standard', signal }: ContainerOptions,
): Promise<Files> {
  if (!here)
    return notHad({
      reason: 'unsupported',
      detail: 'the files of a container are read on its own host: run longwatch scan container:ID there',
    });
  const root = openRoot(container);
  if ('reason' in root) return notHad(root);
  const timeout = AbortSignal.timeout(profile === 'deep' ? DEEP_MS : FILES_MS);
  try {
    return await filesIn(root, share, {
      observedAt,
      profile,
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (!timeout.aborted) throw error;
    return notHad({ reason: 'timed_out', detail: 'the files of the container took too long' });
  } finally {
    root.tree.close();
  }
}

async function filesIn(
  { tree, mountinfo }: ContainerRoot,
  { mapped, deleted }: Share,
  options: { readonly observedAt: string; readonly profile: Profile; readonly signal: AbortSignal },
): Promise<Files> {
  const { evidence, issues } = await evidenceOfTree(tree, { ...options, running: mapped });
  const replaced = [...deleted].filter((path) => !path.includes('\n') && typeof tree.stat(path) !== 'string');
  const added = [
    artifactOf('/proc/self/mountinfo', mountinfo),
    artifactOf('command/replaced-files', utf8(replaced.map((path) => `${path}\n`).join(''))),
  ];
  return {
    artifacts: new Map([...evidence.artifacts, ...added.map((one) => [one.name, one] as const)]),
    gaps: evidence.gaps.filter(({ name }) => name !== RUNNING_SYSTEM),
    issues,
  };
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

function notHad({ reason, detail }: NoRoot): Files {
  const gaps: ArtifactGap[] = OF_FILES.map((name) => ({ name, reason, detail }));
  return { artifacts: new Map(), gaps, issues: [] };
}

/** What runs is read by the name of its process, so that no other file can take its place. */
function digestsOf({ artifacts }: Share, here: boolean): readonly (readonly [string, Artifact])[] {
  const images = artifacts.get('command/process-images');
  if (!here || images === undefined) return [];
  const programs = new Map<number, string>();
  for (const line of new TextDecoder().decode(images.bytes).split('\n')) {
    const [, pid, file] = /^(\d{1,10})\/exe (\d+:\d+) /.exec(line) ?? [];
    if (pid !== undefined && file !== undefined) programs.set(Number(pid), file);
  }
  const name = 'command/process-digests';
  const shown = artifacts.get(name);
  const own = `${shown ? new TextDecoder().decode(shown.bytes) : ''}${programDigests(programs)}`;
  return [[name, artifactOf(name, utf8(own))]];
}
