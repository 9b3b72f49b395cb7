import { GUEST, guest, type Case } from './cases.ts';
import { listener } from './host.ts';

const staying: readonly Case[] = [
  guest(
    'ignores all signals, among the programs of the distribution',
    { exe: '/usr/sbin/statd', sigIgn: '0000000000311007' },
    'medium',
  ),
];

const visitors: readonly Case[] = [
  guest(
    'login that hides where it comes from',
    {
      exe: '/usr/bin/bash',
      package: 'bash',
      ppid: 510,
      tty: 34_818,
      cmdline: ['-bash'],
      environ: { PATH: '/usr/bin', TERM: 'xterm' },
    },
    [['linux/unattended-shell', 'medium']],
  ),
  guest(
    'login that hides where it comes from, and keeps no history',
    {
      exe: '/usr/bin/bash',
      package: 'bash',
      ppid: 510,
      tty: 34_818,
      cmdline: ['-bash'],
      environ: { PATH: '/usr/bin', HISTFILE: '/dev/null', HISTSIZE: '0' },
    },
    'medium',
  ),
];

/** The socket of a process is in no table, and the stack of the process still waits on it. */
const waiting: readonly Case[] = (
  [
    ['a packet socket that is in no table', 'packet_recvmsg', {}],
    ['a raw socket that is in no table', 'raw_recvmsg', {}],
    ['a packet socket beside an ordinary one', 'packet_recvmsg', { sockets: [listener('udp', 123)] }],
  ] as const
).map(([name, wait, traits]) => {
  const one = guest(`waits on ${name}`, { exe: '/usr/sbin/statd', package: 'nfs-common', ...traits }, [
    ['linux/unlisted-ear', 'high'],
  ]);
  return { ...one, host: [...one.host, { kind: 'kernel_wait', wait: { pid: GUEST, function: wait } }] };
});

/** What stays, waits and visits, and hides only that it does. */
export const huntedPresence: readonly Case[] = [...staying, ...visitors, ...waiting];
