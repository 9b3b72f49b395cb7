import type { Level } from '../model/level.ts';
import { GUEST, guest, type Case } from './cases.ts';
import { huntedKernels } from './kernel-cases.ts';
import { huntedLogs } from './log-cases.ts';
import { huntedNetworks } from './network-cases.ts';
import { accepting, ETHERNET, fieldFilter, NETWORK, portFilter, protocolFilter, wordFilter } from './filter-shapes.ts';
import { huntedFiles } from './hunted-files.ts';
import { huntedPresence } from './hunted-presence.ts';
import {
  changed,
  connection,
  digestOf,
  fileDigest,
  healthyHost,
  listener,
  mount,
  packageFile,
  packetSocket,
  rawSocket,
  replacedFile,
  withProcess,
  type FilterTrait,
  type Host,
  type Traits,
} from './host.ts';

const BARE = { environ: {}, environBytes: 0 };
const WIPED = { environ: {}, environBytes: 480 };

/** An unpackaged program among those of the distribution, under its own name. */
function lurking(name: string, ...filters: readonly FilterTrait[]): Traits {
  return { exe: `/usr/sbin/${name}`, sockets: filters.map((filter) => packetSocket(filter)) };
}

const magic: readonly Case[] = [
  guest(
    'classic: a borrowed title, deleted from shared memory, no environment, words of content',
    {
      exe: '/dev/shm/ktmpd',
      exeDeleted: true,
      comm: 'acpi-listener',
      cmdline: ['acpi-listener: waiting on kernel interface /proc/acpi/event'],
      sockets: [packetSocket(wordFilter(ETHERNET, { udp: 0x1357, icmp: 0x1357, tcp: 0x2468 }))],
      ...BARE,
    },
    'critical',
  ),
  guest(
    "classic: a daemon's path, wiped environment, datagram socket",
    {
      exe: '/usr/libexec/metricd',
      cmdline: ['/usr/sbin/rsyslogd -n'],
      sockets: [packetSocket(wordFilter(NETWORK, { tcp: 0x9a9b }), { type: 2, protocol: 3 })],
      ...WIPED,
    },
    'critical',
  ),
  guest(
    'classic: outside of the folders of the distribution, under the name of a daemon of the host',
    {
      exe: '/opt/.state/agent',
      cmdline: ['cron', '-f'],
      sockets: [packetSocket(wordFilter(ETHERNET, { udp: 0xbeef }))],
      ...WIPED,
    },
    'high',
  ),
  guest('content in a field of the header', lurking('ackd', fieldFilter(ETHERNET, 'tcp', 0x0badcafe)), 'high'),
  guest('content of SCTP', lurking('assocd', fieldFilter(ETHERNET, 'sctp', 0x11223344)), 'high'),
];

const ports: readonly Case[] = [
  guest('port: UDP, of nobody', lurking('acctd', portFilter({ protocol: 'udp', destination: 1813 })), 'high'),
  guest(
    'port: TCP, served by another program',
    lurking('webmetricd', portFilter({ protocol: 'tcp', destination: 443 })),
    'high',
  ),
  guest('port: SCTP over IPv4', lurking('sgwd', portFilter({ protocol: 'sctp', destination: 2905 })), 'high'),
  guest(
    'port: UDP over IPv6',
    {
      exe: '/usr/sbin/nsd6',
      sockets: [packetSocket(portFilter({ version: 6, protocol: 'udp', destination: 53 }), { protocol: 0x86dd })],
    },
    'high',
  ),
  guest(
    'port: TCP over IPv6, source',
    {
      exe: '/usr/sbin/mx6',
      sockets: [packetSocket(portFilter({ version: 6, protocol: 'tcp', source: 25 }), { protocol: 0x86dd })],
    },
    'high',
  ),
  guest('port: both ends', lurking('relayd', portFilter({ protocol: 'tcp', source: 25, destination: 25 })), 'high'),
  guest(
    'port: several sockets, one for each',
    lurking(
      'tripled',
      portFilter({ protocol: 'tcp', destination: 22 }),
      portFilter({ protocol: 'udp', destination: 2123 }),
    ),
    'high',
  ),
  guest(
    'port: that of its own listener of another transport',
    {
      exe: '/usr/lib/x-session',
      sockets: [packetSocket(portFilter({ protocol: 'tcp', destination: 5060 })), listener('udp', 5060)],
    },
    'high',
  ),
  guest('SCTP and nothing else', lurking('m3d', protocolFilter(ETHERNET, 'sctp')), 'high'),
];

