import type { At, Beside } from '../../model/parser.ts';
import { linesOf } from '../../lib/lines.ts';
import { DELETED } from '../linux/process.ts';
import { perProcess } from '../../snapshot/per-process.ts';
import { descriptorOf, fileOf, lsofRows } from './lsof-rows.ts';
import { descriptorsOf, inodeOfSocket } from './held.ts';
import { linkRows } from './link-rows.ts';
import { netstatRows } from './netstat-rows.ts';
import { psRows } from './ps-rows.ts';
import { ssRows } from './ss-rows.ts';

/** What all listings together show of one process. */
export interface Known {
  /** Where each artifact shows it first. */
  readonly at: Map<string, At>;
  ppid?: number | undefined;
  user?: string | undefined;
  comm?: string | undefined;
  state?: string | undefined;
  threads?: number | undefined;
  session?: number | undefined;
  tty?: string | undefined;
  args?: readonly string[] | undefined;
  cgroup?: string | undefined;
  withoutMemory?: boolean | undefined;
  exe?: { readonly path: string; readonly deleted: boolean } | undefined;
  exeFile?: string | undefined;
  cwd?: string | undefined;
  /** Its root directory by path, device and inode. */
  root?: string | undefined;
  sockets?: Set<number> | undefined;
  readonly digests: string[];
}

type All = Map<number, Known>;

/** Processes by number, in the order of their numbers. The earlier a listing comes, the more its words count. */
export function knownProcesses(beside: Beside): All {
  const all: All = new Map();
  fromStat(all, beside);
  fromLinks(all, beside);
  fromLsof(all, beside);
  fromPs(all, beside);
  fromSs(all, beside);
  fromNetstat(all, beside);
  fromDigests(all, beside);
  return new Map([...all].sort(([a], [b]) => a - b));
}

function of(all: All, pid: number, artifact: string, at: At): Known {
  let known = all.get(pid);
  if (known === undefined) all.set(pid, (known = { at: new Map(), digests: [] }));
  if (!known.at.has(artifact))
    known.at.set(artifact, {
      ...(at.offset === undefined ? {} : { offset: at.offset }),
      ...(at.line === undefined ? {} : { line: at.line }),
    });
  return known;
}

function fromStat(all: All, beside: Beside): void {
  const artifact = beside('foreign/proc-stat');
  for (const [pid, { offset, line }] of artifact ? perProcess(artifact).files : [])
    of(all, pid, 'foreign/proc-stat', { offset, line });
}

function fromLinks(all: All, beside: Beside): void {
  const artifact = beside('foreign/proc-links');
  for (const row of artifact ? linkRows(artifact) : []) {
    const known = of(all, row.pid, 'foreign/proc-links', row);
    if (row.what === 'exe') known.exe ??= programOf(row.target);
    else if (row.what === 'cwd') known.cwd ??= row.target;
    else if (row.what.startsWith('fd/')) {
      known.sockets ??= new Set();
      const inode = /^socket:\[(\d{1,15})\]$/.exec(row.target)?.[1];
      if (inode !== undefined) known.sockets.add(Number(inode));
    }
  }
}

function programOf(target: string): { path: string; deleted: boolean } {
  const deleted = target.endsWith(DELETED);
  return { path: deleted ? target.slice(0, -DELETED.length) : target, deleted };
}

function fromLsof(all: All, beside: Beside): void {
  const artifact = beside('foreign/lsof');
  const descriptors = descriptorsOf(beside);
  for (const row of artifact ? lsofRows(artifact) : []) {
    const known = of(all, row.pid, 'foreign/lsof', row);
    known.user ??= row.user;
    known.comm ??= row.command;
    const file = row.fd === 'txt' || row.fd === 'rtd' || row.fd === 'cwd' ? fileOf(row) : undefined;
    if (file !== undefined && row.fd === 'txt' && known.exe === undefined) known.exe = programOf(file.name);
    if (file !== undefined && row.fd === 'txt') known.exeFile ??= `${file.device.replace(',', ':')}:${file.inode}`;
    if (file !== undefined && row.fd === 'rtd') known.root ??= `${file.name} ${file.device} ${file.inode}`;
    if (file !== undefined && row.fd === 'cwd') known.cwd ??= file.name;
    const fd = descriptorOf(row);
    if (fd === undefined) continue;
    known.sockets ??= new Set();
    const inode = descriptors.get(`${row.pid}/${fd}`);
    if (inode !== undefined) known.sockets.add(inode);
  }
}

