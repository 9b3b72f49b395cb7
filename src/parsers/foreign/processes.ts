import type { Artifact } from '../../model/artifact.ts';
import type { Process } from '../../model/observations/process.ts';
import { defineParser, issueAt, type Beside } from '../../model/parser.ts';
import { isUnseen, unseen, type Maybe } from '../../model/unseen.ts';
import { statOf, unitOf } from '../linux/process.ts';
import { perProcess, type PerProcess } from '../../snapshot/per-process.ts';
import { knownProcesses, type Known } from './known-processes.ts';
import { LISTINGS } from './rows.ts';

/**
 * Processes by what other collectors show of them: files of /proc, ps, links under /proc, lsof, and the holders that ss and
 * netstat name. Each of these artifacts gives the processes that none before it shows; all that is known of one is joined. What
 * no listing shows is Unseen: an output that is missing is no empty one.
 */
export const foreignProcesses = defineParser({
  id: 'foreign/processes',
  summary: 'Processes from ps, lsof, ss, netstat, listings of links and files of /proc, as other tools collect them.',
  reads: [...LISTINGS],
  beside: [
    ...LISTINGS,
    'foreign/proc-status',
    'foreign/proc-environ',
    '/proc/*/maps',
    'foreign/exe-digests',
    'foreign/process-packages',
  ],
  yields: ['process'],
  *parse(artifact, beside) {
    // The artifact itself lies beside too; in a test it may be another one.
    const near: Beside = (name) => (name === artifact.name ? artifact : beside(name));
    const all = knownProcesses(near);
    const files = {
      stat: filesOf(near('foreign/proc-stat')),
      status: filesOf(near('foreign/proc-status')),
      environ: filesOf(near('foreign/proc-environ')),
      maps: filesOf(near('/proc/*/maps')),
    };
    const first = all.get(1)?.root;
    for (const [pid, known] of all) {
      const at = known.at.get(artifact.name);
      if (at === undefined || LISTINGS.find((name) => known.at.has(name)) !== artifact.name) continue;
      const raw = files.stat?.files.get(pid)?.raw;
      const stat = raw === undefined ? undefined : statOf(raw);
      if (raw !== undefined && stat === undefined) yield issueAt(`the stat of process ${pid} cannot be read`, at);
      yield { body: { kind: 'process', process: joined(pid, known, stat, files, first) }, at };
    }
    const shown = LISTINGS.find((name) => near(name) !== undefined);
    if (shown === artifact.name && PARTIAL.has(shown))
      yield {
        gap: 'absent',
        artifact: artifact.name,
        detail: 'no list of processes; only those that hold a socket are shown',
        missing: 0.9,
      };
  },
});

/** Listings of sockets, which show no process without one. */
const PARTIAL: ReadonlySet<string> = new Set(['foreign/ss', 'foreign/netstat']);

interface Files {
  readonly status: PerProcess | undefined;
  readonly environ: PerProcess | undefined;
  readonly maps: PerProcess | undefined;
}

function filesOf(artifact: Artifact | undefined): PerProcess | undefined {
  return artifact && perProcess(artifact);
}

function joined(
  pid: number,
  known: Known,
  stat: ReturnType<typeof statOf>,
  files: Files,
  firstRoot: string | undefined,
): Process {
  const status = files.status?.files.get(pid)?.raw ?? '';
  const inStatus = (pattern: RegExp) => pattern.exec(status)?.[1];
  const numberIn = (pattern: RegExp): number | undefined => numeric(inStatus(pattern));
  const kernelThread = stat?.kernelThread ?? (inStatus(/^Kthread:\s+([01])$/m) === '1' || isKernelThread(known));
  const exe = known.exe ?? (kernelThread ? null : undefined);
  const digest = (length: number) => known.digests.find((one) => one.length === length);
  const environ = environmentOf(pid, files);
  return {
    pid,
    ppid: seenOr(stat?.ppid ?? numberIn(/^PPid:\s+(\d{1,10})$/m) ?? known.ppid),
    uid: seenOr(numberIn(/^Uid:\s+(\d{1,10})/m) ?? uidOf(known.user)),
    gid: seenOr(numberIn(/^Gid:\s+(\d{1,10})/m)),
    comm: stat?.comm ?? inStatus(/^Name:\t(.*)$/m) ?? known.comm ?? '',
    state: seenOr(stat?.state ?? inStatus(/^State:\s+([A-Z])/m) ?? known.state),
    threads: seenOr(stat?.threads ?? numberIn(/^Threads:\s+(\d{1,10})$/m) ?? known.threads),
    kernelThread,
    session: seenOr(stat?.session ?? known.session),
    tty: seenOr(stat?.tty ?? ttyOf(known.tty)),
    startTicks: seenOr(stat?.startTicks),
    cpuTicks: seenOr(stat?.cpuTicks),
    cmdline: kernelThread ? [] : known.args === undefined ? unseen('absent') : [...known.args],
    exe: exe === undefined ? unseen('absent') : exe === null ? null : exe.path,
    exeDeleted: exe === undefined ? unseen('absent') : exe !== null && exe.deleted,
    exeFile: seenOr(known.exeFile),
    exeSha256: seenOr(digest(64)),
    exeMd5: seenOr(digest(32)),
    cwd: seenOr(known.cwd),
    environ,
    // What is collected of an environment are its strings: how many bytes it had is lost.
    environBytes: unseen('absent'),
    socketInodes: known.sockets === undefined ? unseen('absent') : [...known.sockets].sort((a, b) => a - b),
    netns: unseen('absent'),
    mntns: unseen('absent'),
    pidns: unseen('absent'),
    sameRoot: known.root === undefined || firstRoot === undefined ? unseen('absent') : known.root === firstRoot,
    unit: known.cgroup === undefined ? unseen('absent') : unitOf(`0::${known.cgroup}`),
    sigIgn: seenOr(inStatus(/^SigIgn:\s+([0-9a-f]{16})/m)),
  };
}

/** By ps alone: no memory of its own and a name in brackets; one that ended and waits for its parent has none either. */
function isKernelThread({ withoutMemory, args, state, exe }: Known): boolean {
  return exe === undefined && withoutMemory === true && state !== 'Z' && args?.length === 0;
}

/**
 * Variables as strings(1) prints them. An output that is empty makes no file: where the environments of others were collected,
 * and of this process what needs the same rights, it showed no variable; otherwise it was not seen.
 */
function environmentOf(pid: number, { environ, maps }: Files): Maybe<Record<string, string>> {
  const raw = environ?.files.get(pid)?.raw;
  if (raw === undefined) {
    const asked = environ !== undefined && !environ.cut && (maps?.files.has(pid) ?? false);
    return asked ? {} : unseen('absent');
  }
  const found = new Map<string, string>();
  for (const line of raw.split('\n')) {
    const equals = line.indexOf('=');
    const name = line.slice(0, equals) === 'unseen' ? 'unseen=' : line.slice(0, equals);
    if (equals > 0 && !found.has(name)) found.set(name, line.slice(equals + 1));
  }
  return Object.fromEntries(found);
}

/** `?` is none; a name stands for a terminal, of which the number does not matter. */
function ttyOf(name: string | undefined): number | undefined {
  return name === undefined ? undefined : name === '?' || name === '-' ? 0 : 1;
}

function uidOf(user: string | undefined): number | undefined {
  return user === 'root' ? 0 : numeric(user);
}

function numeric(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

function seenOr<T>(value: T | undefined): Maybe<T> {
  return value === undefined || isUnseen(value) ? unseen('absent') : value;
}