const raw: readonly Case[] = [
  guest(
    'raw ICMP with content, under the path of a daemon',
    {
      exe: '/usr/lib/agentx-sub',
      cmdline: ['/usr/sbin/snmpd -f'],
      sockets: [rawSocket(1, wordFilter(NETWORK, { icmp: 0x6a19 }))],
    },
    'critical',
  ),
  guest(
    'raw UDP with content',
    { exe: '/usr/bin/timed', sockets: [rawSocket(17, wordFilter(NETWORK, { udp: 0x4a4b }))] },
    'high',
  ),
  guest(
    'raw TCP with content',
    { exe: '/usr/libexec/handoff', sockets: [rawSocket(6, wordFilter(NETWORK, { tcp: 0x4a4b }))] },
    'high',
  ),
  guest(
    'raw SCTP for a port',
    {
      exe: '/usr/sbin/diamd',
      sockets: [rawSocket(132, portFilter({ link: NETWORK, protocol: 'sctp', destination: 3868 }))],
    },
    'high',
  ),
  guest(
    'raw UDP without a filter, as a thread of the kernel',
    { exe: '/usr/bin/gtp-echo', cmdline: ['[syslogd]'], sockets: [rawSocket(17)] },
    'critical',
  ),
  guest(
    'an eBPF program on a packet socket',
    { exe: '/var/tmp/.udev', cmdline: ['/sbin/udevd -d'], sockets: [packetSocket('ebpf')] },
    'critical',
  ),
  guest('an eBPF program on a raw socket', { exe: '/usr/lib/netprobe', sockets: [rawSocket(1, 'ebpf')] }, 'high'),
];

const names: readonly Case[] = [
  guest('kernel thread: of the distribution', { exe: '/usr/lib/.kal', cmdline: ['[kal_sync]'] }, 'high'),
  guest('kernel thread: with a blank', { exe: '/usr/bin/nfsio', cmdline: ['[nfsiod 0]'] }, 'high'),
  guest('kernel thread: alone enough', { exe: '/opt/app/worker', cmdline: ['[kworker/1:2]'] }, [
    ['linux/claimed-name', 'high'],
  ]),
  guest(
    "kernel thread: a user's interpreter",
    { exe: '/usr/bin/python3.13', package: 'python3.13-minimal', uid: 33, cmdline: ['[kworker/u8:0]'] },
    [['linux/claimed-name', 'high']],
  ),
  guest(
    'kernel thread: arguments erased, renamed',
    { exe: '/usr/sbin/hwmon', comm: 'kworker/2:1H', cmdline: ['', '', ''] },
    'high',
  ),
  guest(
    'kernel thread: arguments erased elsewhere',
    { exe: '/srv/data/hwmon', comm: 'kworker/2:1H', cmdline: ['     '] },
    [['linux/claimed-name', 'high']],
  ),
  guest('kernel thread: arguments erased, own name', { exe: '/usr/sbin/hwmon', cmdline: [] }, 'high'),
];

const origins: readonly Case[] = [
  guest('memfd under a path', { exe: '/memfd:', exeDeleted: true, comm: 'atd', cmdline: ['/usr/sbin/atd -f'] }, 'high'),
  guest(
    'memfd under the name of a daemon of the host',
    { exe: '/memfd:x', exeDeleted: true, comm: 'cron', cmdline: ['cron', '-f'] },
    'high',
  ),
  guest(
    'memfd under a title',
    { exe: '/memfd:a', exeDeleted: true, comm: 'hald-runner', cmdline: ['hald-runner'] },
    'high',
  ),
  guest(
    'memfd with an ear, under its own name',
    { exe: '/memfd:telemetry', exeDeleted: true, comm: 'telemetry', cmdline: ['telemetry'], sockets: [packetSocket()] },
    'high',
  ),
  guest('memfd alone', { exe: '/memfd:telemetry', exeDeleted: true, comm: 'telemetry', cmdline: ['telemetry'] }, [
    ['linux/program-origin', 'medium'],
  ]),
  guest(
    'deleted from a tmpfs of its own',
    { exe: '/mnt/stage/flush', exeDeleted: true, cmdline: ['/usr/sbin/smartd -n -q never'] },
    'high',
    [...healthyHost(), mount('/mnt/stage', 'tmpfs')],
  ),
  guest('deleted from /run', { exe: '/run/user/flush', exeDeleted: true, ...BARE }, 'high'),
  guest('deleted from /usr', { exe: '/usr/bin/scsi-eh', exeDeleted: true, ...BARE }, 'high'),
  guest(
    'deleted from /usr, with an ear',
    {
      exe: '/usr/sbin/lmtpd',
      exeDeleted: true,
      sockets: [packetSocket(portFilter({ protocol: 'tcp', destination: 25 }))],
    },
    'high',
  ),
  guest(
    'deleted from /usr, and a decoy in its place',
    {
      exe: '/usr/sbin/lmtpd',
      exeDeleted: true,
      sockets: [packetSocket(portFilter({ protocol: 'tcp', destination: 25 }))],
    },
    'high',
    [...healthyHost(), replacedFile('/usr/sbin/lmtpd')],
  ),
];

