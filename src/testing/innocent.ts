import type { Level } from '../model/level.ts';
import { guest, type Case } from './cases.ts';
import { ETHERNET, etherTypeFilter, NETWORK, portFilter, wordFilter } from './filter-shapes.ts';
import { innocentFiles } from './innocent-files.ts';
import {
  changed,
  connection,
  emptyFile,
  fileDigest,
  healthyHost,
  listener,
  loginShell,
  mount,
  packageFile,
  packetSocket,
  programLink,
  rawSocket,
  replacedFile,
  unit,
  without,
  withProcess,
  type Host,
  type Traits,
} from './host.ts';
import { innocentKernels } from './kernel-cases.ts';
import { innocentLogs } from './log-cases.ts';
import { innocentNetworks } from './network-cases.ts';

const BARE = { environ: {}, environBytes: 0 };
const TITLED = { environ: {}, environBytes: 212 };
const ORIGIN = [['linux/program-origin', 'low']] as const;
const EAR = [['linux/ear-without-port', 'low']] as const;
const NAME = [['linux/claimed-name', 'low']] as const;
const NOTHING = [] as const;

/** A daemon of a package, which its unit started. */
function daemon(name: string, exe: string, traits: Partial<Traits>): Case {
  const own = exe.slice(exe.lastIndexOf('/') + 1);
  const host = [...healthyHost(), unit(`${own}.service`, `${exe} -D`)];
  return guest(name, { exe, package: own, unit: `${own}.service`, ...traits }, NOTHING, host);
}

const ears: readonly Case[] = [
  daemon('DHCP client daemon', '/usr/sbin/dhcpcd', {
    cmdline: ['dhcpcd: [privileged proxy] eth0 [ip4]'],
    sockets: [packetSocket(portFilter({ protocol: 'udp', destination: 68 }), { protocol: 3 })],
    ...TITLED,
  }),
  daemon('access point daemon', '/usr/sbin/hostapd', {
    sockets: [
      packetSocket('none', { type: 2, protocol: 0x888e }),
      packetSocket(etherTypeFilter(0x890d), { protocol: 3 }),
    ],
  }),
  daemon('neighbour discovery with filters of its own', '/usr/sbin/ladvd', {
    sockets: [packetSocket(etherTypeFilter(0x88cc), { protocol: 3 })],
  }),
  daemon('router advertisements', '/usr/sbin/radvd', { sockets: [rawSocket(58, 'none', 6)] }),
  daemon('routing daemon', '/usr/lib/frr/ospfd', { cmdline: ['/usr/lib/frr/ospfd', '-d'], sockets: [rawSocket(89)] }),
  daemon('monitoring by ping', '/usr/bin/smokeping', { sockets: [rawSocket(1), rawSocket(58, 'none', 6)] }),
  daemon('intrusion detection', '/usr/bin/suricata', {
    cmdline: ['/usr/bin/suricata', '-D', '--af-packet'],
    sockets: [
      packetSocket('none', { protocol: 3 }),
      packetSocket(portFilter({ protocol: 'tcp', destination: 443 }), { protocol: 3 }),
    ],
  }),
  daemon('port knocking', '/usr/sbin/knockd', {
    sockets: [packetSocket(portFilter({ protocol: 'tcp', destination: 7000 }), { protocol: 3 })],
  }),
  daemon('capture of name service', '/usr/bin/dnscap', {
    sockets: [packetSocket(portFilter({ protocol: 'udp', destination: 53 }), { protocol: 3 })],
  }),
  daemon('precision time', '/usr/sbin/ptp4l', {
    sockets: [packetSocket(etherTypeFilter(0x88f7), { protocol: 0x88f7 })],
  }),
  guest(
    'capture by an administrator, with an expression on content',
    {
      exe: '/usr/bin/tshark',
      package: 'tshark',
      tty: 34_817,
      cmdline: ['tshark', '-f', 'icmp[8:2] = 0x4142'],
      sockets: [packetSocket(wordFilter(ETHERNET, { icmp: 0x4142 }), { protocol: 3 })],
    },
    EAR,
  ),
  guest(
    'capture probe of a vendor',
    {
      exe: '/opt/vendor/probe/bin/capture',
      cmdline: ['probe-worker: eth1 queue 0'],
      unit: 'vendor-probe.service',
      sockets: [
        packetSocket(portFilter({ protocol: 'sctp', destination: 2905 }), { protocol: 3 }),
        packetSocket(portFilter({ protocol: 'udp', destination: 2123 }), { protocol: 3 }),
      ],
      ...TITLED,
    },
    EAR,
  ),
  guest(
    'signalling stack in user space',
    {
      exe: '/opt/vendor/stack/bin/sctpd',
      sockets: [rawSocket(132, portFilter({ link: NETWORK, protocol: 'sctp', destination: 2905 }))],
    },
    EAR,
  ),
  guest(
    'daemon that somebody compiled',
    { exe: '/usr/local/sbin/arpwatch', sockets: [packetSocket('none', { protocol: 3 })] },
    EAR,
  ),
  guest(
    'a client that serves the port it filters for',
    {
      exe: '/usr/local/sbin/dhcp6',
      sockets: [packetSocket(portFilter({ protocol: 'udp', destination: 546 })), listener('udp', 546)],
    },
    NOTHING,
  ),
  guest(
    'a daemon split in two, one with the ear and one with the port',
    {
      exe: '/usr/local/sbin/relayd',
      ppid: 4700,
      sockets: [packetSocket(portFilter({ protocol: 'udp', destination: 67 }))],
    },
    NOTHING,
    withProcess(healthyHost(), { pid: 4700, exe: '/usr/local/sbin/relayd', sockets: [listener('udp', 67)] }),
  ),
];

