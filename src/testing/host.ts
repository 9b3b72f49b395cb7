import { idOf, sha256 } from '../lib/hash.ts';
import type { ObservationBody, ObservationKind } from '../model/observations/index.ts';
import { FIRST_PID_NAMESPACE, type Process } from '../model/observations/process.ts';
import type { InetSocket, PacketSocket, SocketFilter } from '../model/observations/socket.ts';
import { unseen } from '../model/unseen.ts';
import { echoReplyFilter, etherTypeFilter, portFilter } from './filter-shapes.ts';

/** The facts of a made-up host, before the engine stamps them. */
export type Host = readonly ObservationBody[];

type Instructions = SocketFilter['instructions'];

/** What filters a socket: instructions, an eBPF program, nothing, or something that could not be read. */
export type FilterTrait = Instructions | 'ebpf' | 'none' | 'unread';

/** A socket of a made-up process. */
export interface SocketTrait {
  readonly packet?: Partial<PacketSocket>;
  readonly inet?: Partial<InetSocket> & Pick<InetSocket, 'protocol'>;
  readonly filter?: FilterTrait;
}

/** What a made-up process is like; the rest is as with an ordinary daemon of root. */
export interface Traits extends Partial<Omit<Process, 'socketInodes'>> {
  readonly exe: string;
  /** The package that owns the program, with the digest of what runs. */
  readonly package?: string;
  readonly sockets?: readonly SocketTrait[];
  readonly maps?: readonly { readonly path: string; readonly deleted?: boolean; readonly writable?: boolean }[];
}

export const HOST_NETNS = 4_026_531_840;
const HOST_MNTNS = 4_026_531_841;
/** The shell of the look. */
export const LOOK_PID = 29_999;
const BOOT_AT = '2026-02-03T04:05:06.000Z';

export const digestOf = (path: string): string => sha256(path).slice(0, 32);
const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const numberOf = (text: string): number => parseInt(idOf(text).slice(0, 7), 16);

export function packetSocket(filter: FilterTrait = 'none', packet: Partial<PacketSocket> = {}): SocketTrait {
  return { packet: { protocol: 0x0800, ...packet }, filter };
}

export function rawSocket(protocol: number, filter: FilterTrait = 'none', version: 4 | 6 = 4): SocketTrait {
  return { inet: { protocol: 'raw', version, localPort: protocol, state: 7 }, filter };
}

export function listener(
  protocol: 'tcp' | 'udp' | 'sctp',
  localPort: number,
  more: Partial<InetSocket> = {},
): SocketTrait {
  return { inet: { protocol, localPort, state: protocol === 'udp' ? 7 : 10, ...more } };
}

export function connection(localPort: number, remoteAddress: string, remotePort: number): SocketTrait {
  return {
    inet: { protocol: 'tcp', localAddress: '192.0.2.10', localPort, remoteAddress, remotePort, state: 1 },
  };
}

/** A host with one more process; its number is the next one unless it is given. */
export function withProcess(host: Host, traits: Traits): Host {
  const { package: owner, sockets = [], maps = [], ...own } = traits;
  const pid = own.pid ?? 1 + Math.max(0, ...pidsOf(host));
  const name = lastPart(own.exe);
  const digest = digestOf(own.exe);
  const opened = sockets.map((socket, index) => socketRows(socket, pid, 100_000 + pid * 16 + index, own.netns));
  const process: Process = {
    pid,
    ppid: 1,
    uid: 0,
    gid: 0,
    comm: name.slice(0, 15),
    state: 'S',
    threads: 1,
    kernelThread: false,
    session: pid,
    tty: 0,
    startTicks: 3000 + pid,
    cpuTicks: 12,
    cmdline: [own.exe],
    exeDeleted: false,
    exeFile: `8:1:${numberOf(own.exe)}`,
    exeSha256: unseen('unsupported'),
    exeMd5: digest,
    cwd: '/',
    environ: { PATH: '/usr/sbin:/usr/bin', LANG: 'C.UTF-8' },
    environBytes: 40,
    netns: HOST_NETNS,
    mntns: HOST_MNTNS,
    pidns: FIRST_PID_NAMESPACE,
    sameRoot: true,
    unit: `${name}.service`,
    sigIgn: '0000000000001000',
    ...own,
    socketInodes: opened.map(({ inode }) => inode),
  };
  return [
    ...host,
    { kind: 'process', process },
    ...opened.flatMap(({ rows }) => rows),
    ...(owner === undefined ? [] : [packageFile(own.exe, owner)]),
    ...maps.map(({ path, deleted = false, writable = false }): ObservationBody => ({
      kind: 'mapped_file',
      mapped: { pid, path, deleted, writable },
    })),
  ];
}

