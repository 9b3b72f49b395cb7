import type { Level } from '../model/level.ts';
import { healthyHost, withProcess, type Host, type Traits } from './host.ts';
import type { Told } from './judged.ts';

/** A host on which something is, and what the detectors have to say of it beside what they say of the healthy host. */
export interface Case {
  readonly name: string;
  readonly host: Host;
  readonly expected: readonly Told[];
}

/** The process that a case adds, unless it says otherwise. */
export const GUEST = 4711;
const SIGNS = 'linux/independent-signs';

/** A case of one more process on the healthy host. What is told of it, by default of several signs together, names it. */
export function guest(
  name: string,
  traits: Traits,
  expected: Level | readonly (readonly [rule: string, level: Level])[],
  host: Host = healthyHost(),
): Case {
  const all = withProcess(host, { pid: GUEST, unit: 'session-3.scope', ...traits });
  const told = typeof expected === 'string' ? [[SIGNS, expected] as const] : expected;
  const { comm = traits.exe.slice(traits.exe.lastIndexOf('/') + 1).slice(0, 15), exe } = traits;
  return {
    name,
    host: all,
    expected: told.map(([rule, level]) => [rule, level, { pid: traits.pid ?? GUEST, comm, exe }]),
  };
}
