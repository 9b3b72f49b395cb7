import type { Observation } from '../../model/observation.ts';
import { isShellProcess, isUnderOwnName } from './claim.ts';
import { runsForeignCode } from './foreign-code.ts';
import type { HostView } from './host-view.ts';
import { isOfTheDistribution } from './paths.ts';
import { MEMORY_FILE_SYSTEMS } from './places.ts';
import { programsOf } from './units.ts';

type ProcessRow = Observation<'process'>;

export function isPackaged(view: HostView, row: ProcessRow): boolean {
  const { is } = view.standingOf(row);
  return is === 'verified' || is === 'packaged';
}

/**
 * Whether a package vouches for what a process does. Not for a shell, which runs other people's code, nor for a program
 * under another name: an interpreter that calls itself a daemon runs other code than its package brought. Nor for what an
 * interpreter is handed, or what another file brought into the process.
 */
export function isVouchedFor(view: HostView, row: ProcessRow): boolean {
  return (
    isPackaged(view, row) && !isShellProcess(view, row) && isUnderOwnName(view, row) && !runsForeignCode(view, row)
  );
}

/** Whether a unit of the host started a process, as against somebody in a session. */
export function isOfAService(view: HostView, { process: { unit } }: ProcessRow): boolean {
  return typeof unit === 'string' && programsOf(view, unit) !== undefined;
}

/** Whether a path is a file of memory alone: a memfd, or one on a file system that a restart empties. */
export function isInMemory(view: HostView, path: string): boolean {
  return path.startsWith('/memfd:') || MEMORY_FILE_SYSTEMS.has(view.mountTypeOf(path) ?? '');
}

/**
 * Where a program lies: in memory or in the folders of the distribution, where nothing comes but from packages, or
 * elsewhere, as under /opt, /usr/local or a home folder, where software of any origin is at home.
 */
export function placeOf(view: HostView, exe: string): 'memory' | 'distribution' | 'elsewhere' {
  if (isInMemory(view, exe)) return 'memory';
  return isOfTheDistribution(view.canonical(exe)) ? 'distribution' : 'elsewhere';
}
