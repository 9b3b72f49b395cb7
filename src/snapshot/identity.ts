import { idOf } from '../lib/hash.ts';
import type { Artifact, HostIdentity } from '../model/artifact.ts';

type Artifacts = ReadonlyMap<string, Artifact>;

/** Who the host is: its name, and an id of machine id and name. */
export function identityOf(artifacts: Artifacts): HostIdentity {
  const name = word(artifacts, '/proc/sys/kernel/hostname') ?? word(artifacts, '/etc/hostname') ?? 'unknown';
  return hostCalled(name, word(artifacts, '/etc/machine-id') ?? '');
}

export function hostCalled(name: string, machineId = ''): HostIdentity {
  return { id: idOf('host', machineId, name), name };
}

/** When the look was taken by the host's own clock: boot time plus uptime. RFC 3339 UTC. */
export function observedAtOf(artifacts: Artifacts): string | undefined {
  const boot = /^btime (\d{1,10})$/m.exec(text(artifacts, '/proc/stat'))?.[1];
  const uptime = /^(\d{1,10}\.\d\d)/.exec(text(artifacts, '/proc/uptime'))?.[1];
  if (boot === undefined || uptime === undefined) return undefined;
  return new Date(Number(boot) * 1000 + Math.round(Number(uptime) * 1000)).toISOString();
}

function text(artifacts: Artifacts, name: string): string {
  return new TextDecoder().decode(artifacts.get(name)?.bytes.subarray(0, 1 << 20));
}

function word(artifacts: Artifacts, name: string): string | undefined {
  const [first] = text(artifacts, name).trim().split('\n');
  return first === undefined || first === '' ? undefined : first.slice(0, 255);
}