const upgraded = '/usr/sbin/rsyslogd';
const origins: readonly Case[] = [
  {
    name: 'package upgraded without a restart',
    host: [...changed(healthyHost(), 352, { exeDeleted: true, exeMd5: 'f'.repeat(32) }), replacedFile(upgraded)],
    expected: [],
  },
  {
    name: 'library upgraded without a restart',
    host: [
      ...withProcess(healthyHost(), {
        exe: '/usr/sbin/vsftpd',
        package: 'vsftpd',
        maps: [
          { path: '/usr/lib/libz.so.1.3', deleted: true },
          { path: '/usr/lib/libc.so.6', deleted: true },
        ],
      }),
      replacedFile('/usr/lib/libc.so.6'),
    ],
    expected: [],
  },
  guest(
    'version of a package removed while it runs',
    { exe: '/usr/lib/postgresql/16/bin/postgres', exeDeleted: true, uid: 110, unit: 'postgresql@16.service' },
    ORIGIN,
  ),
  {
    name: 'path without /usr in the database of packages',
    host: [
      ...withProcess(healthyHost(), { exe: '/usr/bin/kmodd' }),
      packageFile('/bin/kmodd', 'kmod', 'none known'),
    ].map((row) =>
      row.kind === 'package_file' && row.owned.package === 'kmod'
        ? { ...row, owned: { ...row.owned, digest: { unseen: 'absent' } } }
        : row,
    ),
    expected: [],
  },
  guest('installer that tidied up behind itself', { exe: '/tmp/build.x7/run', exeDeleted: true, uid: 1000 }, ORIGIN),
  guest('test tool in shared memory', { exe: '/dev/shm/test-runner', uid: 1000, tty: 34_817 }, ORIGIN),
  guest(
    'tracing through shared memory',
    { exe: '/usr/bin/lttng-sessiond', package: 'lttng-tools', maps: [{ path: '/usr/lib/libc.so.6' }] },
    NOTHING,
  ),
  guest(
    'Java with a library unpacked to /tmp and deleted',
    {
      exe: '/opt/jdk/bin/java',
      cmdline: ['java', '-jar', 'app.jar'],
      uid: 1000,
      maps: [{ path: '/tmp/libnative12.so', deleted: true }],
    },
    [['linux/altered-code', 'low']],
  ),
  guest(
    'copy of a container runtime in memory',
    {
      exe: '/memfd:runc_cloned:/proc/self/exe',
      exeDeleted: true,
      ppid: 4700,
      comm: 'runc:[2:INIT]',
      cmdline: ['runc', 'init'],
    },
    ORIGIN,
    withProcess(healthyHost(), { pid: 4700, exe: '/usr/bin/containerd-shim', package: 'containerd' }),
  ),
  guest(
    'database with a mount of its own and titles',
    {
      exe: '/u01/app/product/19/bin/oracle',
      uid: 1002,
      cmdline: ['ora_pmon_PROD'],
      comm: 'ora_pmon_PROD',
      sockets: [listener('tcp', 1521)],
    },
    NOTHING,
  ),
];