function socketRows(
  { packet, inet, filter }: SocketTrait,
  pid: number,
  given: number,
  netns: Process['netns'] = HOST_NETNS,
): { inode: number; rows: ObservationBody[] } {
  const inode = packet?.inode ?? inet?.inode ?? given;
  const place = { inode, netns: typeof netns === 'number' ? netns : HOST_NETNS, uid: 0 };
  const rows: ObservationBody[] = [];
  if (packet) rows.push({ kind: 'packet_socket', socket: { type: 3, protocol: 3, ifindex: 0, ...place, ...packet } });
  if (inet) {
    const any = inet.version === 6 ? '::' : '0.0.0.0';
    rows.push({
      kind: 'inet_socket',
      socket: {
        version: 4,
        localAddress: any,
        localPort: 0,
        remoteAddress: any,
        remotePort: 0,
        state: 7,
        ...place,
        ...inet,
      },
    });
  }
  if (filter !== undefined && filter !== 'unread') {
    const type = typeof filter === 'string' ? filter : 'classic';
    const instructions = typeof filter === 'string' ? [] : filter;
    rows.push({ kind: 'socket_filter', filter: { inode, type, instructions, pid, by: 'getsockopt' } });
  }
  return { inode, rows };
}

export function packageFile(path: string, owner: string, digest = digestOf(path)): ObservationBody {
  return { kind: 'package_file', owned: { path, package: owner, algorithm: 'md5', digest } };
}

export function fileDigest(path: string, md5 = digestOf(path)): ObservationBody {
  return { kind: 'file_digest', file: { path, md5, sha256: unseen('unsupported') } };
}

export function replacedFile(path: string): ObservationBody {
  return { kind: 'replaced_file', replaced: { path } };
}

export function programLink(path: string, target: string): ObservationBody {
  return { kind: 'program_link', link: { path, target } };
}

export function loginShell(path: string): ObservationBody {
  return { kind: 'login_shell', shell: { path } };
}

export function mount(point: string, type: string, more: { root?: string; source?: string } = {}): ObservationBody {
  return { kind: 'mount', mount: { point, root: '/', type, source: type, options: 'rw,relatime', ...more } };
}

export function unit(name: string, execStart: string): ObservationBody {
  return { kind: 'unit', unit: { name, path: `/usr/lib/systemd/system/${name}`, key: 'ExecStart', value: execStart } };
}

/** An empty file that root made at some clock ticks after boot. */
export function emptyFile(path: string, atTicks: number): ObservationBody {
  const at = new Date(Date.parse(BOOT_AT) + atTicks * 10).toISOString();
  return {
    kind: 'file',
    file: {
      path,
      type: 'file',
      sizeBytes: 0,
      uid: 0,
      gid: 0,
      mode: 0o644,
      inode: numberOf(path),
      modifiedAt: at,
      changedAt: at,
      accessedAt: at,
      bornAt: unseen('unsupported'),
    },
  };
}

/** The host without its facts of some kinds. */
export function without(host: Host, ...kinds: readonly ObservationKind[]): Host {
  return host.filter(({ kind }) => !kinds.includes(kind));
}

