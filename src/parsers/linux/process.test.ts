import { describe, expect, it } from 'vitest';
import type { Process } from '../../model/observations/process.ts';
import { unseen } from '../../model/unseen.ts';
import { bodiesOf, parseBeside, type Contents } from '../../testing/evidence.ts';
import { KERNEL_THREAD_FLAGS, samples } from '../../testing/samples.ts';
import { statLine } from '../../testing/stat-line.ts';
import { process } from './process.ts';

const ROOT = samples['/proc/self/status'] ?? '';
const USER = 'Uid:\t1000\t1000\t1000\t1000\nCapEff:\t0000000000000000\n';
const nul = (...words: readonly string[]) => words.map((word) => `${word}\0`).join('');

const processes = (contents: Contents): Process[] =>
  bodiesOf(parseBeside(process, contents)).flatMap((body) => (body.kind === 'process' ? [body.process] : []));
const one = (contents: Contents): Process | undefined => processes(contents)[0];
const gaps = (contents: Contents) => parseBeside(process, contents).filter((parsed) => 'gap' in parsed);
const stat = (pid: number, comm: string, more?: Parameters<typeof statLine>[2]) =>
  `${pid}/stat:${statLine(pid, comm, more)}\n`;

const ALL = Object.fromEntries(['/proc/*/stat', ...(process.beside ?? [])].map((name) => [name, samples[name] ?? '']));

describe('a look as root', () => {
  const [init, kthreadd, dhclient, implant] = processes(ALL);

  it('joins the files of a healthy process', () => {
    expect(dhclient).toEqual({
      pid: 100,
      comm: 'dhclient',
      state: 'S',
      ppid: 1,
      session: 100,
      tty: 0,
      kernelThread: false,
      cpuTicks: 7,
      startTicks: 900,
      threads: 1,
      uid: 0,
      cmdline: ['/sbin/dhclient', '-4', 'eth0'],
      exe: '/usr/sbin/dhclient',
      exeDeleted: false,
      exeFile: '2049:200',
      exeSha256: 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
      exeMd5: '0cc175b9c0f1b6a831c399e269772661',
      cwd: '/',
      environ: { PATH: '/usr/bin', LANG: 'C' },
      environBytes: 21,
      socketInodes: [5001],
      netns: 4026531840,
      mntns: 4026531841,
      pidns: 4026531836,
      sameRoot: true,
      unit: 'ifup@eth0.service',
      gid: 0,
      sigIgn: '0000000000001000',
    });
    expect(init).toMatchObject({ comm: 'systemd', unit: 'init.scope', ppid: 0 });
  });

  it('shows an implant: deleted program, empty environment, overwritten arguments', () => {
    expect(implant).toEqual({
      pid: 300,
      comm: 'kworker/0:1',
      state: 'S',
      ppid: 1,
      session: 300,
      tty: 0,
      kernelThread: false,
      cpuTicks: 7,
      startTicks: 900,
      threads: 1,
      uid: 0,
      cmdline: ['/usr/sbin/console-kit-daemon --no-daemon'],
      exe: '/dev/shm/kdmtmpflush',
      exeDeleted: true,
      exeFile: '23:666',
      exeSha256: '3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d',
      exeMd5: unseen('absent'),
      cwd: '/',
      environ: {},
      environBytes: 0,
      socketInodes: [6001],
      netns: 4026531840,
      mntns: 4026531841,
      pidns: 4026531836,
      sameRoot: true,
      unit: null,
      gid: 0,
      sigIgn: '0000000000001000',
    });
  });

  it('knows a thread of the kernel by its flag: no program, no arguments, no environment', () => {
    expect(kthreadd).toMatchObject({
      comm: 'kthreadd',
      kernelThread: true,
      exe: null,
      exeDeleted: false,
      exeFile: unseen('absent'),
      exeSha256: unseen('absent'),
      cmdline: [],
      environ: {},
      environBytes: 0,
    });
  });

  it('has no gap', () => {
    expect(gaps(ALL)).toEqual([]);
  });
});