const names: readonly Case[] = [
  guest(
    'a program of several names',
    {
      exe: '/usr/bin/udevadm',
      package: 'udev',
      cmdline: ['/usr/lib/systemd/systemd-udevd'],
      unit: 'systemd-udevd.service',
    },
    NOTHING,
    [...healthyHost(), unit('systemd-udevd.service', '!!/usr/lib/systemd/systemd-udevd')],
  ),
  guest(
    'its workers',
    { exe: '/usr/bin/udevadm', package: 'udev', ppid: 4700, cmdline: ['(udev-worker)'], unit: 'systemd-udevd.service' },
    NOTHING,
    withProcess([...healthyHost(), unit('systemd-udevd.service', '!!/usr/lib/systemd/systemd-udevd')], {
      pid: 4700,
      exe: '/usr/bin/udevadm',
      cmdline: ['/usr/lib/systemd/systemd-udevd'],
      unit: 'systemd-udevd.service',
    }),
  ),
  guest(
    'script of a unit that sets a title',
    {
      exe: '/usr/bin/perl',
      package: 'perl-base',
      cmdline: ['postgrey --inet=10023'],
      unit: 'postgrey.service',
      ...TITLED,
    },
    NOTHING,
    [...healthyHost(), unit('postgrey.service', '/usr/sbin/postgrey --inet=10023')],
  ),
  guest(
    'interpreter with a title of its own',
    {
      exe: '/usr/bin/python3.13',
      package: 'python3.13-minimal',
      cmdline: ['gunicorn: master [shop]'],
      unit: 'shop-web.service',
      ...TITLED,
    },
    NAME,
  ),
  guest(
    'driver of a vendor among the libraries, in a program of a package',
    { exe: '/usr/bin/render', package: 'render', maps: [{ path: '/usr/lib/x86/libaccel.so.1' }] },
    [['linux/altered-code', 'low']],
    [...healthyHost(), fileDigest('/usr/lib/x86/libaccel.so.1')],
  ),
  guest(
    'script of an administrator with an ear for everything',
    {
      exe: '/usr/bin/python3.13',
      package: 'python3.13-minimal',
      cmdline: ['python3', '/usr/local/bin/arp-report'],
      sockets: [packetSocket('none', { protocol: 3 })],
    },
    EAR,
    [...healthyHost(), fileDigest('/usr/local/bin/arp-report')],
  ),
  guest(
    'script by its interpreter',
    {
      exe: '/usr/bin/perl',
      package: 'perl-base',
      comm: 'collect',
      cmdline: ['/usr/bin/perl', '-w', '/usr/local/bin/collect'],
    },
    NOTHING,
  ),
  guest(
    'Java by another path to it',
    {
      exe: '/usr/lib/jvm/java-21/bin/java',
      package: 'openjdk-21-jre',
      uid: 1001,
      cmdline: ['/usr/lib/jvm/default/bin/java', '-jar', 'a.jar'],
    },
    NOTHING,
  ),
  guest(
    'arguments erased by a daemon of a package',
    { exe: '/usr/sbin/vsftpd', package: 'vsftpd', cmdline: [''] },
    NOTHING,
  ),
  guest(
    'hardened daemon of a package without environment',
    { exe: '/usr/sbin/vsftpd', package: 'vsftpd', ...BARE },
    NOTHING,
  ),
  guest(
    'child of sshd without environment',
    {
      exe: '/usr/lib/openssh/sshd-session',
      package: 'openssh-server',
      ppid: 500,
      cmdline: ['sshd: admin [priv]'],
      unit: 'session-4.scope',
      sockets: [connection(22, '198.51.100.8', 40_022)],
      ...BARE,
    },
    NOTHING,
  ),
  guest(
    'daemon from sources that sets a title',
    { exe: '/usr/local/sbin/nginx', cmdline: ['nginx: master process /usr/local/sbin/nginx'], ...TITLED },
    NOTHING,
  ),
  guest(
    'agent of a vendor under /opt that sets a title',
    { exe: '/opt/vendor/agent/bin/agentd', cmdline: ['watchdog: idle'], ...TITLED },
    NOTHING,
  ),
];

