import { utf8 } from '../../lib/bytes.ts';
import { CONTAINER, HOST_OF_CONTAINER, type Artifact, type ArtifactGap, type Evidence } from '../../model/artifact.ts';
import { linksOf } from '../../snapshot/links.ts';
import { artifactOf } from '../../snapshot/stream.ts';
import type { Container } from './find.ts';
import { keptLines } from './kept-lines.ts';
import { filtersOf, netTablesOf, ssOf, type Sockets } from './sockets.ts';

/** What a look at a host showed of one container: the same artifacts, with the lines of its processes alone. */
export interface Share {
  readonly artifacts: ReadonlyMap<string, Artifact>;
  readonly gaps: readonly ArtifactGap[];
  /** Files that the processes of the container run or mapped as code, by paths within it. */
  readonly mapped: ReadonlySet<string>;
  /** Those of them that were deleted, which may have got a successor. */
  readonly deleted: ReadonlySet<string>;
}

/** The same for every process of the kernel. */
const OF_THE_KERNEL = ['/proc/stat', '/proc/uptime', '/proc/sys/kernel/pid_max', '/proc/sys/kernel/osrelease'];
const PER_PROCESS = ['stat', 'cgroup', 'status', 'cmdline', 'environ'].map((name) => `/proc/*/${name}`);
const OF_PROGRAMS = ['command/process-digests', 'command/program-strings'];
/** What is not there of these is a gap of the container as well. */
const ALWAYS_ASKED = [
  ...PER_PROCESS,
  ...OF_PROGRAMS,
  ...OF_THE_KERNEL,
  ...['/proc/*/maps', '/proc/*/net', '/proc/self/status'],
  ...['command/process-links', 'command/process-images', 'command/socket-filters'],
];

/**
 * Cuts the share of a container out of the evidence of its host. Paths become those within the container, as its own
 * packages spell them; numbers of processes stay those of the host, by which people find them there. Where several
 * processes have one file or namespace the look asked one of them, maybe one of another container: its answer counts for all.
 */
export function shareOf({ artifacts, gaps }: Evidence, container: Container): Share {
  const textOf = (name: string): string => {
    const found = artifacts.get(name);
    return found ? latin1(found.bytes) : '';
  };
  const links = [...linksOf(artifacts.get('command/process-links')?.bytes ?? new Uint8Array())];
  const within = pathsWithin(links, container);
  const images = imagesOf(textOf('command/process-images'), container.pids);
  const sockets = socketsOf(links, container.pids);
  const made = new Map<string, Artifact>();
  const add = (name: string, make: (text: string) => string | undefined) => {
    const from = artifacts.get(name);
    const text = from && make(latin1(from.bytes));
    if (from === undefined || text === undefined) return;
    made.set(name, { ...artifactOf(name, Buffer.from(text, 'latin1')), ...(from.cut ? { cut: true as const } : {}) });
  };
  for (const name of PER_PROCESS) add(name, (text) => linesOfPids(text, container.pids));
  add('/proc/*/maps', (text) => mapsWithin(linesOfPids(text, container.pids), within.strip));
  const elsewhere = new Set<number>();
  add('command/process-links', () => {
    const own: string[] = [];
    for (const { path, target } of links) {
      const pid = Number(/^\d{1,10}(?=\/)/.exec(path)?.[0] ?? -1);
      if (!container.pids.has(pid)) continue;
      const bare = /\/(?:exe|cwd|root)$/.test(path) ? within.strip(target) : target;
      if (path.endsWith('/exe') && bare === undefined) elsewhere.add(pid);
      own.push(`${path}\0${bare ?? target}\0`);
    }
    return Buffer.from(own.join('')).toString('latin1');
  });
  add('command/process-images', () => images.text(container.init, elsewhere));
  for (const name of OF_PROGRAMS) add(name, (text) => keptLines(text, images.renumbered));
  add('/proc/*/net', (text) => netTablesOf(text, sockets));
  add('command/socket-filters', (text) => filtersOf(text, sockets));
  if (sockets.sharesLook) add('command/ss-packet', (text) => ssOf(text, sockets));
  for (const name of OF_THE_KERNEL) add(name, (text) => text);
  // The shell of the look is none of its processes.
  add('/proc/self/status', (text) => text.replace(/^PPid:.*\n/m, ''));
  made.set(
    CONTAINER,
    artifactOf(CONTAINER, utf8(`init ${container.init}\nid ${container.id}\nruntime ${container.runtime}\n`)),
  );
  const asked = new Set([...ALWAYS_ASKED, ...(sockets.sharesLook ? ['command/ss-packet'] : [])]);
  return {
    artifacts: made,
    gaps: [
      {
        name: HOST_OF_CONTAINER,
        reason: 'unsupported',
        detail: 'kernel, firewall and hidden processes are told with the host itself, not with a container',
      },
      ...gaps.filter(({ name }) => asked.has(name)),
    ],
    ...mappedIn(made.get('/proc/*/maps')),
  };
}

