import { expect, it } from 'vitest';
import { unseen } from '../../../model/unseen.ts';
import { healthyHost, programLink, unit, withProcess, type Host, type Traits } from '../../../testing/host.ts';
import { readBy } from '../../../testing/signs.ts';
import { identity } from './identity.ts';

const host = healthyHost();
const packaged = { exe: '/usr/sbin/statd', package: 'nfs-common' } as const;
const own = { exe: '/usr/sbin/statd' } as const;
const elsewhere = { exe: '/opt/nfs/statd' } as const;
const image = { exe: '/usr/sbin/statd', sameRoot: false } as const;
const bash = { exe: '/usr/bin/bash', package: 'bash' } as const;

const cases: readonly [name: string, traits: Traits, expected: readonly (number | string)[], host?: Host][] = [
  ['its own path', own, []],
  ['its own path by a link', { ...own, cmdline: ['/sbin/statd'] }, []],
  ['its own path by several links', { exe: '/usr/lib/jvm/java-21/bin/java', cmdline: ['java'] }, []],
  ['its own name in capitals', { ...elsewhere, cmdline: ['STATD'] }, []],
  ['its own name', { ...elsewhere, cmdline: ['statd', '-F'] }, []],
  ['its own name with a title', { ...elsewhere, cmdline: ['statd: worker 2'] }, []],
  ['its own name without its version', { exe: '/opt/py/python3.13', cmdline: ['python3', 'a.py'] }, []],
  ['a login shell', { ...bash, cmdline: ['-bash'] }, []],
  ['a name marked by its unit', { ...own, cmdline: ['@statd', '--system'] }, []],
  ['a name in parentheses', { ...own, cmdline: ['(statd)'] }, []],

  ['a thread of the kernel', { ...own, cmdline: ['[rcu_sched]'] }, [3]],
  ['a thread of the kernel, padded', { ...own, cmdline: ['[rcu_sched]', '', '   '] }, [3]],
  ['a thread of the kernel with a blank', { ...elsewhere, cmdline: ['[nfsiod 0]'] }, [3]],
  ['a thread of the kernel by a program of a package', { ...packaged, cmdline: ['[rcu_sched]'] }, [3]],
  ['a thread of the kernel in a container', { ...image, cmdline: ['[rcu_sched]'] }, [3]],
  ['more than a name in brackets', { ...elsewhere, cmdline: ['[statd pid=7] statd start [runner]'] }, [0.5]],

  ['the name of another program, and a slash', { ...own, cmdline: ['hald-addon-acpi/'] }, [1.5]],
  ['nothing', { ...own, cmdline: [] }, [2]],
  ['blanks', { ...own, cmdline: ['   '] }, [2]],
  ['nothing, and another short name', { ...own, comm: 'kworker/0:2', cmdline: [''] }, [3]],
  ['nothing, and its long name cut', { exe: '/usr/sbin/a-very-long-program-name', cmdline: [''] }, [2]],
  ['nothing, a program of a package', { ...packaged, cmdline: [''] }, [0.5]],
  ['nothing, a program of a package with another short name', { ...packaged, comm: 'kworker/0:2', cmdline: [''] }, [2]],

  ['a shell as a daemon', { ...bash, cmdline: ['qmgr -l'] }, [2]],
  ['a shell as a path', { ...bash, cmdline: ['/usr/sbin/cron', '-f'] }, [2]],
  ['a shell as another shell', { ...bash, cmdline: ['sh'] }, [0.5]],

  ['the path of another program', { ...own, cmdline: ['/usr/sbin/cron -f'] }, [2]],
  ['the path of another program, elsewhere', { ...elsewhere, cmdline: ['/usr/sbin/cron -f'] }, [2]],
  ['the path of another program, of a package', { ...packaged, cmdline: ['/usr/sbin/cron -f'] }, [2]],
  ['the path of another program, in a container', { ...image, cmdline: ['/usr/sbin/cron -f'] }, [1]],
  ['a path of nothing', { ...own, cmdline: ['/usr/sbin/hald'] }, [2]],
  ['the same name in another folder', { ...own, cmdline: ['/opt/old/statd'] }, [1]],
  ['the same name in another folder, of a package', { ...packaged, cmdline: ['/opt/old/statd'] }, [0.5]],
  ['the name of a program of a package', { ...elsewhere, cmdline: ['rsyslogd', '-n'] }, [2]],
  [
    'the name of a program that a unit starts',
    { ...elsewhere, cmdline: ['ntpsec'] },
    [2],
    [...host, unit('ntpsec.service', '-/usr/sbin/ntpsec -g')],
  ],
  [
    'the name of a link',
    { ...elsewhere, cmdline: ['vi'] },
    [2],
    [...host, programLink('/usr/bin/vi', '/etc/alternatives/vi')],
  ],
  ['the name of a program, in a container', { ...image, cmdline: ['rsyslogd'] }, [1]],

  ['a title', { ...own, cmdline: ['worker: idle'] }, [1.5]],
  ['a title in memory', { exe: '/dev/shm/statd', cmdline: ['worker: idle'] }, [1.5]],
  ['a title elsewhere', { ...elsewhere, cmdline: ['worker: idle'] }, [0.5]],
  ['a title of a program of a package', { ...packaged, cmdline: ['worker: idle'] }, [2]],
  ['a title of memory with that name', { exe: '/memfd:worker', exeDeleted: true, cmdline: ['worker'] }, []],
  ['a title of nameless memory', { exe: '/memfd:', exeDeleted: true, cmdline: ['worker'] }, [1.5]],
  ['a relative path', { ...own, cmdline: ['gw/bin/mailer'] }, [1]],

  [
    'a title explained by its unit',
    { ...packaged, unit: 'worker.service', cmdline: ['worker: idle'] },
    [],
    [...host, unit('worker.service', '/usr/bin/worker')],
  ],
  [
    'a title explained by its unit, of no package',
    { ...own, unit: 'worker.service', cmdline: ['worker: idle'] },
    [2],
    [...host, unit('worker.service', '/usr/bin/worker')],
  ],
  [
    'the name of its unit while the program of the unit runs',
    { ...packaged, unit: 'cron.service', cmdline: ['cron'] },
    [2],
  ],
  [
    'a title of a child of a process under its own name',
    { ...packaged, ppid: 4700, cmdline: ['worker'] },
    [],
    withProcess(host, { ...packaged, pid: 4700 }),
  ],
  [
    'a title of a child of a process under a title',
    { ...packaged, ppid: 4700, cmdline: ['worker'] },
    [2],
    withProcess(host, { ...packaged, pid: 4700, cmdline: ['mover'] }),
  ],
  [
    "two that are each other's parent",
    { ...packaged, ppid: 4700, cmdline: ['a1b'] },
    [2],
    withProcess(host, { ...packaged, pid: 4700, ppid: 4711, cmdline: ['c1d'] }),
  ],

  ['arguments that were not seen', { ...own, cmdline: unseen('denied') }, ['process.cmdline']],
];

it.each(cases)('goes by %s', (_, traits, expected, on = host) => {
  expect(readBy(identity, traits, on)).toEqual(expected);
});
