import type { ObservationBody } from '../model/observations/index.ts';
import { FIRST_PID_NAMESPACE, type Process } from '../model/observations/process.ts';
import type { SocketFilter } from '../model/observations/socket.ts';
import { isUnseen, type Maybe, type Unseen } from '../model/unseen.ts';
import type { Host } from './host.ts';
import { randomFrom } from './random.ts';

/** Folders whose names say what kind of place they are (hier(7)), and names that the kernel gives in /proc and /dev. */
const CLASSES = new Set(
  'bin boot dev etc home lib lib64 libexec local media memfd mnt opt proc root run sbin shm src srv sys tmp usr var fd net task log null kernel core_pattern modprobe modules'.split(
    ' ',
  ),
);
/** Words of the grammars in which settings are written. */
const GRAMMAR = new Set(
  'sh bash exec nohup setsid nice test if then fi c x i export LD PRELOAD AUDIT RUN ACTION command pam permit so libnss security log null stdin generators ttyS0 Dir Log DPkg Post Invoke post up udev python python3 perl'.split(
    ' ',
  ),
);
const SUFFIXES = new Set(['service', 'scope', 'pid', 'lock', 'gz']);
const COMM_LENGTH = 15;
const WORD_LENGTH = 6;

/** What becomes of each kind of name. */
interface Names {
  readonly word: (word: string) => string;
  readonly pid: (pid: number) => number;
  readonly uid: (uid: number) => number;
  readonly port: (port: number) => number;
  readonly word16: (value: number) => number;
  readonly word32: (value: number) => number;
  readonly ifindex: (ifindex: number) => number;
  readonly inode: (inode: number) => number;
  /** What the clock and the ticks after boot are ahead. */
  readonly laterMs: number;
  readonly laterTicks: number;
}

/**
 * The same host under other names: programs, folders of free choice, short names, packages, units, ports both of sockets and
 * in filters, values of filters, interfaces, users, processes and inodes are replaced by a random bijection. Kinds of
 * folders, of file systems and of mounts stay, and what was the same name stays the same.
 */
export function renamed(host: Host, seed: number): Host {
  const draw = drawFrom(seed);
  const words = new Map<string, string>();
  return apply(host, {
    ...numbersFrom(draw),
    word: (word) => {
      const known = words.get(word) ?? newWord(draw, new Set([...words.values(), ...CLASSES, ...GRAMMAR, ...SUFFIXES]));
      words.set(word, known);
      return known;
    },
    uid: bijection(() => 1 + draw(60_000), [0]),
    port: bijection(() => 1 + draw(65_535), [0]),
    word16: bijection(() => 1 + draw(0xffff), []),
    word32: bijection(() => 0x10000 + draw(0x7fff0000), []),
    ifindex: bijection(() => 1 + draw(200), [0]),
    laterMs: 0,
    laterTicks: 0,
  });
}

/** The same host after another start: only numbers of processes, times and inodes differ. */
export function startedAgain(host: Host, seed: number): Host {
  const draw = drawFrom(seed);
  const same = <T>(value: T): T => value;
  return apply(host, {
    ...numbersFrom(draw),
    word: same,
    uid: same,
    port: same,
    word16: same,
    word32: same,
    ifindex: same,
    laterMs: 1000 * draw(10_000_000),
    laterTicks: draw(100_000),
  });
}

type Draw = (limit: number) => number;

function drawFrom(seed: number): Draw {
  const random = randomFrom(seed);
  return (limit) => random.below(limit);
}

function numbersFrom(draw: Draw): Pick<Names, 'pid' | 'inode'> {
  return { pid: bijection(() => 3 + draw(4_000_000), [0, 1, 2]), inode: bijection(() => 1 + draw(2 ** 31), [0]) };
}

/** Each value becomes another one, and no two the same; what is fixed stays. */
function bijection(fresh: () => number, fixed: readonly number[]): (value: number) => number {
  const known = new Map(fixed.map((value) => [value, value]));
  const taken = new Set(fixed);
  return (value) => {
    let now = known.get(value);
    while (now === undefined) {
      const next = fresh();
      if (!taken.has(next)) now = next;
    }
    known.set(value, now);
    taken.add(now);
    return now;
  };
}

