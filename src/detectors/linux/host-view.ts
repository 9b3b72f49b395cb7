import type { Facts } from '../../model/detector.ts';
import type { Observation } from '../../model/observation.ts';
import { isUnseen, seen } from '../../model/unseen.ts';
import { fileViewOf, type FileView } from './file-view.ts';
import { lastPart } from './paths.ts';
import { standingOf, type Standing } from './standing.ts';

/** The kinds that the judgements of processes join. */
export const HOST_KINDS = [
  'process',
  'packet_socket',
  'inet_socket',
  'socket_filter',
  'package_file',
  'mount',
  'program_link',
] as const;
/** Kinds that sharpen them. */
export const HOST_USES = [
  'unowned_file',
  'replaced_file',
  'login_shell',
  'file',
  'mapped_file',
  'file_digest',
  'bpf_program',
  'host',
  'machine',
  'unit',
] as const;
export type HostKind = (typeof HOST_KINDS)[number] | (typeof HOST_USES)[number];

type ProcessRow = Observation<'process'>;

/** The facts of one host, indexed for questions about its processes. */
export interface HostView extends FileView {
  /** Processes of user space that still run, the look's own apart. */
  readonly processes: readonly ProcessRow[];
  readonly byPid: ReadonlyMap<number, ProcessRow>;
  /** The process that started one, where both were seen and the parent still runs. */
  parentOf(process: ProcessRow): ProcessRow | undefined;
  readonly packetSockets: ReadonlyMap<number, Observation<'packet_socket'>>;
  readonly inetSockets: ReadonlyMap<number, Observation<'inet_socket'>>;
  readonly filters: ReadonlyMap<number, Observation<'socket_filter'>>;
  /** Who serves a port: `netns/protocol/port` to the sockets. */
  readonly listeners: ReadonlyMap<string, readonly Observation<'inet_socket'>[]>;
  readonly holders: ReadonlyMap<number, readonly ProcessRow[]>;
  readonly mapped: ReadonlyMap<number, readonly Observation<'mapped_file'>[]>;
  /** How many programs mapped each file as code. */
  readonly mappers: ReadonlyMap<string, number>;
  readonly bpfPrograms: readonly Observation<'bpf_program'>[];
  /** Empty files where daemons mark that they run. */
  readonly emptyFiles: readonly Observation<'file'>[];
  readonly pidFiles: ReadonlySet<string>;
  /** The program that each unit starts. */
  readonly unitPrograms: ReadonlyMap<string, readonly string[]>;
  /** Names of the programs that packages brought, units start or links lead to. */
  readonly programNames: ReadonlySet<string>;
  /** What it runs on, where that was asked. */
  readonly machine: Observation<'machine'> | undefined;
  readonly bootAt: string | undefined;
  /** What a word as the first argument may mean: the programs of that name. */
  meanings(word: string): readonly string[];
  /** The names by which links lead to a program. */
  namesOf(program: string): readonly string[];
  readonly shellNames: ReadonlySet<string>;
  /** Programs that run, links followed. */
  readonly runningPrograms: ReadonlySet<string>;
  wasReplaced(path: string): boolean;
  standingOf(process: ProcessRow): Standing;
  /** Clock time at which a process began, RFC 3339 UTC. */
  startedAt(process: ProcessRow): string | undefined;
}

const views = new WeakMap<object, HostView>();

/** The view of some facts, made once for all detectors that ask. */
export function viewOf(facts: Facts<HostKind>): HostView {
  const rows = facts.each('process');
  const known = views.get(rows);
  if (known) return known;
  const view = makeView(facts);
  views.set(rows, view);
  return view;
}