/** The host with something else about one process. */
export function changed(host: Host, pid: number, change: Partial<Process>): Host {
  return host.map((row) =>
    row.kind === 'process' && row.process.pid === pid ? { ...row, process: { ...row.process, ...change } } : row,
  );
}

export function pidsOf(host: Host): number[] {
  return host.flatMap((row) => (row.kind === 'process' ? [row.process.pid] : []));
}

function kernelThread(pid: number, comm: string): ObservationBody {
  const [only] = withProcess([], { pid, exe: '/none', comm, ppid: pid === 2 ? 0 : 2 });
  if (only?.kind !== 'process') throw new TypeError('a process was expected');
  return {
    kind: 'process',
    process: {
      ...only.process,
      kernelThread: true,
      cmdline: [],
      exe: null,
      exeFile: unseen('absent'),
      exeMd5: unseen('absent'),
      environ: {},
      environBytes: 0,
      session: 0,
      unit: null,
    },
  };
}

const SHELLS = ['/bin/sh', '/bin/bash', '/usr/bin/bash', '/bin/dash', '/bin/rbash'];
const LINKS: readonly (readonly [string, string])[] = [
  ['/bin', 'usr/bin'],
  ['/sbin', 'usr/sbin'],
  ['/lib', 'usr/lib'],
  ['/usr/bin/sh', 'dash'],
  ['/usr/bin/rbash', 'bash'],
  ['/usr/bin/java', '/etc/alternatives/java'],
  ['/etc/alternatives/java', '/usr/lib/jvm/java-21/bin/java'],
  ['/usr/bin/python3', 'python3.13'],
  ['/usr/sbin/init', '../lib/systemd/systemd'],
];
const MOUNTS: readonly (readonly [string, string])[] = [
  ['/', 'ext4'],
  ['/proc', 'proc'],
  ['/sys', 'sysfs'],
  ['/dev', 'devtmpfs'],
  ['/dev/shm', 'tmpfs'],
  ['/run', 'tmpfs'],
  ['/tmp', 'tmpfs'],
  ['/u01', 'xfs'],
];
const LIBRARIES = ['/usr/lib/libc.so.6', '/usr/lib/libcrypto.so.3'];

const TITLED = { environ: {}, environBytes: 212 };
const ON_A_TERMINAL = { PATH: '/usr/bin', HOME: '/root', TERM: 'xterm-256color', SHELL: '/bin/bash' };

const BY_SSH = { ...ON_A_TERMINAL, SSH_CONNECTION: '198.51.100.7 50514 192.0.2.10 22' };