function newWord(draw: Draw, taken: ReadonlySet<string>): string {
  for (;;) {
    const word = Array.from({ length: WORD_LENGTH }, () => String.fromCharCode(97 + draw(26))).join('');
    if (!taken.has(word)) return word;
  }
}

function apply(host: Host, names: Names): Host {
  const links = new Map(
    host.flatMap((row) =>
      row.kind === 'packet_socket' ? [[row.socket.inode, row.socket.type === 3 ? 14 : 0] as const] : [],
    ),
  );
  return host.map((row) => change(row, names, links));
}

function change(row: ObservationBody, names: Names, links: ReadonlyMap<number, number>): ObservationBody {
  const { pid, inode, uid } = names;
  const path = (text: string) => words(text, names);
  switch (row.kind) {
    case 'host':
      return {
        kind: 'host',
        about: { ...row.about, bootAt: later(row.about.bootAt, names.laterMs), lookPid: maybe(row.about.lookPid, pid) },
      };
    case 'process':
      return { kind: 'process', process: changeProcess(row.process, names) };
    case 'packet_socket': {
      const { socket } = row;
      return {
        kind: 'packet_socket',
        socket: {
          ...socket,
          ifindex: maybe(socket.ifindex, names.ifindex),
          uid: maybe(socket.uid, uid),
          inode: inode(socket.inode),
          netns: inode(socket.netns),
        },
      };
    }
    case 'unix_socket': {
      const { socket } = row;
      const renamed = socket.path === null ? null : path(socket.path);
      return {
        kind: 'unix_socket',
        socket: { ...socket, path: renamed, inode: inode(socket.inode), netns: inode(socket.netns) },
      };
    }
    case 'inet_socket': {
      const { socket } = row;
      const port = socket.protocol === 'raw' || socket.protocol === 'icmp' ? (value: number) => value : names.port;
      return {
        kind: 'inet_socket',
        socket: {
          ...socket,
          localPort: port(socket.localPort),
          remotePort: port(socket.remotePort),
          uid: maybe(socket.uid, uid),
          inode: inode(socket.inode),
          netns: inode(socket.netns),
        },
      };
    }
    case 'socket_filter': {
      const { filter } = row;
      return {
        kind: 'socket_filter',
        filter: {
          ...filter,
          inode: inode(filter.inode),
          instructions: changeFilter(filter.instructions, links.get(filter.inode) ?? 0, names),
          ...(filter.pid === undefined ? {} : { pid: pid(filter.pid) }),
        },
      };
    }
    case 'mapped_file':
      return { kind: 'mapped_file', mapped: { ...row.mapped, pid: pid(row.mapped.pid), path: path(row.mapped.path) } };
    case 'file_digest':
      return { kind: 'file_digest', file: { ...row.file, path: path(row.file.path) } };
    case 'package_file':
      return {
        kind: 'package_file',
        owned: { ...row.owned, path: path(row.owned.path), package: path(row.owned.package) },
      };
    case 'replaced_file':
      return { kind: 'replaced_file', replaced: { path: path(row.replaced.path) } };
    case 'login_shell':
      return { kind: 'login_shell', shell: { path: path(row.shell.path) } };
    case 'program_link':
      return { kind: 'program_link', link: { path: path(row.link.path), target: path(row.link.target) } };
    case 'file': {
      const ahead = names.laterMs + 10 * names.laterTicks;
      const { file } = row;
      return {
        kind: 'file',
        file: {
          ...file,
          path: path(file.path),
          ...(file.target === undefined ? {} : { target: path(file.target) }),
          uid: uid(file.uid),
          inode: maybe(file.inode, inode),
          modifiedAt: later(file.modifiedAt, ahead),
          changedAt: later(file.changedAt, ahead),
          accessedAt: later(file.accessedAt, ahead),
          bornAt: later(file.bornAt, ahead),
        },
      };
    }
    case 'file_capability':
      return { kind: 'file_capability', capability: { ...row.capability, path: path(row.capability.path) } };
    case 'mount': {
      const { mount } = row;
      const point = words(mount.point, names).replace(
        /^\/proc\/(\d+)/,
        (_, digits: string) => `/proc/${pid(Number(digits))}`,
      );
      const root = words(mount.root, names).replace(/^\/(\d+)/, (_, digits: string) => `/${pid(Number(digits))}`);
      return { kind: 'mount', mount: { ...mount, point, root } };
    }
    case 'unit':
      return {
        kind: 'unit',
        unit: { ...row.unit, name: path(row.unit.name), path: path(row.unit.path), value: path(row.unit.value) },
      };
    case 'kernel_wait':
      return { kind: 'kernel_wait', wait: { ...row.wait, pid: pid(row.wait.pid) } };
    case 'hidden_process':
      return { kind: 'hidden_process', hidden: { pid: pid(row.hidden.pid), comm: words(row.hidden.comm, names) } };
    case 'last_login': {
      const { login } = row;
      return {
        kind: 'last_login',
        login: { ...login, uid: maybe(login.uid, uid), at: later(login.at, names.laterMs) },
      };
    }
    case 'login_log': {
      const { log } = row;
      const at = (time: string) => later(time, names.laterMs);
      return {
        kind: 'login_log',
        log: {
          ...log,
          path: path(log.path),
          ...(log.zeroedBetween === undefined
            ? {}
            : { zeroedBetween: [at(log.zeroedBetween[0]), at(log.zeroedBetween[1])] }),
          ...(log.firstAt === undefined ? {} : { firstAt: at(log.firstAt) }),
          ...(log.lastAt === undefined ? {} : { lastAt: at(log.lastAt) }),
        },
      };
    }
    case 'firewall_rule': {
      const { rule } = row;
      return {
        kind: 'firewall_rule',
        rule: {
          ...rule,
          netns: maybe(rule.netns, inode),
          ports: rule.ports.map(([from, to]) => [names.port(from), names.port(to)]),
          ...(rule.toPort === undefined ? {} : { toPort: names.port(rule.toPort) }),
        },
      };
    }
    case 'conntrack_flow': {
      const { flow } = row;
      const end = (one: typeof flow.original): typeof flow.original => ({
        ...one,
        ...(one.srcPort === undefined ? {} : { srcPort: names.port(one.srcPort) }),
        ...(one.dstPort === undefined ? {} : { dstPort: names.port(one.dstPort) }),
      });
      return {
        kind: 'conntrack_flow',
        flow: { ...flow, netns: maybe(flow.netns, inode), original: end(flow.original), reply: end(flow.reply) },
      };
    }
    case 'bpf_program': {
      const { program } = row;
      return program.pid === undefined ? row : { kind: 'bpf_program', program: { ...program, pid: pid(program.pid) } };
    }
    case 'pam_entry': {
      const given = row.pam.arguments.map((word) => (word.includes('/') ? path(word) : word));
      return {
        kind: 'pam_entry',
        pam: { ...row.pam, path: path(row.pam.path), module: path(row.pam.module), arguments: given },
      };
    }
    case 'name_service':
      return { kind: 'name_service', nss: { ...row.nss, services: row.nss.services.map(path) } };
    case 'startup': {
      const { startup } = row;
      return {
        kind: 'startup',
        startup: {
          ...startup,
          path: path(startup.path),
          text: path(startup.text),
          names: startup.names.map(path),
          ...(startup.inRootOf === undefined ? {} : { inRootOf: pid(startup.inRootOf) }),
        },
      };
    }
    case 'pid_sweep':
      return row;
    default:
      return pathsIn(row, path) as ObservationBody;
  }
}

