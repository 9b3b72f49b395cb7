import { CONTAINER, type Artifact } from '../../model/artifact.ts';
import { FIRST_PID_NAMESPACE, type Process } from '../../model/observations/process.ts';
import { defineParser, issueAt } from '../../model/parser.ts';
import { isUnseen, unseen, type Maybe, type UnseenReason } from '../../model/unseen.ts';
import { linksOf } from '../../snapshot/links.ts';
import { denialsIn, fileOf, latin1, perProcess, utf8Of, type PerProcess } from '../../snapshot/per-process.ts';

/** PF_KTHREAD of the kernel's flags, set for its own threads and no others. */
const KERNEL_THREAD = 0x0020_0000;

/**
 * Every process, joined from its files under /proc.
 *
 * A process that ended while it was looked at is left out. What was refused is Unseen, and a gap says for how many.
 *
 * @see proc(5); fs/proc/array.c of the Linux kernel for the fields of stat
 */
export const process = defineParser({
  id: 'linux/process',
  summary: 'Processes with arguments, environment, program, descriptors, namespaces and control group.',
  reads: ['/proc/*/stat'],
  beside: [
    '/proc/*/status',
    '/proc/*/cmdline',
    '/proc/*/environ',
    '/proc/*/cgroup',
    'command/process-links',
    'command/process-images',
    'command/process-digests',
    '/proc/self/status',
    CONTAINER,
  ],
  yields: ['process'],
  *parse(artifact, beside) {
    const stats = perProcess(artifact);
    const read = (name: string): PerProcess | undefined => {
      const one = beside(name);
      return one && perProcess(one);
    };
    const files = {
      status: read('/proc/*/status'),
      cmdline: read('/proc/*/cmdline'),
      environ: read('/proc/*/environ'),
      cgroup: read('/proc/*/cgroup'),
    };
    const links = linksByProcess(beside('command/process-links'));
    const images = imagesOf(beside('command/process-images'), beside('command/process-digests'));
    const look = links?.get(LOOK) ?? links?.get(lookPidOf(beside('/proc/self/status')));
    let total = 0;
    let blind = 0;
    for (const [pid, { raw, offset, line }] of stats.files) {
      const stat = statOf(raw);
      if (stat === undefined) {
        yield issueAt(`the stat of process ${pid} cannot be read`, { offset, line });
        continue;
      }
      const own = links?.get(pid);
      if (links !== undefined && own === undefined) continue; // it ended meanwhile
      total += 1;
      const status = fileOf(files.status, pid);
      const environ = stat.kernelThread ? '' : fileOf(files.environ, pid);
      const cmdline = fileOf(files.cmdline, pid);
      const reason: UnseenReason = links === undefined ? 'absent' : 'denied';
      // A process whose first thread ended while others run is a zombie by name alone.
      const none = stat.kernelThread || (stat.state === 'Z' && stat.threads <= 1);
      const image = orUnseen(linkedTo(own, 'exe', none, images.get(pid)?.links), reason);
      if (isUnseen(image) && reason === 'denied') blind += 1;
      const program = images.get(pid);
      const undigested = unseen(image === null || program?.file !== undefined ? 'absent' : reason);
      const inside = isUnseen(status) ? undefined : pidInside(status);
      const body: Process = {
        pid,
        ...(inside === undefined || inside === pid ? {} : { pidInside: inside }),
        ...stat,
        uid: isUnseen(status) ? status : numberIn(status, /^Uid:\s+(\d+)/m),
        gid: isUnseen(status) ? status : numberIn(status, /^Gid:\s+(\d+)/m),
        cmdline: isUnseen(cmdline) ? cmdline : argumentsOf(cmdline),
        exe: isUnseen(image) || image === null ? image : image.path,
        exeDeleted: isUnseen(image) ? image : image !== null && image.deleted,
        exeFile: program?.file ?? unseen(image === null ? 'absent' : reason),
        exeSha256: program?.sha256 ?? undigested,
        exeMd5: program?.md5 ?? undigested,
        cwd: orUnseen(cwdOf(own, none), reason),
        environ: isUnseen(environ) ? environ : environmentOf(environ),
        environBytes: isUnseen(environ) ? environ : environ.length,
        socketInodes: own !== undefined && (own.sockets.length > 0 || !isUnseen(image)) ? own.sockets : unseen(reason),
        netns: own?.spaces.get('net') ?? unseen(reason),
        mntns: own?.spaces.get('mnt') ?? unseen(reason),
        pidns: own?.spaces.get('pid') ?? unseen(reason),
        sameRoot: isBesideLook(own, look) ? true : (sameRoot(images, pid) ?? unseen(reason)),
        unit: unitOf(fileOf(files.cgroup, pid)),
        sigIgn: isUnseen(status) ? status : (/^SigIgn:\s+([0-9a-f]{16})/m.exec(status)?.[1] ?? unseen('absent')),
      };
      yield { body: { kind: 'process', process: body }, at: { offset, line } };
    }
    const space = look?.spaces.get('pid');
    if (space !== undefined && space !== FIRST_PID_NAMESPACE) {
      yield {
        gap: 'unsupported',
        artifact: artifact.name,
        detail: 'processes outside of the container in which the look was taken',
        missing: OUTSIDE,
      };
    }
    // A container has its own first process, which has another number outside.
    const first = firstOf(beside(CONTAINER));
    if (total > 0 && !stats.files.has(first)) {
      yield {
        gap: 'denied',
        artifact: artifact.name,
        detail: `process ${first} is not listed, so that others are hidden too`,
        missing: 0.9,
      };
    }
    yield* denialsIn('/proc/*/cmdline', files.cmdline, total);
    yield* denialsIn('/proc/*/environ', files.environ, total);
    yield* denialsIn('/proc/*/status', files.status, total);
    if (blind > 0)
      yield {
        gap: 'denied',
        artifact: 'command/process-links',
        detail: `program and descriptors of ${blind} of ${total} processes`,
        missing: blind / total,
      };
  },
});

