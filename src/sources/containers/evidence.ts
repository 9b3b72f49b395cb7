import { utf8 } from '../../lib/bytes.ts';
import { idOf } from '../../lib/hash.ts';
import type { Artifact, Evidence } from '../../model/artifact.ts';
import type { Profile } from '../../model/collector.ts';
import { artifactOf, type LookOutput } from '../../snapshot/stream.ts';
import { askFiles } from './ask-files.ts';
import { noFiles, type Files } from './files.ts';
import type { Container } from './find.ts';
import { shareOf, type Share } from './share.ts';

export interface ContainerOptions {
  /** Whether the host is this one: then the files of the container are read as well. */
  readonly here: boolean;
  readonly profile: Profile;
  readonly signal?: AbortSignal;
}

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
  const name = `${host.host.name}/${container.short}`.slice(0, 255);
  return {
    evidence: {
      host: { ...host.host, id: idOf('container', host.host.id, container.id, container.group), name },
      observedAt: host.observedAt,
      artifacts: new Map(
        [...files.artifacts, ...share.artifacts.values(), ...digestsOf(share, files)].map((one) => [one.name, one]),
      ),
      gaps: [...share.gaps, ...files.gaps],
    },
    issues: files.issues,
  };
}

async function filesOf(
  container: Container,
  { artifacts, mapped, deleted }: Share,
  observedAt: string,
  { here, profile, signal }: ContainerOptions,
): Promise<Files> {
  if (!here)
    return noFiles({
      reason: 'unsupported',
      detail: 'the files of a container are read on its own host: run longwatch scan container:ID there',
    });
  const programs = new Map<number, string>();
  for (const line of textOf(artifacts.get('command/process-images')).split('\n')) {
    const [, pid, file] = /^(\d{1,10})\/exe (\d+:\d+) /.exec(line) ?? [];
    if (pid !== undefined && file !== undefined) programs.set(Number(pid), file);
  }
  return askFiles({ container, mapped, deleted, programs, observedAt, profile }, signal);
}

/** The look takes the digest that the packages of the host use; those of the container may use another one. */
function digestsOf({ artifacts }: Share, { digests }: Files): readonly Artifact[] {
  const name = 'command/process-digests';
  return digests === '' ? [] : [artifactOf(name, utf8(`${textOf(artifacts.get(name))}${digests}`))];
}

function textOf(artifact: Artifact | undefined): string {
  return artifact ? new TextDecoder().decode(artifact.bytes) : '';
}
