import { keptLines } from './kept-lines.ts';

/** What is known of the sockets of a container before its tables are read. */
export interface Sockets {
  /** The network namespace of every process of the host. */
  readonly spaces: ReadonlyMap<number, number>;
  /** The namespaces in which the container lives, and one of its processes in each. */
  readonly own: ReadonlyMap<number, number>;
  /** Namespaces in which others live as well: the host's own, that of a pod. */
  readonly shared: ReadonlySet<number>;
  /** Inodes of the sockets that its processes hold. */
  readonly held: ReadonlySet<number>;
  readonly pids: ReadonlySet<number>;
  /** Whether it lives in the network namespace of the look, which alone `ss` shows. */
  readonly sharesLook: boolean;
}

/** Where the inode stands in a row, counted in words. */
const INODE_AT: Readonly<Record<string, number>> = { packet: 8, unix: 6, 'sctp/eps': 7, 'sctp/assocs': 10 };
const INODE_USUALLY_AT = 9;
/** Tables of the namespace as a whole: they tell of one container only where it lives there alone. */
const OF_THE_SPACE = new Set(['nf_conntrack', 'protocols', 'sockstat', 'ptype', 'route', 'arp']);

/**
 * The tables of the container's network namespaces, under the number of one of its processes. In a namespace that others
 * live in as well, its sockets are those that its processes hold.
 */
export function netTablesOf(text: string, { spaces, own, shared, held }: Sockets): string {
  return keptLines(text, (line) => {
    const [, number, table = '', row = ''] = /^(\d{1,10})\/net\/([\w/]+):(.*)/s.exec(line) ?? [];
    const space = number === undefined ? undefined : spaces.get(Number(number));
    const holder = space === undefined ? undefined : own.get(space);
    if (number === undefined || space === undefined || holder === undefined) return undefined;
    if (shared.has(space)) {
      if (OF_THE_SPACE.has(table)) return undefined;
      const words = row.trim().split(/\s+/);
      const isHeader = /^\s*(?:sk|sl|ENDPT|ASSOC|Num)\b/.test(row);
      if (!isHeader && !held.has(Number(words[INODE_AT[table] ?? INODE_USUALLY_AT]))) return undefined;
    }
    return `${holder}${line.slice(number.length)}`;
  });
}

/** The filters of sockets that its processes hold. */
export function filtersOf(text: string, { held, pids }: Sockets): string {
  return keptLines(text, (line) => {
    const [, inode, pid] = /^(\d{1,15}) (\d{1,10}) /.exec(line) ?? [];
    const kept = inode === undefined ? line.startsWith('order ') : held.has(Number(inode)) || pids.has(Number(pid));
    return kept ? line : undefined;
  });
}

/** The sockets that its processes hold, each with the lines that follow it. */
export function ssOf(text: string, { held }: Sockets): string {
  let kept = false;
  return keptLines(text, (line) => {
    const inode = /\bino:(\d{1,15})/.exec(line)?.[1];
    if (inode !== undefined) kept = held.has(Number(inode));
    else if (!/^\s/.test(line)) kept = false;
    return kept ? line : undefined;
  });
}