const CI = { HISTFILE: '/dev/null', CI: 'true', HOME: '/home/build', PATH: '/usr/bin' };
const HARDENED = {
  environ: { HISTFILE: '/dev/null', HISTSIZE: '0', HOME: '/root', PATH: '/usr/bin' },
  environBytes: 80,
};
const runner: Host = withProcess(healthyHost(), { pid: 4700, exe: '/opt/runner/bin/worker', uid: 1000 });
const bash = { exe: '/usr/bin/bash', package: 'bash' } as const;
const QUIET = [['linux/emptied-environment', 'low']] as const;

const shells: readonly Case[] = [
  guest(
    'build shell with its script on standard input',
    { ...bash, ppid: 4700, uid: 1000, cmdline: ['bash', '--login'], environ: CI },
    [['linux/independent-signs', 'low']],
    runner,
  ),
  guest(
    'build shell with a script',
    { ...bash, ppid: 4700, uid: 1000, cmdline: ['bash', '-e', '/home/build/step.sh'], environ: CI },
    QUIET,
    runner,
  ),
  guest(
    'build shell at a terminal',
    { ...bash, ppid: 4700, uid: 1000, tty: 34_817, cmdline: ['bash'], environ: CI },
    NOTHING,
    runner,
  ),
  guest(
    'a careful administrator',
    {
      ...bash,
      ppid: 510,
      tty: 34_817,
      cmdline: ['-bash'],
      environ: {
        SSH_CONNECTION: '198.51.100.7 50514 192.0.2.10 22',
        HISTFILE: '/dev/null',
        HOME: '/root',
        TERM: 'xterm',
      },
    },
    NOTHING,
  ),
  guest(
    'a hardened host, shell of a job',
    { ...bash, ppid: 360, cmdline: ['/bin/sh', '-c', '/usr/local/bin/backup'], ...HARDENED },
    QUIET,
  ),
  guest('a hardened host, the job itself', { exe: '/usr/local/bin/backup', ppid: 360, ...HARDENED }, QUIET),
  guest('one command of a user', { ...bash, uid: 1000, cmdline: ['bash', '-c', 'make -j4'] }, NOTHING),
  guest(
    'one command of software without a package',
    { ...bash, ppid: 4700, cmdline: ['sh', '-c', 'df -h'] },
    NOTHING,
    runner,
  ),
  guest(
    'a terminal below software without a package',
    { ...bash, ppid: 4700, tty: 34_818, cmdline: ['bash'] },
    NOTHING,
    withProcess(healthyHost(), { pid: 4700, exe: '/usr/local/bin/tmux' }),
  ),
  guest(
    'script that inetd gave a connection',
    {
      ...bash,
      ppid: 1,
      cmdline: ['/bin/sh', '/usr/local/bin/finger'],
      sockets: [connection(79, '198.51.100.9', 40_079)],
    },
    [['linux/unattended-shell', 'low']],
  ),
];

const IMAGE = {
  netns: 4_026_532_600,
  mntns: 4_026_532_601,
  pidns: 4_026_532_602,
  sameRoot: false,
  unit: 'docker-1.scope',
} as const;
const containers: readonly Case[] = [
  guest(
    'container: shell of many names',
    { exe: '/bin/busybox', cmdline: ['/bin/sh', '-c', 'sleep inf'], ...IMAGE },
    NAME,
  ),
  guest(
    'container: ping of many names',
    { exe: '/bin/busybox', cmdline: ['ping', '192.0.2.1'], sockets: [rawSocket(1)], ...IMAGE },
    [['linux/independent-signs', 'low']],
  ),
  guest(
    'container: server with a title',
    { exe: '/usr/sbin/httpd', cmdline: ['httpd: master'], ...TITLED, ...IMAGE },
    NOTHING,
  ),
  guest(
    'container: network agent with an eBPF filter',
    { exe: '/usr/bin/cilium-agent', sockets: [packetSocket('ebpf')], ...IMAGE },
    EAR,
  ),
  guest('container: program of an image that was removed', { exe: '/app/server', exeDeleted: true, ...IMAGE }, NOTHING),
  guest(
    'container: name announcer',
    {
      exe: '/speaker',
      cmdline: ['/speaker', '--port=7472'],
      sockets: [packetSocket('none', { protocol: 0x0806 }), rawSocket(58, 'none', 6)],
      ...IMAGE,
    },
    EAR,
  ),
];