/** Every text in which a path stands, renamed. */
function pathsIn(value: unknown, path: (text: string) => string): unknown {
  if (typeof value === 'string') return value.includes('/') ? path(value) : value;
  if (Array.isArray(value)) return value.map((one) => pathsIn(one, path));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, pathsIn(one, path)]));
}

function changeProcess(process: Process, names: Names): Process {
  const { pid, inode } = names;
  const text = (value: string) => words(value, names);
  const { exe, exeFile, uid } = process;
  const own = typeof exe === 'string' ? lastPart(exe) : '';
  return {
    ...process,
    pid: pid(process.pid),
    ppid: maybe(process.ppid, pid),
    session: maybe(process.session, pid),
    uid: maybe(uid, names.uid),
    comm: (process.comm === own.slice(0, COMM_LENGTH) ? lastPart(text(own)) : text(process.comm)).slice(0, COMM_LENGTH),
    startTicks: maybe(process.startTicks, (ticks) => ticks + names.laterTicks),
    // Values that are paths of libraries; others are told by their names and meanings.
    environ: maybe(process.environ, (all) =>
      Object.fromEntries(
        Object.entries(all).map(([name, value]) => [name, name.startsWith('LD_') ? text(value) : value]),
      ),
    ),
    cmdline: maybe(process.cmdline, (all) =>
      all.map((one) => (one.startsWith('-') && one !== all[0] ? one : text(one))),
    ),
    exe: maybe(exe, (value) => (value === null ? null : text(value))),
    exeFile: maybe(exeFile, (value) => value.replace(/\d+$/, (digits) => String(inode(Number(digits))))),
    socketInodes: maybe(process.socketInodes, (all) => all.map(inode)),
    netns: maybe(process.netns, inode),
    mntns: maybe(process.mntns, inode),
    pidns: maybe(process.pidns, (value) => (value === FIRST_PID_NAMESPACE ? value : inode(value))),
    unit: maybe(process.unit, (value) => (value === null ? null : text(value))),
  };
}

