import { expect, it } from 'vitest';
import { unseen } from '../../../model/unseen.ts';
import {
  healthyHost,
  mount,
  packageFile,
  programLink,
  replacedFile,
  without,
  type Host,
  type Traits,
} from '../../../testing/host.ts';
import { readBy } from '../../../testing/signs.ts';
import { provenance } from './provenance.ts';

const host = healthyHost();
/** A host of which no list of packages is there, with the times of a program. */
const timed = (modifiedAt: string, bornAt: string | undefined): Host => [
  ...without(host, 'package_file'),
  {
    kind: 'file',
    file: {
      path: '/usr/sbin/vsftpd',
      type: 'file',
      sizeBytes: 14_592,
      uid: 0,
      gid: 0,
      mode: 0o755,
      inode: 41,
      modifiedAt,
      changedAt: '2026-11-24T23:55:02.000Z',
      accessedAt: unseen('absent'),
      bornAt: bornAt ?? unseen('absent'),
    },
  },
];
const cases: readonly [name: string, traits: Traits, expected: readonly (number | string)[], host?: Host][] = [
  ['a program of a package', { exe: '/usr/sbin/vsftpd', package: 'vsftpd' }, []],
  [
    'a program of a package that lists /bin for /usr/bin',
    { exe: '/usr/bin/kmod' },
    [],
    [...host, packageFile('/bin/kmod', 'kmod')],
  ],
  ['no package, among the programs of the distribution', { exe: '/usr/sbin/vsftpd' }, [2]],
  ['no package, /sbin of a host that keeps it apart', { exe: '/sbin/vsftpd' }, [2], without(host, 'program_link')],
  ['no package, in a folder of its own', { exe: '/opt/ftp/vsftpd' }, [0.5]],
  [
    'no list of packages, modified as it was made',
    { exe: '/usr/sbin/vsftpd' },
    [2],
    timed('2026-11-24T23:55:02.000Z', '2026-11-24T23:55:02.000Z'),
  ],
  [
    'no list of packages, built before it was made, as packages are',
    { exe: '/usr/sbin/vsftpd' },
    ['package of process.exe'],
    timed('2026-01-02T03:04:05.000Z', '2026-11-24T23:55:02.000Z'),
  ],
  [
    'no list of packages, and no time at which it was made',
    { exe: '/usr/sbin/vsftpd' },
    ['package of process.exe'],
    timed('2026-11-24T23:55:02.000Z', undefined),
  ],
  ['no package, compiled here', { exe: '/usr/local/sbin/vsftpd' }, [0.5]],
  [
    'no package, a folder that is a link into the distribution',
    { exe: '/tools/vsftpd' },
    [2],
    [...host, programLink('/tools', 'usr/bin')],
  ],
  ['in a folder for everybody', { exe: '/var/tmp/vsftpd' }, [2]],
  ['in memory', { exe: '/dev/shm/vsftpd' }, [2]],
  ['in memory that was mounted for it', { exe: '/srv/quick/vsftpd' }, [2], [...host, mount('/srv/quick', 'ramfs')]],
  ['below memory, on a disk', { exe: '/run/disk/vsftpd' }, [0.5], [...host, mount('/run/disk', 'ext4')]],
  ['deleted from memory', { exe: '/dev/shm/vsftpd', exeDeleted: true }, [2.5]],
  ['deleted from /tmp, where builds do that', { exe: '/tmp/vsftpd', exeDeleted: true }, [2]],
  ['deleted from a disk', { exe: '/opt/ftp/vsftpd', exeDeleted: true }, [2]],
  ['deleted, of a package that was removed', { exe: '/usr/sbin/vsftpd', exeDeleted: true, package: 'vsftpd' }, [0.5]],
  [
    'replaced, of a package',
    { exe: '/usr/sbin/vsftpd', exeDeleted: true, package: 'vsftpd' },
    [],
    [...host, replacedFile('/usr/sbin/vsftpd')],
  ],
  [
    'replaced, of no package',
    { exe: '/usr/sbin/vsftpd', exeDeleted: true },
    [2],
    [...host, replacedFile('/usr/sbin/vsftpd')],
  ],
  ['never a file', { exe: '/memfd:x', exeDeleted: true }, [2.5]],
  [
    'never a file, under its own name below a program of a package',
    { exe: '/memfd:cron', exeDeleted: true, ppid: 360, cmdline: ['cron'] },
    [1],
  ],
  ['never a file, under its own name below init', { exe: '/memfd:cron', exeDeleted: true, cmdline: ['cron'] }, [2.5]],
  [
    'never a file, under its own name below a shell',
    { exe: '/memfd:cron', exeDeleted: true, ppid: 520, cmdline: ['cron'] },
    [2.5],
  ],
  ['another root', { exe: '/usr/sbin/vsftpd', sameRoot: false }, []],
  ['another root, deleted with its image', { exe: '/usr/sbin/vsftpd', exeDeleted: true, sameRoot: false }, []],
  ['another root, deleted from shared memory', { exe: '/dev/shm/vsftpd', exeDeleted: true, sameRoot: false }, [2.5]],
  ['a host without packages', { exe: '/usr/sbin/vsftpd' }, ['package of process.exe'], without(host, 'package_file')],
  [
    'a host without packages, deleted from memory',
    { exe: '/dev/shm/vsftpd', exeDeleted: true },
    [2.5],
    without(host, 'package_file'),
  ],
  ['a root that was not seen', { exe: '/usr/sbin/vsftpd', sameRoot: unseen('denied') }, ['package of process.exe']],
  ['whether it was deleted was not seen', { exe: '/usr/sbin/vsftpd', exeDeleted: unseen('denied') }, ['process.exe']],
];

it.each(cases)('%s', (_, traits, expected, on = host) => {
  expect(readBy(provenance, traits, on)).toEqual(expected);
});