/** Lines that carry the number of one of the processes, and what tells that the rest could not be read. */
function linesOfPids(text: string, pids: ReadonlySet<number>): string {
  return keptLines(text, (line) => {
    const pid = /^(?:\S*grep: )?(\d{1,10})\//.exec(line)?.[1];
    const kept = pid === undefined ? /^\S*grep: (?:memory exhausted|out of memory)/.test(line) : pids.has(Number(pid));
    return kept ? line : undefined;
  });
}

type Links = readonly { readonly path: string; readonly target: string }[];

/** How paths of the host become paths of the container: a root that is a folder of the host goes; undefined for what lies outside of it. */
function pathsWithin(links: Links, { init }: Container): { strip: (path: string) => string | undefined } {
  const root = links.find(({ path }) => path === `${init}/root`)?.target ?? '/';
  if (!root.startsWith('/') || root === '/') return { strip: (path) => path };
  return {
    strip(path) {
      if (path === root) return '/';
      if (path.startsWith(`${root}/`)) return path.slice(root.length);
      // What has no folder at all is the same everywhere.
      return path.startsWith('/') && !path.startsWith('/memfd:') ? undefined : path;
    },
  };
}

const MAPPING = /^(\d{1,10}\/maps:[0-9a-f]+-[0-9a-f]+ \S+ [0-9a-f]+ [0-9a-f]+:[0-9a-f]+ \d+ +)(\/.*)$/s;

function mapsWithin(text: string, strip: (path: string) => string | undefined): string {
  return keptLines(text, (line) => {
    const [, head = '', path] = MAPPING.exec(line) ?? [];
    const bare = path === undefined ? undefined : strip(Buffer.from(path, 'latin1').toString());
    return bare === undefined ? line : `${head}${Buffer.from(bare).toString('latin1')}`;
  });
}

const DELETED = ' (deleted)';

function mappedIn(maps: Artifact | undefined): Pick<Share, 'mapped' | 'deleted'> {
  const [mapped, deleted] = [new Set<string>(), new Set<string>()];
  for (const line of (maps ? latin1(maps.bytes) : '').split('\n')) {
    const [, , path] = MAPPING.exec(line) ?? [];
    if (path === undefined) continue;
    const text = Buffer.from(path, 'latin1').toString();
    if (text.endsWith(DELETED)) deleted.add(text.slice(0, -DELETED.length));
    else mapped.add(text);
  }
  return { mapped, deleted };
}

interface Images {
  /** What stat said of the container's processes, with the root of the first for that of the look. */
  readonly text: (init: number, elsewhere: ReadonlySet<number>) => string;
  /** A line about the program of a process, told of one of the container that runs the same file; undefined where none does. */
  readonly renumbered: (line: string) => string | undefined;
}

function imagesOf(text: string, pids: ReadonlySet<number>): Images {
  const files = new Map<number, string>();
  const holders = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, number, file] = /^(\d{1,10})\/exe (\d+:\d+) /.exec(line) ?? [];
    if (number === undefined || file === undefined) continue;
    const pid = Number(number);
    files.set(pid, file);
    if (pids.has(pid) && !holders.has(file)) holders.set(file, pid);
  }
  return {
    text(init, elsewhere) {
      const root = new RegExp(`^${init}/root (.*)$`, 'm').exec(text)?.[1];
      const own = keptLines(text, (line) => {
        const [, number, what] = /^(\d{1,10})\/(\S+)/.exec(line) ?? [];
        const pid = Number(number ?? -1);
        // A program from outside of the root is no file of the container: what its path means is not known.
        return pids.has(pid) && !(what === 'root' && elsewhere.has(pid)) ? line : undefined;
      });
      return root === undefined ? own : `${own}/proc/self/root ${root}\n`;
    },
    renumbered(line) {
      const number = /^(?:[0-9a-f]{32,64} [ *])?(\d{1,10})\/exe(?=:|$)/.exec(line)?.[1];
      const file = files.get(Number(number ?? -1));
      const holder = file === undefined ? undefined : holders.get(file);
      return holder === undefined ? undefined : line.replace(`${number}/exe`, `${holder}/exe`);
    },
  };
}

function socketsOf(links: Links, pids: ReadonlySet<number>): Sockets {
  const spaces = new Map<number, number>();
  const held = new Set<number>();
  let look = -1;
  for (const { path, target } of links) {
    const [, number, rest = ''] = /^(\d{1,10})\/(ns\/net|fd\/\d+)$/.exec(path) ?? [];
    const inode = Number(/^(?:net|socket):\[(\d{1,15})\]$/.exec(target)?.[1] ?? -1);
    if (path === 'self/ns/net') look = inode;
    if (number === undefined || inode === -1) continue;
    if (rest === 'ns/net') spaces.set(Number(number), inode);
    else if (pids.has(Number(number))) held.add(inode);
  }
  const own = new Map<number, number>();
  for (const [pid, space] of spaces) if (pids.has(pid) && !own.has(space)) own.set(space, pid);
  const shared = new Set([...spaces].flatMap(([pid, space]) => (pids.has(pid) ? [] : [space])));
  return { spaces, own, shared, held, pids, sharesLook: own.has(look) };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
