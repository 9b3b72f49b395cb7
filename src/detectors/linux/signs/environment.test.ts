import { expect, it } from 'vitest';
import { unseen } from '../../../model/unseen.ts';
import { healthyHost, without, type Host, type Traits } from '../../../testing/host.ts';
import { readBy } from '../../../testing/signs.ts';
import { environment } from './environment.ts';

const BARE = { environ: {}, environBytes: 0 };
const NO_PACKAGES = without(healthyHost(), 'package_file');
const WIPED = { environ: {}, environBytes: 300 };

const cases: readonly [name: string, traits: Traits, expected: readonly (number | string)[], host?: Host][] = [
  ['variables', { exe: '/usr/sbin/statd' }, []],
  ['none', { exe: '/usr/sbin/statd', ...BARE }, [2]],
  ['none, elsewhere', { exe: '/opt/nfs/statd', ...BARE }, [2]],
  ['none, in a container', { exe: '/usr/sbin/statd', sameRoot: false, ...BARE }, [2]],
  ['none, a program of a package', { exe: '/usr/sbin/statd', package: 'nfs-common', ...BARE }, [0.5]],
  ['none, a shell of a package', { exe: '/usr/bin/bash', package: 'bash', ...BARE }, [2]],
  ['none, another user', { exe: '/usr/sbin/statd', uid: 99, ...BARE }, []],
  ['overwritten', { exe: '/usr/sbin/statd', ...WIPED }, [2]],
  ['overwritten, in memory', { exe: '/dev/shm/statd', ...WIPED }, [2]],
  [
    'no text in it, under a false name',
    { exe: '/dev/shm/statd', cmdline: ['/sbin/hald'], environ: {}, environBytes: unseen('absent') },
    [2],
  ],
  [
    'no text in it, as a title leaves it',
    { exe: '/usr/sbin/statd', environ: {}, environBytes: unseen('absent') },
    [0.5],
    NO_PACKAGES,
  ],
  ['overwritten, elsewhere, as a title does', { exe: '/opt/nfs/statd', ...WIPED }, [0.5]],
  ['overwritten, in a container', { exe: '/usr/sbin/statd', sameRoot: false, ...WIPED }, [0.5]],
  ['overwritten, on a host without packages', { exe: '/usr/sbin/statd', ...WIPED }, [0.5], NO_PACKAGES],
  [
    'overwritten under a false name, on a host without packages',
    { exe: '/usr/sbin/statd', cmdline: ['/sbin/hald'], ...WIPED },
    [2],
    NO_PACKAGES,
  ],
  [
    'not seen',
    { exe: '/usr/sbin/statd', environ: unseen('denied'), environBytes: unseen('denied') },
    ['process.environ'],
  ],
  ['none, of a user that was not seen', { exe: '/usr/sbin/statd', uid: unseen('denied'), ...BARE }, ['process.uid']],
];

it.each(cases)('has %s', (_, traits, expected, on = healthyHost()) => {
  expect(readBy(environment, traits, on)).toEqual(expected);
});