function maybe<T>(value: T, change: (value: Exclude<T, Unseen>) => Exclude<T, Unseen>): T {
  return isUnseen(value) ? value : change(value as Exclude<T, Unseen>);
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Every word of a text is a name, but for options, numbers, kinds of folders and kinds of files. */
function words(text: string, names: Names): string {
  return text.replace(/(?<![\w-])--?[\w-]+|[A-Za-z0-9]+/g, (word, offset: number) =>
    (word.startsWith('-') && offset > 0) ||
    /^-*\d+$/.test(word) ||
    CLASSES.has(word) ||
    SUFFIXES.has(word) ||
    GRAMMAR.has(word)
      ? word
      : word.startsWith('-')
        ? `-${words(word.slice(1), names)}`
        : names.word(word),
  );
}

function later<T extends Maybe<string>>(at: T, ms: number): T {
  return (typeof at === 'string' ? new Date(Date.parse(at) + ms).toISOString() : at) as T;
}

const LOADS_HALF_AT_HEADER = 0x48;
const LOADS_WORD_AT_HEADER = 0x40;
const LOADS_HALF = 0x28;
const LOADS_IPV4_HEADER_LENGTH = 0xb1;
const EQUAL = 0x15;
const IPV6_PORTS = [40, 42];
const PORTS = [0, 2];

/** The constants of a filter that are ports or free values; types, protocols and offsets stay. */
function changeFilter(
  instructions: SocketFilter['instructions'],
  link: number,
  { port, word16, word32 }: Names,
): SocketFilter['instructions'] {
  return instructions.map(([code, jt, jf, k], at) => {
    const [load, , , from = 0] = instructions[at - 1] ?? [];
    const before = instructions[at - 2]?.[0];
    const value = code !== EQUAL ? undefined : valueAt();
    return [code, jt, jf, value ?? k];

    function valueAt(): number | undefined {
      if (load === LOADS_WORD_AT_HEADER) return word32(k);
      if (load === LOADS_HALF && IPV6_PORTS.includes(from - link)) return port(k);
      if (load !== LOADS_HALF_AT_HEADER) return undefined;
      return before === LOADS_IPV4_HEADER_LENGTH && PORTS.includes(from - link) ? port(k) : word16(k);
    }
  });
}
