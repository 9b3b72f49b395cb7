import type { Evidence } from '../model/artifact.ts';
import type { Profile } from '../model/collector.ts';
import type { Unreached } from '../model/result.ts';
import type { LookOutput } from '../snapshot/stream.ts';
import { containerCalled } from '../sources/containers/choose.ts';
import { evidenceOfContainer } from '../sources/containers/evidence.ts';
import { containersIn, type Container, type Containers } from '../sources/containers/find.ts';

/** Which containers of a host are asked for. */
export interface ContainersWanted {
  /** All of them, and the host with them. */
  readonly all: boolean;
  /** Single ones, by id, name or `pid/NUMBER`; the host itself is not asked for then, unless all are. */
  readonly called: readonly string[];
}

/**
 * A host, its containers, or both, as they are asked for: each is judged as a host of its own. One that is not there is told
 * with those that are.
 *
 * @param here Whether it is this host.
 */
export async function* withContainers(
  host: LookOutput,
  { all, called }: ContainersWanted,
  options: { readonly here: boolean; readonly profile: Profile; readonly signal: AbortSignal },
): AsyncGenerator<LookOutput | Unreached> {
  if (!all && called.length === 0) {
    yield host;
    return;
  }
  const found = containersIn(host.evidence);
  // Most is hidden from everybody but root: then none that is found does not mean that there is none.
  const blind = found.unseen > found.processes / 2;
  if (all) yield hostOf(host, found);
  const { name } = host.evidence.host;
  if (all && found.containers.length === 0 && blind)
    yield {
      host: `${name}/containers`,
      reason: 'denied',
      detail: hiddenIn(found),
      hint: AS_ROOT,
      cause: 'not as root',
    };
  const chosen = new Set<Container>(all ? found.containers : []);
  for (const word of called) {
    const one = containerCalled(word, found);
    if (typeof one !== 'string') chosen.add(one);
    else
      yield {
        host: `${name}/container:${word}`,
        reason: blind ? 'denied' : 'absent',
        detail: one,
        hint: blind ? AS_ROOT : 'Name one of those that run there.',
        cause: 'no such container',
      };
  }
  for (const container of chosen) yield evidenceOfContainer(host.evidence, container, options);
}

const AS_ROOT = 'Look as root: without its rights containers cannot be told.';

/** What hides containers is a gap of the host. */
function hostOf({ evidence, issues }: LookOutput, found: Containers): LookOutput {
  if (found.unseen === 0) return { evidence, issues };
  const gap: Evidence['gaps'][number] = { name: 'the containers', reason: 'denied', detail: hiddenIn(found) };
  return { evidence: { ...evidence, gaps: [...evidence.gaps, gap] }, issues };
}

function hiddenIn({ unseen, processes }: Containers): string {
  return `the namespaces of ${unseen} of ${processes} processes could not be seen`;
}