const LSOF_CUT = 9;
const COMM_LENGTH = 15;
/** How a process ends in ps that has ended and waits for its parent. */
const DEFUNCT = / <defunct>$/;

function fromPs(all: All, beside: Beside): void {
  const artifact = beside('foreign/ps');
  const short = new Map<number, string>();
  for (const row of artifact ? psRows(artifact) : []) {
    const known = of(all, row.pid, 'foreign/ps', row);
    known.ppid ??= row.ppid;
    // A long name is cut and ends in a plus sign; a number says more than a name.
    if (row.user !== undefined && !row.user.endsWith('+') && (known.user === undefined || /^\d+$/.test(row.user)))
      known.user = row.user;
    known.state ??= row.state;
    known.threads ??= row.threads;
    known.session ??= row.session;
    known.tty ??= row.tty;
    known.cgroup ??= row.cgroup?.replace(/^\d+:[^:]*:/, '');
    known.withoutMemory ??= row.withoutMemory;
    if (row.comm !== undefined) short.set(row.pid, row.comm);
    if (row.args === undefined) continue;
    // Without arguments ps shows the short name in brackets.
    const [, bracketed] = /^\[(.*)\](?: <defunct>)?$/.exec(row.args) ?? [];
    const args =
      bracketed === undefined
        ? row.args
            .replace(DEFUNCT, '')
            .split(' ')
            .filter((word) => word !== '')
        : [];
    known.args ??= args;
    if (!short.has(row.pid) && bracketed !== undefined) short.set(row.pid, bracketed);
  }
  for (const [pid, comm] of short) {
    const known = all.get(pid);
    if (known) known.comm = comm;
  }
  for (const known of all.values()) {
    const [first = ''] = known.args ?? [];
    const named = first
      .replace(/:$/, '')
      .replace(/^-/, '')
      .replace(/^.*\/(?=.)/, '');
    // lsof cuts the name: where the arguments begin with what is left of it, they say the rest.
    const cut = known.comm?.length === LSOF_CUT && named.startsWith(known.comm);
    if (named !== '' && (known.comm === undefined || cut)) known.comm = named.slice(0, COMM_LENGTH);
  }
}

function fromSs(all: All, beside: Beside): void {
  const artifact = beside('foreign/ss');
  const descriptors = descriptorsOf(beside);
  for (const row of artifact ? ssRows(artifact) : []) {
    if ('filter' in row) continue;
    const inode = inodeOfSocket(row, descriptors);
    for (const { pid, comm } of row.holders) {
      const known = of(all, pid, 'foreign/ss', row);
      // lsof cuts names; ss shows all of it.
      if (known.comm === undefined || comm.startsWith(known.comm)) known.comm = comm;
      known.cgroup ??= row.cgroup;
      (known.sockets ??= new Set()).add(inode);
    }
  }
}

function fromNetstat(all: All, beside: Beside): void {
  const artifact = beside('foreign/netstat');
  for (const row of artifact ? netstatRows(artifact) : []) {
    if (row.pid === undefined) continue;
    const known = of(all, row.pid, 'foreign/netstat', row);
    known.comm ??= row.program;
    // Sockets by number of process alone add to nothing that is listed by descriptor.
    if (row.inode !== undefined || beside('foreign/ss') === undefined)
      (known.sockets ??= new Set()).add(row.inode ?? row.madeUp);
  }
}

function fromDigests(all: All, beside: Beside): void {
  const artifact = beside('foreign/exe-digests');
  for (const { text } of artifact ? linesOf(artifact.bytes) : []) {
    const [, digest, pid] = /^([0-9a-f]{32}|[0-9a-f]{64}) [ *]\/proc\/(\d{1,10})\/exe$/.exec(text) ?? [];
    if (digest !== undefined) all.get(Number(pid))?.digests.push(digest);
  }
}