function makeView(facts: Facts<HostKind>): HostView {
  const [self] = facts.each('host');
  const [machine] = facts.each('machine');
  const lookPid = self && seen(self.about.lookPid);
  const processes = [...facts.each('process')].filter(
    ({ process: { pid, ppid, kernelThread, exe } }) =>
      !kernelThread && exe !== null && (lookPid === undefined || (pid !== lookPid && ppid !== lookPid)),
  );
  const files = fileViewOf(facts);
  const { resolve, canonical, links } = files;
  const inetSockets = [...facts.each('inet_socket')];
  const replaced = new Set([...facts.each('replaced_file')].map((row) => row.replaced.path));
  const names = new Map(
    [...Map.groupBy(links.keys(), resolve)].map(([program, paths]) => [program, paths.map(lastPart)]),
  );
  const settings = Map.groupBy(facts.each('unit'), ({ unit }) => unit.name);
  const unitPrograms = new Map(
    [...settings].map(([name, rows]) => [
      name,
      rows.flatMap(({ unit }) => (unit.key === 'ExecStart' ? programOf(unit.value) : [])),
    ]),
  );
  const bootAt = self && seen(self.about.bootAt);
  const startedAt = ({ process: { startTicks } }: ProcessRow) =>
    bootAt === undefined || isUnseen(startTicks)
      ? undefined
      : new Date(Date.parse(bootAt) + startTicks * 10).toISOString();
  const byPid = new Map(processes.map((row) => [row.process.pid, row]));
  return {
    ...files,
    processes,
    byPid,
    parentOf: ({ process: { ppid } }) => (isUnseen(ppid) ? undefined : byPid.get(ppid)),
    packetSockets: new Map([...facts.each('packet_socket')].map((row) => [row.socket.inode, row])),
    inetSockets: new Map(inetSockets.map((row) => [row.socket.inode, row])),
    filters: filtersOf(facts),
    listeners: Map.groupBy(
      inetSockets.filter(isListener),
      ({ socket }) => `${socket.netns}/${socket.protocol}/${socket.localPort}`,
    ),
    holders: holdersOf(processes),
    mapped: Map.groupBy(facts.each('mapped_file'), ({ mapped }) => mapped.pid),
    mappers: mappersOf(facts, byPid),
    bpfPrograms: [...facts.each('bpf_program')],
    emptyFiles: [...facts.each('file')].filter(
      ({ file }) => file.type === 'file' && file.sizeBytes === 0 && FOR_MARKS.test(file.path),
    ),
    pidFiles: new Set(
      [...facts.each('unit')].flatMap(({ unit }) =>
        unit.key === 'PIDFile' ? [unit.value.replace(/^\/var\/run\//, '/run/')] : [],
      ),
    ),
    unitPrograms,
    programNames: new Set(
      [...files.owners.keys(), ...[...unitPrograms.values()].flat(), ...links.keys()].map(lastPart),
    ),
    machine,
    bootAt,
    meanings: (word) =>
      word.startsWith('/') ? [resolve(word)] : PROGRAM_FOLDERS.map((folder) => resolve(`${folder}/${word}`)),
    shellNames: new Set([...facts.each('login_shell')].map(({ shell }) => lastPart(shell.path))),
    runningPrograms: new Set(
      processes.flatMap(({ process: { exe } }) => (typeof exe === 'string' ? [resolve(exe)] : [])),
    ),
    namesOf: (program) => names.get(program) ?? [],
    wasReplaced: (path) => replaced.has(path),
    standingOf: (row) => standingOf(row, files, canonical, startedAt(row)),
    startedAt,
  };
}

/** Folders that are empty after a start, where daemons mark that they run. */
const FOR_MARKS = /^\/(?:(?:var\/)?run|var\/lock|dev\/shm)\//;

const PROGRAM_FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The program of an ExecStart line, without the marks before it. @see systemd.service(5) */
function programOf(execStart: string): string[] {
  const [, path] = /^[-@:+!|]*(\/\S+)/.exec(execStart) ?? [];
  return path === undefined ? [] : [path];
}

/** LISTEN of TCP and SCTP, and unconnected UDP sockets with a port. */
function isListener({ socket: { protocol, state, localPort } }: Observation<'inet_socket'>): boolean {
  if (localPort === 0 || protocol === 'raw' || protocol === 'icmp') return false;
  return protocol === 'tcp' || protocol === 'sctp' ? state === 10 : state === 7;
}

function holdersOf(processes: readonly ProcessRow[]): ReadonlyMap<number, ProcessRow[]> {
  const holders = new Map<number, ProcessRow[]>();
  for (const row of processes) {
    for (const inode of seen(row.process.socketInodes) ?? []) {
      const known = holders.get(inode);
      if (known) known.push(row);
      else holders.set(inode, [row]);
    }
  }
  return holders;
}

function mappersOf(facts: Facts<HostKind>, byPid: ReadonlyMap<number, ProcessRow>): ReadonlyMap<string, number> {
  const programs = new Map<string, Set<unknown>>();
  for (const { mapped } of facts.each('mapped_file')) {
    const program = byPid.get(mapped.pid)?.process.exe;
    if (typeof program !== 'string') continue;
    const known = programs.get(mapped.path);
    if (known) known.add(program);
    else programs.set(mapped.path, new Set([program]));
  }
  return new Map([...programs].map(([path, all]) => [path, all.size]));
}

/** The socket's own answer counts for more than what ss printed: ss shows an eBPF program as no filter at all. */
function filtersOf(facts: Facts<HostKind>): ReadonlyMap<number, Observation<'socket_filter'>> {
  const filters = new Map<number, Observation<'socket_filter'>>();
  for (const row of facts.each('socket_filter')) {
    if (row.filter.by === 'getsockopt' || !filters.has(row.filter.inode)) filters.set(row.filter.inode, row);
  }
  return filters;
}