/** How many processes live outside of a container cannot be known from within: a guess that never says "clear". */
const OUTSIDE = 0.1;

export function statOf(raw: string) {
  const opened = raw.indexOf('(');
  const closed = raw.lastIndexOf(')');
  const words = raw.slice(closed + 2).split(' ');
  const field = (number: number): number => Number(words[number - 3]); // numbered as in proc(5): the state is field 3
  const state = words[0];
  const numeric = words.slice(1, 20).every((word) => /^-?\d{1,20}$/.test(word));
  if (opened === -1 || closed < opened || state === undefined || words.length < 20 || !numeric) return undefined;
  return {
    comm: utf8Of(raw.slice(opened + 1, closed)),
    state,
    ppid: field(4),
    session: field(6),
    tty: field(7),
    threads: field(20),
    kernelThread: (field(9) & KERNEL_THREAD) !== 0,
    cpuTicks: field(14) + field(15),
    startTicks: field(22),
  };
}

/** The last of the numbers that a process has, from the outermost namespace to its own. @see proc(5), NSpid in /proc/pid/status */
function pidInside(status: string): number | undefined {
  const own = /^NSpid:(?:\s+\d{1,10})*\s+(\d{1,10})$/m.exec(status)?.[1];
  return own === undefined ? undefined : Number(own);
}

function firstOf(container: Artifact | undefined): number {
  return Number(/^init (\d{1,10})$/m.exec(container ? latin1(container.bytes) : '')?.[1] ?? 1);
}

function argumentsOf(raw: string): string[] {
  if (raw === '') return [];
  return utf8Of(raw.endsWith('\0') ? raw.slice(0, -1) : raw).split('\0');
}

/**
 * Later settings of a name do not hide the first: the first is what getenv(3) gives. Names are own keys, whatever they are.
 * A variable `unseen` stands under `unseen=`, a name that none can have: no process may look like one that was not seen.
 */
function environmentOf(raw: string): Record<string, string> {
  const found = new Map<string, string>();
  for (const one of utf8Of(raw).split('\0')) {
    const equals = one.indexOf('=');
    const name = one.slice(0, equals) === 'unseen' ? 'unseen=' : one.slice(0, equals);
    if (equals > 0 && !found.has(name)) found.set(name, one.slice(equals + 1));
  }
  return Object.fromEntries(found);
}

/** The look itself, in the place of a number that no process has. */
const LOOK = 0;

interface Links {
  readonly targets: Map<string, string>;
  readonly spaces: Map<string, number>;
  readonly sockets: number[];
}

function linksByProcess(artifact: Artifact | undefined): Map<number, Links> | undefined {
  if (artifact === undefined) return undefined;
  const all = new Map<number, Links>();
  for (const { path, target } of linksOf(artifact.bytes)) {
    const [, pid, rest] = /^(\d{1,10}|self)\/(exe|cwd|ns\/\w+|fd\/\d+)$/.exec(path) ?? [];
    if (pid === undefined || rest === undefined) continue;
    const key = pid === 'self' ? LOOK : Number(pid);
    let own = all.get(key);
    if (own === undefined) all.set(key, (own = { targets: new Map(), spaces: new Map(), sockets: [] }));
    const inode = /^(?:socket|\w+):\[(\d{1,15})\]$/.exec(target)?.[1];
    if (rest.startsWith('ns/') && inode !== undefined) own.spaces.set(rest.slice(3), Number(inode));
    else if (rest.startsWith('fd/') && inode !== undefined && target.startsWith('socket:'))
      own.sockets.push(Number(inode));
    else if (!rest.startsWith('fd/')) own.targets.set(rest, target);
  }
  for (const { sockets } of all.values()) sockets.sort((a, b) => a - b);
  return all;
}