const markers: readonly Case[] = [
  {
    name: 'empty lock of an init script',
    host: [...healthyHost(), emptyFile('/run/lock/xtables.lock', 900)],
    expected: [['linux/orphan-marker', 'low', { path: '/run/lock/xtables.lock' }]],
  },
  {
    name: 'empty pid file of a daemon that runs',
    host: [...healthyHost(), emptyFile('/run/rsyslogd.pid', 900)],
    expected: [],
  },
  {
    name: 'file system of a container runtime',
    host: [...healthyHost(), mount('/var/lib/docker/overlay2/a/merged', 'overlay')],
    expected: [],
  },
  {
    name: 'masked files of /proc',
    host: [...healthyHost(), mount('/proc/kcore', 'tmpfs'), mount('/proc/sys', 'proc', { root: '/sys' })],
    expected: [],
  },
];

const waiting: readonly Case[] = (
  [
    ['a listed packet socket', 530, 'packet_recvmsg'],
    ['a listed raw socket', 531, 'raw_recvmsg'],
    ['a process that ended', 29_000, 'packet_recvmsg'],
  ] as const
).map(([name, pid, wait]) => ({
  name: `waits on the socket of ${name}`,
  host: [...healthyHost(), { kind: 'kernel_wait', wait: { pid, function: wait } }],
  expected: [],
}));

const APPLETS_OF_ROOT = ['init', 'udhcpc', 'crond', 'syslogd', 'klogd', 'getty'];
const APPLETS = ['sh', 'ash', 'ls', 'cat', 'ps', 'ping', 'vi', 'wget'];

/** A small host whose programs are names of one file, in folders of their own. */
function busyboxHost(): Host {
  const facts = without(
    healthyHost(),
    'process',
    'program_link',
    'login_shell',
    'packet_socket',
    'inet_socket',
    'socket_filter',
    'mapped_file',
    'unit',
  );
  return [
    ...facts,
    loginShell('/bin/sh'),
    loginShell('/bin/ash'),
    ...APPLETS.map((name) => programLink(`/bin/${name}`, '/bin/busybox')),
    ...APPLETS_OF_ROOT.map((name) => programLink(`/sbin/${name}`, '/bin/busybox')),
    packageFile('/bin/busybox', 'busybox'),
  ];
}

const busybox = { exe: '/bin/busybox', unit: null } as const;
const applets: readonly Case[] = (
  [
    ['init', { pid: 1, cmdline: ['/sbin/init'], ppid: 0 }, []],
    ['shell', { cmdline: ['-ash'], tty: 1025 }, []],
    ['shell with a script', { cmdline: ['/bin/sh', '/etc/rc'] }, []],
    [
      'DHCP client',
      {
        cmdline: ['udhcpc', '-i', 'eth0'],
        sockets: [packetSocket(portFilter({ link: NETWORK, protocol: 'udp', destination: 68 }), { type: 2 })],
      },
      EAR,
    ],
    [
      'log daemon over TCP',
      { cmdline: ['/sbin/syslogd', '-R', '192.0.2.5'], sockets: [connection(40_514, '192.0.2.5', 514)] },
      [],
    ],
    ['job daemon without environment', { cmdline: ['crond', '-b'], ...BARE }, []],
    ['log daemon without arguments', { cmdline: ['klogd'], sockets: [connection(40_515, '192.0.2.5', 514)] }, []],
  ] satisfies readonly (readonly [string, Partial<Traits>, readonly (readonly [string, Level])[]])[]
).map(([name, traits, expected]) => guest(`busybox: ${name}`, { ...busybox, ...traits }, expected, busyboxHost()));

/** What looks like an implant and is none; each may be told at `low`, never louder. */
export const innocent: readonly Case[] = [
  ...ears,
  ...origins,
  ...names,
  ...shells,
  ...containers,
  ...markers,
  ...waiting,
  ...applets,
  ...innocentKernels,
  ...innocentNetworks,
  ...innocentLogs,
  ...innocentFiles,
];
