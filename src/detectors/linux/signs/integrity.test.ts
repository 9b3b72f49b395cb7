import { expect, it } from 'vitest';
import { unseen } from '../../../model/unseen.ts';
import {
  changed,
  digestOf,
  fileDigest,
  healthyHost,
  packageFile,
  replacedFile,
  withProcess,
  type Host,
  type Traits,
} from '../../../testing/host.ts';
import { factsOf } from '../../../testing/judged.ts';
import { readBy } from '../../../testing/signs.ts';
import { viewOf } from '../host-view.ts';
import { integrity } from './integrity.ts';

const host = healthyHost();
const statd = { exe: '/usr/sbin/statd', package: 'nfs-common' } as const;
const OTHER = digestOf('something else');
const mapped = (path: string, deleted = false) => ({ ...statd, maps: [{ path, deleted }] });

const cases: readonly [name: string, traits: Traits, expected: readonly (number | string)[], host?: Host][] = [
  ['the program of its package', statd, []],
  ['another program than that of its package', { ...statd, exeMd5: OTHER }, [3]],
  ['an earlier version, deleted', { ...statd, exeMd5: OTHER, exeDeleted: true }, []],
  ['another program under another root', { ...statd, exeMd5: OTHER, sameRoot: false }, []],
  ['a program of no package', { exe: '/usr/sbin/statd' }, []],
  ['a program whose digest was not had', { ...statd, exeMd5: unseen('denied') }, ['digest of the program']],
  ['a library of its package', mapped('/usr/lib/libc.so.6'), []],
  [
    'another library than that of its package',
    mapped('/usr/lib/libz.so'),
    [3],
    [...host, packageFile('/usr/lib/libz.so', 'zlib'), fileDigest('/usr/lib/libz.so', OTHER)],
  ],
  [
    'another library, by the path through a link',
    mapped('/lib/libz.so'),
    [3],
    [...host, packageFile('/usr/lib/libz.so', 'zlib'), fileDigest('/lib/libz.so', OTHER)],
  ],
  [
    'a library whose digest was not had',
    mapped('/usr/lib/libz.so'),
    ['digest of a library'],
    [...host, packageFile('/usr/lib/libz.so', 'zlib')],
  ],
  ['a library of no package', mapped('/opt/nfs/libz.so'), []],
  ['a library that an upgrade removed', mapped('/usr/lib/libz.so.1.2', true), []],
  ['a library deleted from shared memory', mapped('/dev/shm/l.so', true), [2.5]],
  ['a library deleted from /run', mapped('/run/l.so', true), [2.5]],
  ['a library that was unpacked to /tmp and deleted', mapped('/tmp/l.so', true), [1]],
  ['a library in shared memory', mapped('/dev/shm/l.so'), [1]],
  ['a library replaced in memory', mapped('/run/l.so', true), [], [...host, replacedFile('/run/l.so')]],
  ['a library that never was a file', mapped('/memfd:l', true), [2.5]],
  ['a library on a disk for everybody', mapped('/var/tmp/l.so', true), [1]],
  ['itself, which never was a file', { exe: '/memfd:l', maps: [{ path: '/memfd:l', deleted: true }] }, []],
];

it.each(cases)('runs %s', (_, traits, expected, on = host) => {
  expect(readBy(integrity, traits, on)).toEqual(expected);
});

it('takes the own code of a program that was not seen for nobody else’s', () => {
  const start = withProcess(host, { ...mapped('/dev/shm/l.so', true), pid: 9001 });
  const signsOn = (on: Host) => {
    const view = viewOf(factsOf(on));
    const row = view.byPid.get(9001);
    return row === undefined ? undefined : [...integrity(view, row)].length;
  };

  expect(signsOn(start)).toBe(1);
  expect(signsOn(changed(start, 9001, { exe: unseen('denied') }))).toBe(0);
});
