import type { Artifact, Evidence } from '../../model/artifact.ts';
import { isUnseen } from '../../model/unseen.ts';
import { linksOf } from '../../snapshot/links.ts';
import { fileOf, perProcess, type PerProcess } from '../../snapshot/per-process.ts';
import { containersNamed, type Named } from './control-group.ts';

/** A container of a host, as the processes in it show it. No daemon was asked. */
export interface Container {
  /** Of the runtime, or `pidns-NUMBER` where nothing but namespaces tells it. */
  readonly id: string;
  /** By which people tell it: twelve digits of an id, or a name. */
  readonly short: string;
  /** Its control group; empty where that does not name it. */
  readonly group: string;
  /** What keeps it; `namespaces` where nothing but these tells it. */
  readonly runtime: string;
  /** The host name that its first process was given. */
  readonly name?: string;
  /** Its first process, and when that began, ticks after boot. */
  readonly init: number;
  readonly startTicks: number;
  readonly mntns: number;
  /** Every process in it, by the host's numbers, in their order. */
  readonly pids: ReadonlySet<number>;
}

/** The containers of a host, and how much of it could not be told for lack of rights. */
export interface Containers {
  readonly containers: readonly Container[];
  readonly processes: number;
  /** Processes of which the namespaces are not known. */
  readonly unseen: number;
}

interface Facts {
  readonly pid: number;
  readonly ppid: number;
  readonly startTicks: number;
  readonly pidns: number;
  readonly mntns: number;
  readonly named: readonly Named[];
}

/**
 * The containers that a look at a host shows. A process belongs to one when its control group names it and it lives in
 * other namespaces than the look; where no name is known, a process-id and a mount namespace of its own make one. Sandboxes
 * of programs and services with a mount namespace of their own are none. A process that left the control group of its
 * container still lives in the namespace of that one's first process, and counts.
 */
export function containersIn({ artifacts }: Evidence): Containers {
  const spaces = spacesOf(artifacts.get('command/process-links'));
  const stats = filesOf(artifacts, '/proc/*/stat');
  const groups = filesOf(artifacts, '/proc/*/cgroup');
  const look = spaces.get(LOOK);
  const all: Facts[] = [];
  let [processes, unseen] = [0, 0];
  for (const [pid, { raw }] of stats?.files ?? []) {
    const own = spaces.get(pid);
    const words = raw.slice(raw.lastIndexOf(')') + 2).split(' ');
    // What has ended, as a zombie has, lives nowhere.
    if (own === undefined || words[0] === 'Z') continue;
    processes += 1;
    const { pidns, mntns } = own;
    if (look?.pidns === undefined || look.mntns === undefined || pidns === undefined || mntns === undefined) {
      unseen += 1;
      continue;
    }
    if (pidns === look.pidns && mntns === look.mntns) continue;
    const group = fileOf(groups, pid);
    const named = isUnseen(group) ? [] : containersNamed(group);
    if (named.length === 0 && (pidns === look.pidns || mntns === look.mntns)) continue;
    all.push({ pid, ppid: Number(words[1]), startTicks: Number(words[19]), pidns, mntns, named });
  }
  const environs = filesOf(artifacts, '/proc/*/environ');
  const containers = grouped(all, look?.pidns).map((group) => containerOf(group, environs));
  return { containers, processes, unseen };
}

interface Group extends Named {
  readonly members: Facts[];
}

function grouped(all: readonly Facts[], hostPidns: number | undefined): Group[] {
  const groups = new Map<string, Group>();
  const add = (named: Named, one: Facts) => {
    const key = `${named.group}\0${named.id}`;
    const group = groups.get(key);
    if (group) group.members.push(one);
    else groups.set(key, { ...named, members: [one] });
  };
  for (const one of all) for (const named of one.named) add(named, one);
  const kept = [...groups.values()].map((group) => ({ group, pidns: firstOf(group.members).pidns }));
  for (const one of all.filter(({ named }) => named.length === 0)) {
    const around = kept.filter(({ pidns }) => pidns === one.pidns && pidns !== hostPidns);
    for (const { group } of around) group.members.push(one);
    if (around.length === 0) add({ id: `pidns-${one.pidns}`, runtime: 'namespaces', group: '' }, one);
  }
  return [...groups.values()].sort((a, b) => (a.id === b.id ? (a.group < b.group ? -1 : 1) : a.id < b.id ? -1 : 1));
}

function containerOf({ id, runtime, group, members }: Group, environs: PerProcess | undefined): Container {
  const first = firstOf(members);
  const environ = fileOf(environs, first.pid);
  const name = isUnseen(environ) ? undefined : /(?:^|\0)HOSTNAME=([\w.-]{1,255})(?:\0|$)/.exec(environ)?.[1];
  return {
    id,
    short: /^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id,
    group,
    runtime,
    ...(name === undefined ? {} : { name }),
    init: first.pid,
    startTicks: first.startTicks,
    mntns: first.mntns,
    pids: new Set(members.map(({ pid }) => pid).sort((a, b) => a - b)),
  };
}

/** The first process: of those whose parent is none of the container's, the one that began first. */
function firstOf(members: readonly Facts[]): Facts {
  const pids = new Set(members.map(({ pid }) => pid));
  const tops = members.filter(({ ppid }) => !pids.has(ppid));
  return (tops.length > 0 ? tops : members).reduce((best, one) =>
    one.startTicks < best.startTicks || (one.startTicks === best.startTicks && one.pid < best.pid) ? one : best,
  );
}

/** The look itself, in the place of a number that no process has. */
const LOOK = 0;

function spacesOf(links: Artifact | undefined): ReadonlyMap<number, { pidns?: number; mntns?: number }> {
  const spaces = new Map<number, { pidns?: number; mntns?: number }>();
  for (const { path, target } of links ? linksOf(links.bytes) : []) {
    const [, pid, kind] = /^(\d{1,10}|self)\/ns\/(pid|mnt)$/.exec(path) ?? [];
    if (pid === undefined) continue;
    const [, inode] = /^\w+:\[(\d{1,15})\]$/.exec(target) ?? [];
    const key = pid === 'self' ? LOOK : Number(pid);
    const known = spaces.get(key) ?? {};
    const told = inode === undefined ? {} : { [kind === 'pid' ? 'pidns' : 'mntns']: Number(inode) };
    spaces.set(key, { ...known, ...told });
  }
  return spaces;
}

function filesOf(artifacts: Evidence['artifacts'], name: string): PerProcess | undefined {
  const artifact = artifacts.get(name);
  return artifact && perProcess(artifact);
}
