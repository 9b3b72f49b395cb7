import { isUnseen } from '../../../model/unseen.ts';
import type { Observation } from '../../../model/observation.ts';
import { isInMemory, isOfTheDistribution, type HostView } from '../host-view.ts';
import type { Blind, Sign } from './sign.ts';

const FOR_EVERYBODY = /^\/(?:tmp|var\/tmp)\//;

/** Where the program comes from: no file at all, a file that is gone, a place in memory, no package. */
export function* provenance(view: HostView, row: Observation<'process'>): Generator<Sign | Blind> {
  const { pid, exe, exeDeleted, sameRoot } = row.process;
  if (isUnseen(exe) || isUnseen(exeDeleted)) return void (yield { blind: 'process.exe', observation: row });
  if (exe === null) return;
  const shown = [{ observation: row, text: `/proc/${pid}/exe -> ${exe}${exeDeleted ? ' (deleted)' : ''}` }];
  const keep = `keep the program first: ssh root@HOST cat /proc/${pid}/exe >program, then sha256sum program`;
  if (exe.startsWith('/memfd:')) {
    yield {
      family: 'provenance',
      weight: 2.5,
      shown,
      attack: ['T1620'],
      says: 'runs from memory alone (memfd), its program never was a file',
      benign: 'Container runtimes start a sealed copy of themselves this way, for a moment.',
      next: keep,
    };
    return;
  }
  const standing = view.standingOf(row);
  const inMemory = isInMemory(view, exe);
  if (exeDeleted && !view.wasReplaced(exe) && sameRoot !== false) {
    const weight = standing.is === 'packaged' || standing.is === 'verified' ? 0.5 : inMemory ? 2.5 : 2;
    yield {
      family: 'provenance',
      weight,
      shown,
      attack: ['T1070.004', ...(inMemory ? ['T1036.005'] : [])],
      says: inMemory
        ? 'was deleted after it was started from a file system in memory'
        : 'was deleted while it runs, and no new version took its place',
      benign:
        'A package was removed or is being upgraded while its daemon runs; a build or test tool tidied up behind itself.',
      next: keep,
    };
    return;
  }
  if (standing.is === 'unknown' && sameRoot !== false)
    return void (yield { blind: 'package of process.exe', observation: row });
  if (standing.is !== 'unpackaged') return;
  if (inMemory || FOR_EVERYBODY.test(exe)) {
    yield {
      family: 'provenance',
      weight: 2,
      shown,
      attack: ['T1036.005'],
      says: inMemory ? 'runs from a file system in memory' : 'runs from a folder where everybody may write',
      benign: 'Build and test tools run what they have just compiled there; some remote-desktop and tracing tools do.',
      next: keep,
    };
  } else if (!exeDeleted && isOfTheDistribution(view.canonical(exe))) {
    yield {
      family: 'provenance',
      weight: 2,
      attack: ['T1036.005'],
      shown: [...shown, { observation: row, text: `no package of this host owns ${exe}` }],
      says: 'lies among the programs of the distribution, and no package owns it',
      benign: 'Software that was installed by a script or a vendor into the system folders.',
      next: `ask who installed it: stat ${exe}; compare with a sibling host of the same role`,
    };
  } else {
    yield {
      family: 'provenance',
      weight: 0.5,
      shown,
      attack: [],
      says: 'belongs to no package',
      benign: 'Software under /opt, /usr/local, /srv or a home folder seldom comes from packages.',
      next: `compare ${exe} with a sibling host of the same role`,
    };
  }
}
