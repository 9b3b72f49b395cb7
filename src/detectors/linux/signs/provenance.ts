import { shellQuote } from '../../../lib/shell-quote.ts';
import type { Observation } from '../../../model/observation.ts';
import { isUnseen, seen } from '../../../model/unseen.ts';
import { claimOf, isShellProcess } from '../claim.ts';
import { foreignScript } from '../foreign-code.ts';
import type { HostView } from '../host-view.ts';
import { isForEverybody } from '../paths.ts';
import { PLACE_IN_WORDS } from '../places.ts';
import { isInMemory, isPackaged, isVouchedFor, placeOf } from '../trust.ts';
import type { Blind, Sign } from './sign.ts';

/** Without a program nothing can be told of a process but its ears. */
const ALL = ['provenance', 'identity', 'environment', 'session', 'integrity'] as const;

type Told = Pick<Sign, 'weight' | 'attack' | 'says' | 'benign' | 'next'>;

/** Where the program comes from: no file at all, a file that is gone, a place in memory, no package. */
export function* provenance(view: HostView, row: Observation<'process'>): Generator<Sign | Blind> {
  const { pid, exe, exeDeleted, sameRoot } = row.process;
  if (isUnseen(exe) || isUnseen(exeDeleted)) return void (yield { blind: 'process.exe', hides: ALL, observation: row });
  if (exe === null) return;
  const gone = exeDeleted && !view.wasReplaced(exe);
  const told = exe.startsWith('/memfd:')
    ? neverAFile(view, row)
    : gone && (sameRoot !== false || isInMemory(view, exe))
      ? deleted(view, row, exe)
      : (unpackaged(view, row, exe) ?? writtenHere(view, row, exe));
  const script = told === undefined && isPackaged(view, row) ? handed(view, row) : undefined;
  if (script !== undefined) yield { family: 'provenance', ...script };
  if (told !== undefined) {
    const shown = [{ observation: row, text: `/proc/${pid}/exe -> ${exe}${exeDeleted ? ' (deleted)' : ''}` }];
    yield { family: 'provenance', shown, ...told, next: told.next.replace('/proc/PID/', `/proc/${pid}/`) };
  }
  if (told === undefined && view.standingOf(row).is === 'unknown' && sameRoot !== false)
    yield { blind: 'package of process.exe', hides: ['provenance', 'identity', 'integrity'], observation: row };
}

/** An interpreter is of a package; what it was handed is what counts. */
function handed(view: HostView, row: Observation<'process'>): Omit<Sign, 'family'> | undefined {
  const code = foreignScript(view, row);
  if (code === undefined) return undefined;
  const { pid, cmdline } = row.process;
  const shown = [
    {
      observation: row,
      text: `/proc/${pid}/cmdline: ${JSON.stringify((seen(cmdline) ?? []).join(' ').slice(0, 200))}`,
    },
  ];
  const attack = ['T1059'];
  const benign = 'Administrators, job runners and tests run scripts of their own.';
  if (code.is !== 'script') {
    // That is what shells are for.
    if (isShellProcess(view, row)) return undefined;
    return {
      weight: 0.5,
      attack,
      shown,
      benign,
      says: `runs code that it was given ${code.is === 'arguments' ? 'among its arguments' : 'as input'}`,
      next: `see what it holds: ls -l /proc/${pid}/fd /proc/${pid}/cwd`,
    };
  }
  const { path, place } = code;
  return {
    weight: place === 'elsewhere' || place === 'home' ? 0.5 : 2,
    attack,
    shown,
    benign,
    says: `runs ${path}, which belongs to no package and lies ${PLACE_IN_WORDS[place]}`,
    next: `read it, and ask who put it there: ls -l --time-style=full-iso ${shellQuote(path)}`,
  };
}

const KEEP = `keep the program first: ssh root@HOST cat /proc/PID/exe >program, then sha256sum program`;