/** The daemons and sessions of an ordinary server of a distribution, with what looks odd about them at first sight. */
const PROCESSES: readonly Traits[] = [
  { pid: 1, ppid: 0, exe: '/usr/lib/systemd/systemd', package: 'systemd', cmdline: ['/sbin/init'], unit: 'init.scope' },
  {
    pid: 301,
    exe: '/usr/lib/systemd/systemd-networkd',
    package: 'systemd',
    uid: 998,
    sockets: [
      packetSocket(portFilter({ protocol: 'udp', destination: 68, link: 0 }), { type: 2 }),
      packetSocket(etherTypeFilter(0x88cc), { protocol: 0x88cc }),
    ],
  },
  { pid: 340, exe: '/usr/bin/dbus-daemon', package: 'dbus', uid: 101, cmdline: ['@dbus-daemon', '--system'] },
  { pid: 352, exe: '/usr/sbin/rsyslogd', package: 'rsyslog', cmdline: ['/usr/sbin/rsyslogd', '-n', '-iNONE'] },
  { pid: 360, exe: '/usr/sbin/cron', package: 'cron', cmdline: ['/usr/sbin/cron', '-f', '-P'] },
  {
    pid: 365,
    exe: '/usr/sbin/chronyd',
    package: 'chrony',
    uid: 102,
    cmdline: ['/usr/sbin/chronyd', '-F', '1'],
    sockets: [listener('udp', 323)],
  },
  { pid: 371, exe: '/usr/sbin/lldpd', package: 'lldpd', cmdline: ['lldpd: monitor.'], ...TITLED },
  {
    pid: 372,
    ppid: 371,
    exe: '/usr/sbin/lldpd',
    package: 'lldpd',
    uid: 103,
    cmdline: ['lldpd: connected to edge-switch.'],
    unit: 'lldpd.service',
    sockets: [packetSocket(etherTypeFilter(0x88cc), { ifindex: 2, protocol: 3 })],
    ...TITLED,
  },
  {
    pid: 380,
    exe: '/usr/sbin/NetworkManager',
    package: 'network-manager',
    cmdline: ['/usr/sbin/NetworkManager', '-n'],
  },
  {
    pid: 381,
    ppid: 380,
    exe: '/usr/sbin/dhclient',
    package: 'isc-dhcp-client',
    cmdline: ['/sbin/dhclient', '-d', 'eth1'],
    unit: 'NetworkManager.service',
    sockets: [packetSocket(portFilter({ protocol: 'udp', destination: 68 })), listener('udp', 68), rawSocket(255)],
  },
  {
    pid: 390,
    exe: '/usr/sbin/wpa_supplicant',
    package: 'wpasupplicant',
    cmdline: ['/sbin/wpa_supplicant', '-u', '-s'],
    sockets: [packetSocket('none', { type: 2, protocol: 0x888e, ifindex: 4 })],
  },
  {
    pid: 395,
    exe: '/usr/sbin/keepalived',
    package: 'keepalived',
    cmdline: ['/usr/sbin/keepalived', '--dont-fork'],
    sockets: [rawSocket(112), packetSocket('none', { protocol: 0x0806 })],
  },
  { pid: 400, exe: '/usr/lib/postfix/sbin/master', package: 'postfix', sockets: [listener('tcp', 25)] },
  {
    pid: 401,
    ppid: 400,
    exe: '/usr/lib/postfix/sbin/qmgr',
    package: 'postfix',
    cmdline: ['qmgr', '-l', '-t', 'unix', '-u'],
  },
  {
    pid: 402,
    ppid: 400,
    exe: '/usr/lib/postfix/sbin/pickup',
    package: 'postfix',
    cmdline: ['pickup', '-l', '-t', 'unix', '-u'],
  },
  {
    pid: 410,
    exe: '/usr/sbin/nginx',
    package: 'nginx',
    cmdline: ['nginx: master process /usr/sbin/nginx'],
    sockets: [listener('tcp', 443)],
    ...TITLED,
  },
  {
    pid: 411,
    ppid: 410,
    exe: '/usr/sbin/nginx',
    package: 'nginx',
    uid: 33,
    cmdline: ['nginx: worker process'],
    ...TITLED,
  },
  {
    pid: 420,
    exe: '/usr/sbin/agetty',
    package: 'util-linux',
    tty: 1025,
    cmdline: ['/sbin/agetty', '-o', '-p -- \\u', 'tty1', 'linux'],
  },
  {
    pid: 430,
    exe: '/usr/bin/python3.13',
    package: 'python3.13-minimal',
    comm: 'dispatcher',
    cmdline: ['/usr/bin/python3', '/usr/bin/networkd-dispatcher', '--run-startup-triggers'],
    unit: 'networkd-dispatcher.service',
  },
  {
    pid: 440,
    exe: '/usr/lib/jvm/java-21/bin/java',
    package: 'openjdk-21-jre',
    uid: 1001,
    cmdline: ['/usr/bin/java', '-Xmx4g', '-jar', '/opt/shop/server.jar'],
    unit: 'shop.service',
    sockets: [listener('tcp', 8080)],
  },
  {
    pid: 500,
    exe: '/usr/sbin/sshd',
    package: 'openssh-server',
    cmdline: ['sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups'],
    sockets: [listener('tcp', 22)],
    ...TITLED,
  },
  {
    pid: 510,
    ppid: 500,
    exe: '/usr/sbin/sshd',
    package: 'openssh-server',
    cmdline: ['sshd: root@pts/0'],
    unit: 'session-3.scope',
    sockets: [connection(22, '198.51.100.7', 50514)],
    environ: {},
    environBytes: 0,
  },
  {
    pid: 511,
    exe: '/usr/lib/systemd/systemd',
    package: 'systemd',
    cmdline: ['/usr/lib/systemd/systemd', '--user'],
    unit: 'user@0.service',
  },
  {
    pid: 512,
    ppid: 511,
    exe: '/usr/lib/systemd/systemd',
    package: 'systemd',
    comm: '(sd-pam)',
    cmdline: ['(sd-pam)'],
    unit: 'user@0.service',
  },
  {
    pid: 520,
    ppid: 510,
    exe: '/usr/bin/bash',
    package: 'bash',
    tty: 34816,
    cmdline: ['-bash'],
    unit: 'session-3.scope',
    environ: BY_SSH,
  },
  {
    pid: 530,
    ppid: 520,
    exe: '/usr/bin/tcpdump',
    package: 'tcpdump',
    tty: 34816,
    cmdline: ['tcpdump', '-ni', 'eth0', 'tcp port 443'],
    unit: 'session-3.scope',
    environ: ON_A_TERMINAL,
    sockets: [packetSocket(portFilter({ protocol: 'tcp', destination: 443 }), { protocol: 3 })],
  },
  {
    pid: 531,
    ppid: 520,
    exe: '/usr/bin/ping',
    package: 'iputils-ping',
    tty: 34816,
    cmdline: ['ping', '192.0.2.1'],
    unit: 'session-3.scope',
    environ: ON_A_TERMINAL,
    sockets: [rawSocket(1, echoReplyFilter(0x1a2b))],
  },
];