describe('a hostile process', () => {
  const name = 'x) S 1 1 1\n1/stat:1 (init';

  it('cannot forge a record by a name that holds parentheses and line feeds', () => {
    const content = `66/stat:66 (x) S 1 1 1\n66/stat:1/stat:1 (init) R 1 66 66 0 -1 0 0 0 0 0 1 2 0 0 20 0 1 0 77 0 0\n`;

    expect(processes({ '/proc/*/stat': content })).toMatchObject([
      { pid: 66, comm: `x) S 1 1 1\n1/stat:1 (init`, state: 'R', startTicks: 77 },
    ]);
    expect(statLine(66, name).split('\n')[0]).toBe('66 (x) S 1 1 1');
  });

  it('cannot forge the arguments of another by line feeds in its own', () => {
    const cmdline = `66/cmdline:sh\0-c\n66/cmdline:1/cmdline:/sbin/init\0\n`;

    expect(processes({ '/proc/*/stat': stat(1, 'init') + stat(66, 'sh'), '/proc/*/cmdline': cmdline })).toMatchObject([
      { pid: 1, cmdline: [] },
      { pid: 66, cmdline: ['sh', '-c\n1/cmdline:/sbin/init'] },
    ]);
  });

  it('cannot forge the program of another by a path of several lines', () => {
    const path = '/tmp/a\n1/exe\n/sbin/init';
    const links = nul('1/exe', '/usr/lib/systemd/systemd', '66/exe', `${path} (deleted)`);

    expect(
      processes({ '/proc/*/stat': stat(1, 'init') + stat(66, 'a'), 'command/process-links': links }),
    ).toMatchObject([
      { pid: 1, exe: '/usr/lib/systemd/systemd', exeDeleted: false },
      { pid: 66, exe: path, exeDeleted: true },
    ]);
  });

  it('cannot pass for one that was not seen by its environment', () => {
    const environ = `66/environ:${nul('unseen=denied', '__proto__=x', 'A=1', 'A=2', '=nameless', 'bare')}\n`;
    const found = one({ '/proc/*/stat': stat(66, 'a'), '/proc/*/environ': environ })?.environ;

    expect(Object.entries(found ?? {})).toEqual([
      ['unseen=', 'denied'],
      ['__proto__', 'x'],
      ['A', '1'],
    ]);
  });

  it('keeps names that are no UTF-8, with marks where they are broken', () => {
    const bytes = Buffer.concat([
      Buffer.from('66/stat:66 ('),
      Buffer.of(0xff, 0x41),
      Buffer.from(`) ${statLine(66, '').split(') ')[1]}\n`),
    ]);

    expect(one({ '/proc/*/stat': bytes })?.comm).toBe('\ufffdA');
  });

  it('has a program whose name ends in " (deleted)" twice', () => {
    const links = nul('66/exe', '/tmp/a (deleted) (deleted)');

    expect(one({ '/proc/*/stat': stat(66, 'a'), 'command/process-links': links })).toMatchObject({
      exe: '/tmp/a (deleted)',
      exeDeleted: true,
    });
  });
});