/** Null is a value: there is none. Only what is undefined was not seen. */
function orUnseen<T>(value: T | undefined, reason: UnseenReason): Maybe<T> {
  return value === undefined ? unseen(reason) : value;
}

export const DELETED = ' (deleted)';

/** The program: null where there is none, undefined where the link was not to be read. */
function linkedTo(
  links: Links | undefined,
  name: string,
  none: boolean,
  hardLinks?: number,
): { path: string; deleted: boolean } | null | undefined {
  const target = links?.targets.get(name);
  if (target === undefined || target === '') return none ? null : undefined;
  // A file that still has a name was not deleted, and then the words are a part of that name.
  const deleted = target.endsWith(DELETED) && (hardLinks ?? 0) === 0;
  return { path: deleted ? target.slice(0, -DELETED.length) : target, deleted };
}

function cwdOf(links: Links | undefined, none: boolean): string | null | undefined {
  const found = linkedTo(links, 'cwd', none);
  return found && found.path;
}

/** Whether a process lives in the mount namespace of the look: then its paths mean the same there, whatever its root. */
function isBesideLook(own: Links | undefined, look: Links | undefined): boolean {
  const space = look?.spaces.get('mnt');
  return space !== undefined && own?.spaces.get('mnt') === space;
}

/** The shell of the look, where its namespaces are not told: the parent of the program that read its status. */
function lookPidOf(status: Artifact | undefined): number {
  return Number(/^PPid:\s+(\d{1,10})$/m.exec(status ? latin1(status.bytes) : '')?.[1] ?? -1);
}

interface Image {
  file?: string;
  /** Names that the file of the program has; 0 for a deleted one. */
  links?: number;
  root?: string;
  sha256?: string;
  md5?: string;
}

/** What stat says of program and root, and the digests, which were taken once for each file. `0` stands for the look itself. */
function imagesOf(stats: Artifact | undefined, digests: Artifact | undefined): Map<number, Image> {
  const images = new Map<number, Image>();
  const imageOf = (pid: number): Image => {
    let image = images.get(pid);
    if (image === undefined) images.set(pid, (image = {}));
    return image;
  };
  for (const line of linesIn(stats)) {
    const [, pid, what, file, links] = /^(?:\/proc\/)?(\d+|self)\/(exe|root) (\d+:\d+) (\d+)/.exec(line) ?? [];
    if (pid === undefined || file === undefined) continue;
    const image = imageOf(pid === 'self' ? 0 : Number(pid));
    if (what === 'exe') Object.assign(image, { file, links: Number(links) });
    else image.root = file;
  }
  const byFile = new Map<string, Pick<Image, 'sha256' | 'md5'>>();
  for (const line of linesIn(digests)) {
    const [, digest, pid] = /^([0-9a-f]{32}|[0-9a-f]{64}) [ *](\d+)\/exe$/.exec(line) ?? [];
    const file = images.get(Number(pid))?.file;
    if (digest === undefined || file === undefined) continue;
    const known = byFile.get(file) ?? {};
    byFile.set(file, { ...known, ...(digest.length === 64 ? { sha256: digest } : { md5: digest }) });
  }
  for (const image of images.values()) if (image.file !== undefined) Object.assign(image, byFile.get(image.file));
  return images;
}

function* linesIn(artifact: Artifact | undefined): Generator<string> {
  if (artifact) yield* latin1(artifact.bytes).split('\n');
}

function sameRoot(images: ReadonlyMap<number, Image>, pid: number): boolean | undefined {
  const [root, own] = [images.get(pid)?.root, images.get(0)?.root];
  return root === undefined || own === undefined ? undefined : root === own;
}

/** The innermost unit that the control group names; null for a process outside of any. */
export function unitOf(cgroup: Maybe<string>): Maybe<string | null> {
  if (isUnseen(cgroup)) return cgroup;
  const paths = [...cgroup.matchAll(/^\d+:(?:name=systemd)?:(\/.*)$/gm)].map(([, path]) => utf8Of(path ?? ''));
  const units = paths.flatMap((path) => path.split('/').filter((part) => /\.(?:service|scope)$/.test(part)));
  return units.at(-1) ?? null;
}

function numberIn(text: string, pattern: RegExp): Maybe<number> {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? unseen('absent') : Number(found);
}
