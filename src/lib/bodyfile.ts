import { linesOf } from './lines.ts';

/** A file as a bodyfile tells of it; what it does not tell is absent. */
export interface BodyfileRow {
  readonly path: string;
  /** Where a link leads. */
  readonly target?: string;
  readonly type: 'file' | 'directory' | 'link' | 'other';
  /** Permission bits, those of setuid, setgid and the sticky bit among them. */
  readonly mode: number;
  readonly inode?: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  /** Seconds since 1970. */
  readonly accessed?: number;
  readonly modified?: number;
  readonly changed?: number;
  readonly born?: number;
}

/** A line of a bodyfile; without `row` it is none. */
export interface BodyfileLine {
  readonly offset: number;
  readonly line: number;
  readonly row?: BodyfileRow;
}

const ROW =
  /^[^|]*\|(\/.*)\|(\d{0,19})\|([^|]{10,12})\|(\d{1,10})\|(\d{1,10})\|(\d{1,16})\|(-?\d{0,11})\|(-?\d{0,11})\|(-?\d{0,11})\|(-?\d{0,11})\s*$/;

/**
 * Metadata of files as `mactime` wants it: `MD5|name|inode|mode|uid|gid|size|atime|mtime|ctime|crtime`, with ` -> TARGET` behind
 * the name of a link. Blank lines are left out.
 *
 * @see the format of The Sleuth Kit 3.0
 */
export function* bodyfileLines(bytes: Uint8Array): Generator<BodyfileLine> {
  for (const { text, offset, number: line } of linesOf(bytes)) {
    const [, whole, inode = '', mode = '', uid, gid, size, accessed, modified, changed, born] = ROW.exec(text) ?? [];
    if (whole === undefined) {
      if (text.trim() !== '') yield { offset, line };
      continue;
    }
    const type = TYPES.get(mode.replace(/^.\//, '')[0] ?? '') ?? 'other';
    const arrow = type === 'link' ? whole.indexOf(' -> ') : -1;
    const times = { accessed, modified, changed, born };
    const told = Object.entries(times).flatMap(([name, value]) => {
      // 0 stands for a time that the file system or the tool does not tell.
      return value === undefined || value === '' || Number(value) <= 0 ? [] : [[name, Number(value)]];
    });
    const row = {
      path: arrow === -1 ? whole : whole.slice(0, arrow),
      ...(arrow === -1 ? {} : { target: whole.slice(arrow + 4) }),
      type,
      mode: bitsOf(mode),
      ...(inode === '' ? {} : { inode: Number(inode) }),
      uid: Number(uid),
      gid: Number(gid),
      sizeBytes: Number(size),
      ...(Object.fromEntries(told) as Pick<BodyfileRow, keyof typeof times>),
    };
    yield { offset, line, row };
  }
}

/** Where UAC used a stat that prints a dash for the kind of an empty file, the mode is dashes alone: a file without bits. */
const TYPES: ReadonlyMap<string, BodyfileRow['type']> = new Map([
  ['-', 'file'],
  ['r', 'file'],
  ['d', 'directory'],
  ['l', 'link'],
]);

/** Permission bits of `-rwsr-xr-x`, of which the last ten characters count (`r/rrwxr-xr-x` names the kind twice). */
function bitsOf(mode: string): number {
  const text = mode.slice(-9);
  let bits = 0;
  for (const [index, letter] of [...text].entries()) {
    if (letter !== '-' && letter !== 'S' && letter !== 'T') bits |= 0o400 >> index;
  }
  const special = [
    /[sS]/.test(text[2] ?? '') ? 0o4000 : 0,
    /[sS]/.test(text[5] ?? '') ? 0o2000 : 0,
    /[tT]/.test(text[8] ?? '') ? 0o1000 : 0,
  ];
  return special.reduce((sum, bit) => sum | bit, bits);
}