describe('what was not seen', () => {
  const two = stat(1, 'init') + stat(500, 'sh');

  it('is refused, not empty, and a gap tells the share', () => {
    const contents = { '/proc/*/stat': two, '/proc/*/environ': 'grep: 1/environ: Permission denied\n' };

    expect(processes(contents)).toMatchObject([
      { pid: 1, environ: unseen('denied'), environBytes: unseen('denied') },
      { pid: 500, environ: {}, environBytes: 0 },
    ]);
    expect(gaps(contents)).toEqual([
      { gap: 'denied', artifact: '/proc/*/environ', detail: '1 of 2 processes', missing: 0.5 },
    ]);
  });

  it('is a program and descriptors that only root may see', () => {
    const contents = {
      '/proc/*/stat': two + stat(2, 'kthreadd', { flags: KERNEL_THREAD_FLAGS }) + stat(501, 'gone', { state: 'Z' }),
      'command/process-links': nul(
        '1/exe',
        '',
        '1/cwd',
        '',
        '1/ns/net',
        '',
        '2/exe',
        '',
        '500/exe',
        '/bin/dash',
        '500/ns/net',
        'net:[4026531840]',
        '501/exe',
        '',
      ),
      '/proc/self/status': USER,
    };

    expect(
      processes(contents).map(({ pid, exe, cwd, socketInodes, netns }) => ({ pid, exe, cwd, socketInodes, netns })),
    ).toEqual([
      { pid: 1, exe: unseen('denied'), cwd: unseen('denied'), socketInodes: unseen('denied'), netns: unseen('denied') },
      { pid: 500, exe: '/bin/dash', cwd: unseen('denied'), socketInodes: [], netns: 4026531840 },
      { pid: 2, exe: null, cwd: null, socketInodes: [], netns: unseen('denied') },
      { pid: 501, exe: null, cwd: null, socketInodes: [], netns: unseen('denied') },
    ]);
    expect(gaps(contents)).toEqual([
      {
        gap: 'denied',
        artifact: 'command/process-links',
        detail: 'program and descriptors of 1 of 4 processes',
        missing: 0.25,
      },
    ]);
  });

  it('is absent where the look did not ask for it', () => {
    expect(one({ '/proc/*/stat': two })).toMatchObject({
      exe: unseen('absent'),
      cmdline: unseen('absent'),
      unit: unseen('absent'),
      sameRoot: unseen('absent'),
    });
    expect(gaps({ '/proc/*/stat': two })).toEqual([]);
  });

  it('leaves out a process that ended meanwhile', () => {
    const contents = {
      '/proc/*/stat': two,
      'command/process-links': nul('1/exe', '/sbin/init'),
      '/proc/*/environ': 'grep: 500/environ: No such file or directory\n',
      '/proc/self/status': ROOT,
    };

    expect(processes(contents).map(({ pid }) => pid)).toEqual([1]);
    expect(gaps(contents)).toEqual([]);
  });

  it('is the rest of a row that was cut, and the next row is read', () => {
    const parsed = parseBeside(process, { '/proc/*/stat': `1/stat:1 (init) S 0 1\n${stat(500, 'sh')}` });

    expect(parsed[0]).toEqual({ issue: true, reason: 'the stat of process 1 cannot be read', offset: 0, line: 1 });
    expect(bodiesOf(parsed)).toMatchObject([{ process: { pid: 500 } }]);
  });
});

it('reads the links as ls prints them, where find knows no -printf', () => {
  const links = [
    'lrwxrwxrwx    1 0        0                0 Nov 25 01:18 1/exe',
    'ls: 1/exe: cannot read link: Permission denied',
    'lrwxrwxrwx    1 1000     1000             0 Nov 25  2025 66/exe -> /tmp/two words -> here (deleted)',
    'lrwx------    1 1000     1000            64 Nov 25 01:18 66/fd/3 -> socket:[6001]',
    'lr-x------    1 1000     1000            64 Nov 25 01:18 66/fd/4 -> anon_inode:[eventpoll]',
    '',
  ].join('\n');

  expect(
    processes({
      '/proc/*/stat': stat(1, 'init') + stat(66, 'a'),
      'command/process-links': links,
      '/proc/self/status': USER,
    }),
  ).toMatchObject([
    { pid: 1, exe: unseen('denied') },
    { pid: 66, exe: '/tmp/two words -> here', exeDeleted: true, socketInodes: [6001] },
  ]);
});

it('tells another root directory, and takes a hash that was taken once for two processes of one file', () => {
  const contents = {
    '/proc/*/stat': stat(66, 'a') + stat(67, 'a'),
    'command/process-images':
      '66/exe 8:5 1 10 1 1\n67/exe 8:5 1 10 1 1\n66/root 8:2 1 1 1 1\n67/root 9:2 1 1 1 1\n/proc/self/root 8:2 1 1 1 1\n',
    'command/process-digests': `${'ab'.repeat(32)}  67/exe\n`,
  };

  expect(processes(contents)).toMatchObject([
    { pid: 66, sameRoot: true, exeSha256: 'ab'.repeat(32) },
    { pid: 67, sameRoot: false, exeSha256: 'ab'.repeat(32) },
  ]);
});

