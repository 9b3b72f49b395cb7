import { linesOf } from '../../lib/lines.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { Placed } from './rows.ts';

/** One line of lsof: something that a process has open. */
export interface LsofRow extends Placed {
  /** Cut to nine characters where lsof was not asked for more. */
  readonly command: string;
  readonly pid: number;
  readonly user: string;
  /** `cwd`, `rtd`, `txt`, `mem`, or the number of a descriptor with its mode. */
  readonly fd: string;
  readonly type: string;
  /** What stands behind the type: device, size or offset, node and name, of which some may be blank. */
  readonly rest: string;
}

// Threads have two more columns, which are blank for processes; blanks in names are escaped.
const ROW =
  /^(\S{1,64}) +(\d{1,10}) +(?:(\d{1,10}) +(\S+) +)??(\S+) +(cwd|rtd|txt|mem|DEL|ltx|jld|pd|NOFD|mmap|err|\d{1,7}[rwuW -]?[a-zA-Z]?) +(\S+)(.*)$/;

/** Several parsers join them, and a large host has half a million. */
const known = new WeakMap<Artifact, readonly LsofRow[]>();

/** Rows of lsof, those of threads and of mapped files apart. @see lsof(8), OUTPUT */
export function lsofRows(artifact: Artifact): readonly LsofRow[] {
  let rows = known.get(artifact);
  if (rows === undefined) known.set(artifact, (rows = [...read(artifact)]));
  return rows;
}

function* read(artifact: Artifact): Generator<LsofRow> {
  for (const { text, offset, number } of linesOf(artifact.bytes)) {
    const [, command = '', pid, thread, , user = '', fd = '', type = '', rest = ''] = ROW.exec(text) ?? [];
    if (pid === undefined || thread !== undefined || fd === 'mem' || fd === 'DEL') continue;
    yield { offset, line: number, command: unescaped(command), pid: Number(pid), user, fd, type, rest: rest.trim() };
  }
}

/** The file of a row of the kind REG, DIR or the like: device, then size, inode and name. */
export function fileOf({
  rest,
}: LsofRow): { readonly device: string; readonly inode: number; readonly name: string } | undefined {
  const [, device, inode, name] = /^(\S+) +(?:\d\S*) +(\d{1,19}) +(\/.*)$/.exec(rest) ?? [];
  return device === undefined || name === undefined
    ? undefined
    : { device, inode: Number(inode), name: unescaped(name) };
}

/** The inode of a socket: in the column of the device for internet and packet sockets, in that of the node for others. */
export function socketInodeOf({ type, rest }: LsofRow): number | undefined {
  const device = type === 'pack' || type === 'IPv4' || type === 'IPv6';
  const pattern = device
    ? /^(\d{1,15}) /
    : type === 'raw' || type === 'raw6' || type === 'sock' || type === 'unix' || type === 'netlink'
      ? /(?:^|\s)\dt\S+ +(\d{1,15})(?= |$)/
      : undefined;
  const inode = pattern?.exec(rest)?.[1];
  return inode === undefined ? undefined : Number(inode);
}

/** The number of a descriptor. */
export function descriptorOf({ fd }: LsofRow): number | undefined {
  const number = /^\d+/.exec(fd)?.[0];
  return number === undefined ? undefined : Number(number);
}

/** lsof writes what would move the cursor as \xHH, \n and their like. */
function unescaped(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}