/** A runtime of containers starts a copy of itself this way, below a program of a package and under its own name. */
function neverAFile(view: HostView, row: Observation<'process'>): Told {
  const parent = view.parentOf(row);
  const isCopy =
    claimOf(view, row) === undefined && parent !== undefined && parent.process.pid !== 1 && isVouchedFor(view, parent);
  return {
    weight: isCopy ? 1 : 2.5,
    attack: ['T1620'],
    says: 'runs from memory alone (memfd), its program never was a file',
    benign: 'Container runtimes start a sealed copy of themselves this way, for a moment.',
    next: KEEP,
  };
}

function deleted(view: HostView, row: Observation<'process'>, exe: string): Told {
  const inMemory = isInMemory(view, exe);
  return {
    weight: isPackaged(view, row) ? 0.5 : inMemory && !isForEverybody(exe) ? 2.5 : 2,
    attack: ['T1070.004', ...(inMemory ? ['T1036.005'] : [])],
    says: inMemory
      ? 'was deleted after it was started from a file system in memory'
      : 'was deleted while it runs, and no new version took its place',
    benign:
      'A package was removed or is being upgraded while its daemon runs; a build or test tool tidied up behind itself.',
    next: KEEP,
  };
}

/** Of one moment, for clocks of file systems. */
const SAME_MOMENT_MS = 2000;

/**
 * Where no list of packages is there, times tell: what a package brings keeps the time at which it was built, and what is
 * compiled, copied or loaded down was modified as it was made.
 */
function writtenHere(view: HostView, row: Observation<'process'>, exe: string): Told | undefined {
  const file = view.metadataOf(exe)?.file;
  if (view.packagesKnown || file === undefined || isUnseen(file.bornAt)) return undefined;
  if (view.ownerOf(exe) !== undefined || row.process.exeDeleted !== false || row.process.sameRoot === false)
    return undefined;
  const apart = Math.abs(Date.parse(file.modifiedAt) - Date.parse(file.bornAt));
  if (apart > SAME_MOMENT_MS || placeOf(view, exe) !== 'distribution') return undefined;
  return {
    weight: 2,
    attack: ['T1036.005'],
    says: `lies among the programs of the distribution and was written there at ${file.bornAt}, where a package keeps the time at which it was built`,
    benign: 'Software that was installed by a script or a vendor into the system folders.',
    next: `ask which package owns it: dpkg -S ${shellQuote(exe)} or rpm -qf ${shellQuote(exe)}`,
  };
}

function unpackaged(view: HostView, row: Observation<'process'>, exe: string): Told | undefined {
  if (view.standingOf(row).is !== 'unpackaged') return undefined;
  const place = placeOf(view, exe);
  if (place === 'memory' || isForEverybody(exe))
    return {
      weight: 2,
      attack: ['T1036.005'],
      says: place === 'memory' ? 'runs from a file system in memory' : 'runs from a folder where everybody may write',
      benign: 'Build and test tools run what they have just compiled there; some remote-desktop and tracing tools do.',
      next: KEEP,
    };
  if (row.process.exeDeleted === true && view.ownerOf(exe) !== undefined)
    return {
      weight: 2,
      attack: ['T1070.004', 'T1036.005'],
      says: 'is not the program that its path names now, and the package there was not upgraded since it began',
      benign: 'A package whose files were put in place by other means than its manager.',
      next: KEEP,
    };
  if (place === 'distribution')
    return {
      weight: 2,
      attack: ['T1036.005'],
      says: 'lies among the programs of the distribution, and no package owns it',
      benign: 'Software that was installed by a script or a vendor into the system folders.',
      next: `ask who installed it: stat ${shellQuote(exe)}; compare with a sibling host of the same role`,
    };
  return {
    weight: 0.5,
    attack: [],
    says: 'belongs to no package',
    benign: 'Software under /opt, /usr/local, /srv or a home folder seldom comes from packages.',
    next: `compare ${shellQuote(exe)} with a sibling host of the same role`,
  };
}
