import { expect, it } from 'vitest';
import { isUnseen, unseen } from '../../model/unseen.ts';
import { bodiesOf, parseBeside, type Contents } from '../../testing/evidence.ts';
import { statLine } from '../../testing/stat-line.ts';
import { foreignProcesses } from './processes.ts';

const processesIn = (contents: Contents) =>
  bodiesOf(parseBeside(foreignProcesses, contents)).flatMap((body) => (body.kind === 'process' ? [body.process] : []));
const seenOf = (process: object) => Object.fromEntries(Object.entries(process).filter(([, value]) => !isUnseen(value)));

const PS = 'USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n';

it('takes from ps what it shows, and nothing else', () => {
  const [statd] = processesIn({
    'foreign/ps': `${PS}root          75  0.0  0.0   2344   656 ?        Ss   23:54   0:00 /usr/sbin/statd -F --port 5\n`,
  });

  expect(seenOf(statd ?? {})).toEqual({
    pid: 75,
    uid: 0,
    comm: 'statd',
    state: 'S',
    kernelThread: false,
    tty: 0,
    cmdline: ['/usr/sbin/statd', '-F', '--port', '5'],
  });
  expect([statd?.environ, statd?.ppid, statd?.exe]).toEqual([unseen('absent'), unseen('absent'), unseen('absent')]);
});

it.each([
  [
    'ps -ef',
    'UID          PID    PPID  C STIME TTY          TIME CMD\nstatd         75      12  0 23:54 pts/0    00:00:00 /usr/sbin/statd -F\n',
    { ppid: 12, tty: 1, cmdline: ['/usr/sbin/statd', '-F'] },
  ],
  [
    'ps -elfL',
    'F S UID          PID    PPID     LWP  C NLWP PRI  NI ADDR SZ WCHAN  STIME TTY          TIME CMD\n4 S 0             75       1      75  2    3  80   0 - 41892 do_epo 23:54 ?        00:00:02 /usr/sbin/statd\n',
    { ppid: 1, uid: 0, threads: 3, state: 'S' },
  ],
  [
    'a start of five words',
    '    PID USER                      STARTED COMMAND\n     75 root     Tue Nov 24 23:54:21 2026 /usr/sbin/statd -F\n',
    { uid: 0, cmdline: ['/usr/sbin/statd', '-F'] },
  ],
  [
    'a control group behind the name',
    '    PID    PPID USER     COMMAND         CGROUP\n     75       1 root     tmux: server    0::/system.slice/statd.service\n',
    { comm: 'tmux: server', unit: 'statd.service' },
  ],
  [
    'a forest',
    `${PS}root          75  0.0  0.0   2344   656 ?        Ss   23:54   0:00  \\_ /usr/sbin/statd -F\n`,
    { cmdline: ['/usr/sbin/statd', '-F'] },
  ],
  [
    'threads below a process',
    `${PS}root          75  2.0  0.0   2344   656 ?        -    23:54   0:02 /usr/sbin/statd\nroot           -  2.0    -      -     - -        Ss   23:54   0:02 -\n`,
    { cmdline: ['/usr/sbin/statd'] },
  ],
  [
    'ps of busybox',
    'PID   USER     TIME  COMMAND\n   75 root      0:00 /usr/sbin/statd -F\n',
    { cmdline: ['/usr/sbin/statd', '-F'] },
  ],
  ['ps alone', '    PID TTY          TIME CMD\n     75 pts/0    00:00:00 statd\n', { comm: 'statd' }],
])('reads %s', (_, text, expected) => {
  const found = processesIn({ 'foreign/ps': text });

  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ pid: 75, ...expected });
});

it('joins what several listings show of one process, and names its program by the kernel', () => {
  const found = processesIn({
    'foreign/ps': `${PS}root         142  0.0  0.0   2344   656 ?        Ss   23:54   0:00 /usr/sbin/hald-addon\n`,
    'foreign/proc-links':
      'lrwxrwxrwx 1 root root 0 Nov 24 23:54 /proc/142/exe -> /dev/shm/kdmtmpflush (deleted)\nlrwxrwxrwx 1 root root 0 Nov 24 23:54 /proc/142/cwd -> /\n',
    'foreign/lsof': [
      'COMMAND   PID TID TASKCMD          USER   FD      TYPE             DEVICE SIZE/OFF   NODE NAME',
      'systemd     1                      root  rtd       DIR                7,0     4096      2 /',
      'hald-addo 142                      root  rtd       DIR                7,0     4096      2 /',
      'hald-addo 142                      root  txt       REG               0,60    14856      2 /dev/shm/kdmtmpflush',
      'hald-addo 142                      root    3u     pack             173648      0t0     IP type=SOCK_RAW',
    ].join('\n'),
    'foreign/ss':
      'Netid Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\np_raw 0      0                 ip:*                *     users:(("hald-addon",pid=142,fd=3))\n',
    'foreign/exe-digests': `${'ab'.repeat(32)}  /proc/142/exe\n`,
  });

  expect(found.find(({ pid }) => pid === 142)).toMatchObject({
    comm: 'hald-addon',
    exe: '/dev/shm/kdmtmpflush',
    exeDeleted: true,
    exeFile: '0:60:2',
    exeSha256: 'ab'.repeat(32),
    cwd: '/',
    socketInodes: [173648],
    sameRoot: true,
    cmdline: ['/usr/sbin/hald-addon'],
  });
});

