import { healthyHost, stillHost, type Host } from './host.ts';
import { withKernel } from './kernel-cases.ts';
import { innocentLogs } from './log-cases.ts';
import { tendedHost } from './settings.ts';

/** A host of which every kind of evidence was had, and on which no rule has anything to tell. */
export function soundHost(): Host {
  const beside = healthyHost().length;
  const [logs] = innocentLogs;
  return [
    ...stillHost(),
    ...tendedHost()
      .slice(beside)
      .filter((row) => row.kind !== 'authorized_key' || !row.key.path.startsWith('/root/')),
    ...withKernel().slice(beside),
    ...(logs?.host.slice(beside) ?? []),
  ];
}