/** A shell below a daemon of no package; the daemon itself is told where it lies in memory or in the folders of the distribution. */
function shell(name: string, daemon: string, traits: Partial<Traits>, level: Level): Case {
  const host = withProcess(healthyHost(), { pid: 4700, exe: daemon, environ: { PATH: '/usr/bin' } });
  const one = guest(`shell: ${name}`, { exe: '/usr/bin/bash', package: 'bash', ppid: 4700, ...traits }, level, host);
  if (/^\/(?:opt|usr\/local)\//.test(daemon)) return one;
  const subject = { pid: 4700, comm: daemon.slice(daemon.lastIndexOf('/') + 1), exe: daemon };
  return { ...one, expected: [...one.expected, ['linux/program-origin', 'low', subject]] };
}

const PLANTED = {
  environ: {
    HOME: '/tmp',
    PS1: '[\\u@\\h \\W]\\$ ',
    HISTFILE: '/dev/null',
    MYSQL_HISTFILE: '/dev/null',
    TERM: 'vt100',
  },
  environBytes: 180,
};
const NO_HISTORY = {
  environ: { HISTFILE: '/dev/null', HISTSIZE: '0', HISTFILESIZE: '0', VIMINIT: 'set viminfo=' },
  environBytes: 90,
};

const shells: readonly Case[] = [
  shell('as a mail daemon', '/usr/lib/relay-helper', { cmdline: ['qmgr -l -t fifo -u'], ...PLANTED }, 'critical'),
  shell(
    'words apart',
    '/usr/lib/relay-helper',
    { cmdline: ['qmgr', '-l', '-t', 'fifo', '-u'], ...PLANTED },
    'critical',
  ),
  shell(
    'as a path',
    '/usr/lib/relay-helper',
    { cmdline: ['/srv/gw/rblsmtpd --start -n 9'], ...NO_HISTORY },
    'critical',
  ),
  shell('as another shell', '/usr/lib/relay-helper', { cmdline: ['sh'], ...PLANTED }, 'high'),
  shell('as a login shell', '/usr/sbin/agentd', { cmdline: ['-bash'], ...NO_HISTORY }, 'high'),
  shell('with options', '/usr/sbin/agentd', { cmdline: ['bash', '--norc', '-i'], ...NO_HISTORY }, 'high'),
  shell('at a terminal of its own', '/usr/sbin/agentd', { cmdline: ['bash', '-i'], tty: 34_817, ...PLANTED }, 'high'),
  shell('without arguments', '/usr/sbin/agentd', { cmdline: [''], comm: 'sh', ...PLANTED }, 'critical'),
  shell('below a daemon in memory', '/dev/shm/agentd', { cmdline: ['bash'], ...NO_HISTORY }, 'high'),
  shell('below a daemon under /opt', '/opt/gw/agentd', { cmdline: ['bash'], ...PLANTED }, 'high'),
  shell('below a daemon in /usr/local', '/usr/local/sbin/agentd', { cmdline: ['/bin/bash'], ...PLANTED }, 'high'),
];

const reverse: readonly Case[] = [
  guest(
    'reverse shell below a web server',
    {
      exe: '/usr/bin/dash',
      package: 'dash',
      ppid: 411,
      uid: 33,
      cmdline: ['sh', '-i'],
      sockets: [connection(41_022, '203.0.113.9', 443)],
    },
    [['linux/unattended-shell', 'high']],
  ),
  guest(
    'reverse shell without parent, history off',
    {
      exe: '/usr/bin/bash',
      package: 'bash',
      cmdline: ['bash', '-i'],
      sockets: [connection(41_022, '203.0.113.9', 8443)],
      ...NO_HISTORY,
    },
    'high',
  ),
  guest(
    'reverse shell under a false name',
    {
      exe: '/usr/bin/bash',
      package: 'bash',
      cmdline: ['/usr/sbin/apache2 -k start'],
      sockets: [connection(41_022, '203.0.113.9', 53)],
    },
    'high',
  ),
];

const CONTAINER = { netns: 4_026_532_500, mntns: 4_026_532_501, pidns: 4_026_532_502 };
const IMAGE = { ...CONTAINER, sameRoot: false };

const containers: readonly Case[] = [
  guest(
    'container: namespaces of its own, the root of the host',
    {
      exe: '/usr/lib/shimd',
      cmdline: ['containerd'],
      sockets: [packetSocket(wordFilter(ETHERNET, { udp: 0x1a2b }))],
      ...CONTAINER,
    },
    'critical',
  ),
  guest(
    'container: an image of its own',
    {
      exe: '/usr/lib/shimd',
      cmdline: ['/usr/sbin/crond -n'],
      sockets: [packetSocket(wordFilter(ETHERNET, { udp: 0x1a2b }))],
      ...BARE,
      ...IMAGE,
    },
    'high',
  ),
  guest(
    'container: an image of its own, deleted from shared memory',
    {
      exe: '/dev/shm/x',
      exeDeleted: true,
      sockets: [packetSocket(portFilter({ protocol: 'udp', destination: 2152 }))],
      ...IMAGE,
    },
    'high',
  ),
];

const PYTHON = { exe: '/usr/bin/python3.13', package: 'python3.13-minimal' };
const PERL = { exe: '/usr/bin/perl', package: 'perl-base' };

const SCRIPT = '/usr/share/misc/collect';
const INJECTED = '/usr/lib/x86/libnss_ext.so.2';
const LURE = wordFilter(ETHERNET, { udp: 0x4b1d });

/** Packages answer for the interpreter, the loader or the daemon, and not for what those were made to run. */
const handed: readonly Case[] = [
  guest(
    'script of no package with an ear for a secret, under the own name of its interpreter',
    { ...PYTHON, cmdline: ['python3', SCRIPT], sockets: [packetSocket(LURE)] },
    'high',
    [...healthyHost(), fileDigest(SCRIPT)],
  ),
  guest(
    'code among the arguments with an ear for a secret',
    { ...PERL, cmdline: ['perl', '-e', 'sleep 9999'], sockets: [packetSocket(LURE)] },
    [['linux/ear-without-port', 'medium']],
  ),
  guest(
    'program of no package behind the loader',
    {
      exe: '/usr/lib/x86/ld-linux.so.2',
      package: 'libc6',
      cmdline: ['/usr/lib/x86/ld-linux.so.2', '/usr/lib/statd-cache'],
      maps: [{ path: '/usr/lib/statd-cache' }],
      sockets: [packetSocket(LURE)],
    },
    'high',
    [...healthyHost(), fileDigest('/usr/lib/statd-cache')],
  ),
  guest(
    'library put into a daemon by its environment',
    {
      exe: '/usr/sbin/vsftpd',
      package: 'vsftpd',
      maps: [{ path: INJECTED }],
      environ: { LD_PRELOAD: INJECTED },
      environBytes: 40,
    },
    [['linux/altered-code', 'medium']],
    [...healthyHost(), fileDigest(INJECTED)],
  ),
  guest('raw socket of a transport without a filter', { exe: '/usr/sbin/trapd', sockets: [rawSocket(6)] }, 'high'),
];

const interpreters: readonly Case[] = [
  guest(
    'interpreter as a daemon of the host',
    {
      ...PYTHON,
      cmdline: ['/usr/sbin/rsyslogd', '-n'],
      sockets: [packetSocket(wordFilter(ETHERNET, { icmp: 0x7a7b }))],
    },
    'high',
  ),
  guest(
    'interpreter under a title',
    { ...PERL, cmdline: ['hald-runner'], sockets: [packetSocket(portFilter({ protocol: 'tcp', destination: 22 }))] },
    'high',
  ),
  guest(
    'interpreter as another daemon in the unit of that daemon',
    {
      ...PERL,
      cmdline: ['cron -f'],
      unit: 'cron.service',
      sockets: [packetSocket(portFilter({ protocol: 'udp', destination: 161 }))],
    },
    'high',
  ),
  guest(
    'interpreter with an ear for everything',
    { ...PYTHON, cmdline: ['/usr/sbin/chronyd -F 1'], sockets: [packetSocket('none', { protocol: 3 })] },
    'high',
  ),
  guest(
    'interpreter under a title with an ear for everything',
    { ...PYTHON, cmdline: ['hald-runner'], sockets: [packetSocket('none', { protocol: 3 })] },
    'high',
  ),
];

const OTHER_DIGEST = digestOf('something else');
const code: readonly Case[] = [
  {
    name: 'code: a daemon that its package did not bring',
    host: changed(healthyHost(), 360, { exeMd5: OTHER_DIGEST }),
    expected: [['linux/altered-code', 'high', { pid: 360, comm: 'cron', exe: '/usr/sbin/cron' }]],
  },
  replacedLibrary(),
  guest(
    'code: a library deleted from shared memory',
    { exe: '/usr/sbin/vsftpd', package: 'vsftpd', maps: [{ path: '/dev/shm/.l.so', deleted: true }] },
    [['linux/altered-code', 'medium']],
  ),
  guest(
    'code: a library deleted from /run',
    { exe: '/usr/sbin/vsftpd', package: 'vsftpd', maps: [{ path: '/run/lock/.l.so', deleted: true }] },
    [['linux/altered-code', 'medium']],
  ),
  guest(
    'code: a library that never was a file',
    { exe: '/usr/sbin/vsftpd', package: 'vsftpd', maps: [{ path: '/memfd:', deleted: true }] },
    [['linux/altered-code', 'medium']],
  ),
  guest(
    'code: a deleted library in a program under a false name',
    {
      exe: '/usr/sbin/chrony-helper',
      cmdline: ['/usr/sbin/chronyd -F 1'],
      maps: [{ path: '/dev/shm/.l.so', deleted: true }],
    },
    'critical',
  ),
];

const hiding: readonly Case[] = [
  ...(
    [
      ['an empty folder bound over it', mount(`/proc/${GUEST}`, 'ext4', { root: '/tmp/empty', source: '/dev/vda1' })],
      ['a tmpfs over it', mount(`/proc/${GUEST}`, 'tmpfs')],
      ['a mount over its descriptors', mount(`/proc/${GUEST}/fd`, 'tmpfs')],
      ['the folder of another process over it', mount(`/proc/${GUEST}`, 'proc', { root: '/811' })],
    ] as const
  ).map(([name, row]): Case => ({
    name: `hidden: ${name}`,
    host: [...healthyHost(), row],
    expected: [['linux/hidden-process', 'high', { pid: GUEST, path: row.kind === 'mount' ? row.mount.point : '' }]],
  })),
  {
    name: 'hidden: in no listing',
    host: [...healthyHost(), { kind: 'hidden_process', hidden: { pid: GUEST, comm: 'flushd' } }],
    expected: [['linux/hidden-process', 'high', { pid: GUEST, comm: 'flushd' }]],
  },
  {
    name: 'hidden: a packet socket without owner',
    host: unowned(
      withProcess(healthyHost(), {
        pid: GUEST,
        exe: '/usr/sbin/gone',
        sockets: [packetSocket('unread', { inode: 9901 })],
      }),
    ),
    expected: [['linux/ownerless-socket', 'high', { socket: 'packet socket, EtherType 0x0800', inode: 9901 }]],
  },
  {
    name: 'hidden: a raw socket without owner',
    host: unowned(
      withProcess(healthyHost(), {
        pid: GUEST,
        exe: '/usr/sbin/gone',
        sockets: [{ inet: { protocol: 'raw', localPort: 1, inode: 9902 } }],
      }),
    ),
    expected: [['linux/ownerless-socket', 'high', { socket: 'raw socket, IP protocol 1', inode: 9902 }]],
  },
];

/** Told of the process that has it loaded, and of the file. */
function replacedLibrary(): Case {
  const path = '/usr/lib/libwrap.so.0';
  const loaded = guest(
    'code: a library that its package did not bring',
    { exe: '/usr/sbin/vsftpd', package: 'vsftpd', maps: [{ path: '/lib/libwrap.so.0' }] },
    [['linux/altered-code', 'high']],
    [...healthyHost(), packageFile(path, 'libwrap'), fileDigest(path, OTHER_DIGEST)],
  );
  return { ...loaded, expected: [...loaded.expected, ['linux/replaced-file', 'high', { path, package: 'libwrap' }]] };
}

function unowned(host: Host): Host {
  return host.filter((row) => row.kind !== 'process' || row.process.pid !== GUEST);
}

/** Implants of every kind that we hunt, all of them made up: no name, path, port or value has been published. */
export const hunted: readonly Case[] = [
  ...magic,
  ...ports,
  ...raw,
  ...names,
  ...origins,
  ...shells,
  ...reverse,
  ...containers,
  ...handed,
  ...interpreters,
  ...code,
  ...hiding,
  ...huntedPresence,
  ...huntedKernels,
  ...huntedNetworks,
  ...huntedLogs,
  ...huntedFiles,
  guest('an ear whose filter lets nothing through yet', lurking('muxd', accepting()), 'medium'),
];