it('tells each process once, with the fullest listing that shows it', () => {
  const contents = {
    'foreign/lsof':
      'COMMAND PID USER FD TYPE DEVICE SIZE/OFF NODE NAME\nstatd 75 root cwd DIR 7,0 4096 2 /\nlate 99 root cwd DIR 7,0 4096 2 /\n',
    'foreign/ps': `${PS}root          75  0.0  0.0   2344   656 ?        Ss   23:54   0:00 /usr/sbin/statd\n`,
  };
  const { 'foreign/lsof': lsof, ...ps } = contents;

  expect(processesIn(contents).map(({ pid }) => pid)).toEqual([99]);
  expect(processesIn({ ...ps, 'foreign/lsof': lsof }).map(({ pid }) => pid)).toEqual([75]);
});

it.each([
  [
    'of the kernel, by ps',
    'root           2  0.0  0.0      0     0 ?        S    23:54   0:00 [kthreadd]',
    {},
    { kernelThread: true, exe: null, cmdline: [] },
  ],
  [
    'with memory: one that calls itself so',
    'root           2  0.0  0.0   2344   656 ?        S    23:54   0:00 [kthreadd]',
    {},
    { kernelThread: false, comm: 'kthreadd', cmdline: [] },
  ],
  [
    'that ended',
    'root           2  0.0  0.0      0     0 ?        Z    23:54   0:00 [sh] <defunct>',
    {},
    { kernelThread: false, comm: 'sh', state: 'Z' },
  ],
  [
    'with a program',
    'root           2  0.0  0.0      0     0 ?        S    23:54   0:00 [kthreadd]',
    { 'foreign/proc-links': 'lrwxrwxrwx 1 root root 0 Nov 24 23:54 /proc/2/exe -> /tmp/x\n' },
    { kernelThread: false, exe: '/tmp/x' },
  ],
])('knows a thread %s', (_, line, beside, expected) => {
  expect(processesIn({ 'foreign/ps': `${PS}${line}\n`, ...beside })[0]).toMatchObject(expected);
});

const STAT = `70/stat:${statLine(70, 'lldpd')}\n142/stat:${statLine(142, 'hald-addon')}\n`;

it.each([
  [
    'was collected',
    { 'foreign/proc-environ': '142/environ:HOME=/\n142/environ:unseen=denied\n' },
    { HOME: '/', 'unseen=': 'denied' },
  ],
  [
    'showed nothing, where that of others did',
    { 'foreign/proc-environ': '70/environ:HOME=/\n', '/proc/*/maps': '142/maps:0-1 r-xp 0 08:01 2 /x\n' },
    {},
  ],
  [
    'is missing like all that needs the same rights',
    { 'foreign/proc-environ': '70/environ:HOME=/\n', '/proc/*/maps': '70/maps:0-1 r-xp 0 08:01 2 /x\n' },
    unseen('absent'),
  ],
  ['was not collected of anybody', { '/proc/*/maps': '142/maps:0-1 r-xp 0 08:01 2 /x\n' }, unseen('absent')],
])('tells an empty environment from one that was not seen: it %s', (_, beside, expected) => {
  const found = processesIn({ 'foreign/proc-stat': STAT, ...beside }).find(({ pid }) => pid === 142);

  expect([found?.environ, found?.environBytes]).toEqual([expected, unseen('absent')]);
});

it('says that listings of sockets show no process without one', () => {
  const ss =
    'Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port\ntcp   LISTEN 0      128          0.0.0.0:22        0.0.0.0:*    users:(("sshd",pid=82,fd=3))\n';

  expect(parseBeside(foreignProcesses, { 'foreign/ss': ss })).toEqual([
    expect.objectContaining({ at: { offset: expect.any(Number) as number, line: 2 } }),
    {
      gap: 'absent',
      artifact: 'foreign/ss',
      detail: 'no list of processes; only those that hold a socket are shown',
      missing: 0.9,
    },
  ]);
});
