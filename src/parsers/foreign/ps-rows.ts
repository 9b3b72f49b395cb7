import { entryOf } from '../../lib/table.ts';
import { linesOf } from '../../lib/lines.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { Placed } from './rows.ts';

/** What one line of ps says of a process. */
export interface PsRow extends Placed {
  readonly pid: number;
  readonly ppid?: number;
  readonly user?: string;
  readonly state?: string;
  readonly tty?: string;
  readonly session?: number;
  readonly threads?: number;
  readonly comm?: string;
  readonly args?: string;
  readonly cgroup?: string;
  /** It has no memory of its own, as threads of the kernel have none. */
  readonly withoutMemory?: boolean;
}

/** Columns by their headers, with the same meaning under every name. */
const COLUMNS: Readonly<Record<string, string>> = {
  PID: 'pid',
  PPID: 'ppid',
  USER: 'user',
  UID: 'user',
  RUSER: 'user',
  EUSER: 'user',
  STAT: 'state',
  S: 'state',
  TTY: 'tty',
  TT: 'tty',
  SID: 'session',
  SESS: 'session',
  NLWP: 'threads',
  VSZ: 'vsz',
  RSS: 'rss',
  CGROUP: 'cgroup',
  COMMAND: 'command',
  CMD: 'command',
  ARGS: 'command',
};
const HEADER = /^(?!.*\b(?:TYPE|PATH|NODE)\b)(?=.* ?\bPID\b)[ \t]*[A-Z%][A-Z%+_-]*(?:[ \t]+[A-Z%][A-Z%+_-]*)*[ \t]*$/;
/** A start as lstart prints it has five words under one header. */
const LONG_START = /[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d \d{4}/;

/**
 * Rows of ps, whatever columns were asked for; a header may come again, for several outputs lie behind one another. Threads of
 * a process and rows without a number are left out.
 *
 * @see ps(1)
 */
export function* psRows(artifact: Artifact): Generator<PsRow> {
  let columns: readonly string[] | undefined;
  for (const { text, offset, number } of linesOf(artifact.bytes)) {
    if (HEADER.test(text)) {
      columns = text.trim().split(/\s+/);
      continue;
    }
    if (columns === undefined) continue;
    const values = valuesOf(columns, text);
    const pid = numberOf(values?.get('pid'));
    if (values === undefined || pid === undefined) continue;
    // busybox puts a name that is not that of the arguments before them; of other tools it would be an argument.
    const isBusybox = columns.join(' ') === 'PID USER TIME COMMAND';
    const [, braced, behind] = (isBusybox && /^\{(.{1,15})\} (.*)$/.exec(values.get('command') ?? '')) || [];
    const command = behind ?? values.get('command');
    // With cgroup behind it, and where nothing was asked for, ps shows the name alone.
    const isName = columns.at(-1) === 'CGROUP' || columns.join(' ') === 'PID TTY TIME CMD';
    yield {
      offset,
      line: number,
      pid,
      ...some('ppid', numberOf(values.get('ppid'))),
      ...some('user', values.get('user')),
      ...some('state', /^[A-Z]/.exec(values.get('state') ?? '')?.[0]),
      ...some('tty', values.get('tty')),
      ...some('session', numberOf(values.get('session'))),
      ...some('threads', numberOf(values.get('threads'))),
      ...some('comm', braced),
      ...some(isName ? 'comm' : 'args', command?.replace(/^[ |]*\\_ /, '')),
      ...some('cgroup', values.get('cgroup')),
      ...(values.has('vsz') && values.has('rss')
        ? { withoutMemory: values.get('vsz') === '0' && values.get('rss') === '0' }
        : {}),
    };
  }
}

/** The words of a row under its headers: the last takes the rest, and a command before it what the words behind leave. */
function valuesOf(columns: readonly string[], text: string): ReadonlyMap<string, string> | undefined {
  const line = columns.includes('STARTED') ? text.replace(LONG_START, (start) => start.replaceAll(' ', '_')) : text;
  const command = columns.findIndex((column) => entryOf(COLUMNS, column) === 'command');
  const wide = command === -1 ? columns.length - 1 : command;
  const behind = columns.length - 1 - wide;
  const words = [...line.matchAll(/\S+/g)];
  const first = words[wide];
  const last = words[words.length - 1 - behind];
  if (first === undefined || last === undefined || words.length < columns.length) return undefined;
  const found = new Map<string, string>();
  for (const [index, column] of columns.entries()) {
    const key = entryOf(COLUMNS, column);
    if (key === undefined || found.has(key)) continue;
    const value =
      index < wide
        ? words[index]?.[0]
        : index > wide
          ? words[words.length - columns.length + index]?.[0]
          : line.slice(first.index, last.index + last[0].length);
    if (value !== undefined) found.set(key, value);
  }
  return found;
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

function some<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [key in K]?: V };
}