it.each([
  ['0::/system.slice/nginx.service', 'nginx.service'],
  ['0::/user.slice/user-0.slice/user@0.service/app.slice/a.scope', 'a.scope'],
  ['12:pids:/x.service\n66/cgroup:1:name=systemd:/system.slice/cron.service', 'cron.service'],
  ['0::/', null],
  ['0::/lxc/a/system.slice', null],
])('takes the innermost unit of control group %s', (cgroup, unit) => {
  expect(one({ '/proc/*/stat': stat(66, 'a'), '/proc/*/cgroup': `66/cgroup:${cgroup}\n` })?.unit).toBe(unit);
});

describe('what a process may do to be overlooked', () => {
  const links = (pid: number, exe: string) =>
    nul(`${pid}/exe`, exe, `${pid}/cwd`, '/', `${pid}/ns/mnt`, 'mnt:[4026531841]', `${pid}/ns/net`, 'net:[4026531840]');
  const LOOK = nul('4711/exe', '/usr/bin/dash', '4711/ns/mnt', 'mnt:[4026531841]');

  it('a program named as if it were deleted is not, as long as its file has a name', () => {
    const found = (hardLinks: number) =>
      one({
        '/proc/*/stat': stat(1, 'statd'),
        'command/process-links': links(1, '/usr/bin/sleep (deleted)'),
        'command/process-images': `1/exe 2049:7 ${hardLinks} 900 0 0\n`,
      });

    expect(found(1)).toMatchObject({ exe: '/usr/bin/sleep (deleted)', exeDeleted: false });
    expect(found(0)).toMatchObject({ exe: '/usr/bin/sleep', exeDeleted: true });
  });

  it('a process whose first thread ended has a program that was not seen, as against a zombie', () => {
    const found = (threads: number) =>
      one({
        '/proc/*/stat': stat(1, 'statd', { state: 'Z', threads }),
        'command/process-links': nul('1/exe', ''),
        '/proc/self/status': ROOT,
      });

    expect(found(2)?.exe).toEqual(unseen('denied'));
    expect(found(1)?.exe).toBeNull();
  });

  it('a root directory of its own makes no other host of it', () => {
    expect(
      one({
        '/proc/*/stat': stat(1, 'statd'),
        'command/process-links': links(1, '/usr/bin/statd') + LOOK,
        'command/process-images': '1/root 2049:99 2 0 0 0\n/proc/self/root 2049:2 2 0 0 0\n',
        '/proc/self/status': ROOT,
      }),
    ).toMatchObject({ sameRoot: true });
  });

  it('an environment without end leaves those of later processes unseen, not empty', () => {
    const contents = {
      '/proc/*/stat': stat(1, 'init') + stat(2, 'endless') + stat(3, 'later'),
      '/proc/*/environ': '1/environ:PATH=/bin\0\ngrep: memory exhausted\n',
    };

    expect(processes(contents).map(({ environ }) => environ)).toEqual([
      unseen('truncated'),
      unseen('truncated'),
      unseen('truncated'),
    ]);
    expect(gaps(contents)).toContainEqual({
      gap: 'truncated',
      artifact: '/proc/*/environ',
      detail: '3 of 3 processes',
      missing: 1,
    });
  });

  it('a look from within a container says that it shows that container alone', () => {
    const found = (space: number) =>
      gaps({
        '/proc/*/stat': stat(1, 'init'),
        'command/process-links': links(1, '/sbin/init') + LOOK + nul('4711/ns/pid', `pid:[${space}]`),
        '/proc/self/status': ROOT,
      });

    expect(found(4026532998)).toContainEqual(
      expect.objectContaining({
        gap: 'unsupported',
        detail: 'processes outside of the container in which the look was taken',
      }),
    );
    expect(found(4026531836)).toEqual([]);
  });

  it('a listing without process 1 hides others as well', () => {
    expect(gaps({ '/proc/*/stat': stat(7, 'sh') })).toContainEqual(
      expect.objectContaining({ gap: 'denied', artifact: '/proc/*/stat' }),
    );
  });
});