/** A host of a distribution with packages, on which nothing is wrong. */
export function healthyHost(): Host {
  const facts: Host = [
    {
      kind: 'host',
      about: {
        hostname: 'core-1.example',
        machineId: '0123456789abcdef0123456789abcdef',
        kernelRelease: '6.12.0',
        os: 'Example Linux 13',
        bootAt: BOOT_AT,
        euid: 0,
        lookPid: LOOK_PID,
        pidMax: 4_194_304,
      },
    },
    { kind: 'pid_sweep', sweep: { upTo: 65_536, pidMax: 4_194_304 } },
    ...SHELLS.map(loginShell),
    ...LINKS.map(([path, target]) => programLink(path, target)),
    ...MOUNTS.map(([point, type]) => mount(point, type)),
    ...LIBRARIES.flatMap((path) => [packageFile(path, 'base-libraries'), fileDigest(path)]),
    packageFile('/usr/bin/bash', 'bash'),
    packageFile('/usr/bin/dash', 'dash'),
    kernelThread(2, 'kthreadd'),
    kernelThread(15, 'kworker/0:1'),
    emptyFile('/run/crond.reboot', 3360),
    ...PROCESSES.filter(({ exe, unit: named }) => named === undefined && exe !== '').map(({ exe }) =>
      unit(`${lastPart(exe)}.service`, `${exe} --daemon`),
    ),
    unit('NetworkManager.service', '/usr/sbin/NetworkManager --no-daemon'),
    unit('networkd-dispatcher.service', '/usr/bin/networkd-dispatcher --run-startup-triggers'),
    unit('shop.service', '/usr/bin/java -Xmx4g -jar /opt/shop/server.jar'),
  ];
  return PROCESSES.reduce(
    (host, traits) =>
      withProcess(host, { ...traits, maps: [...LIBRARIES.map((path) => ({ path })), ...(traits.maps ?? [])] }),
    facts,
  );
}

/** The healthy host without ears: no rule that judges its processes has anything to tell. */
export function stillHost(): Host {
  return without(healthyHost(), 'packet_socket', 'socket_filter').filter(
    (row) => row.kind !== 'inet_socket' || row.socket.protocol !== 'raw',
  );
}
