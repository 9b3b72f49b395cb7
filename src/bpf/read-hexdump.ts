import { concat, fromHex } from '../lib/bytes.ts';
import type { Line } from '../lib/lines.ts';
import { issue, type Entry } from './entry.ts';
import { programOfRecords } from './read-hex.ts';

// xxd:           00000000: 2800 0000 0c00 0000 1500 0801 0008 0000  (...............
// hexdump -C:    00000000  28 00 00 00 0c 00 00 00  15 00 08 01 00 08 00 00  |(...............|
// od -A x -t x1: 000000 28 00 00 00 0c 00 00 00
// hexdump, od -x: 0000000 0028 0000 000c 0000
const OFFSET = /^([0-9a-f]{6,16})(:?)(?:\s{1,9}|$)/i;

/** The same bytes as on the line before, as often as it takes to the next offset. */
const REPEATED = '*';

/** Twice the longest program that is read. */
const MOST_BYTES = 1 << 20;

interface Row {
  readonly offset: string;
  readonly bytes: Uint8Array;
}

/** One line of a dump: its offset as it is written, and its bytes in the order of the file. */
function rowOf(text: string): Row | undefined {
  const [head, offset = '', colon] = OFFSET.exec(text) ?? [];
  if (head === undefined) return undefined;
  const [digits = ''] = text.slice(head.length).split(colon === ':' ? '  ' : /[|>]/, 1);
  const groups = digits.split(/\s+/).filter((group) => group !== '');
  const width = groups[0]?.length ?? 0;
  if (colon === '' && groups.length > 0 && width !== 2 && width !== 4) return undefined;
  const bytes = groups.length > 64 ? undefined : fromHex(groups.join(''));
  if (bytes === undefined) return undefined;
  // Without a colon, words of 16 bits are as a little-endian host reads them.
  return { offset, bytes: colon === '' && width === 4 ? bytes.map((_, at) => bytes[at ^ 1] ?? 0) : bytes };
}

/** Whether a line begins a dump: its offset is 0, and bytes stand behind. */
export function isHexdump({ text }: Line): boolean {
  const row = rowOf(text);
  return row !== undefined && /^0+$/.test(row.offset) && row.bytes.length > 0;
}

/** Reads what xxd, hexdump and od print of `struct sock_filter` records. The offset 0 begins another program. */
export function* readHexdump(lines: readonly Line[]): Generator<Entry> {
  let dump: Line[] = [];
  for (const line of lines) {
    if (isHexdump(line) && dump.length > 0) {
      yield entryOf(dump);
      dump = [];
    }
    dump.push(line);
  }
  if (dump.length > 0) yield entryOf(dump);
}

function entryOf(dump: readonly Line[]): Entry {
  const parts: Uint8Array[] = [];
  const base = baseOf(dump);
  let at = 0;
  let repeats = false;
  for (const { text, number } of dump) {
    if (text.trim() === REPEATED) {
      repeats = true;
      continue;
    }
    const row = rowOf(text);
    if (row === undefined) return issue(number, 'this is no line of the dump; dump the program again, with xxd');
    const offset = parseInt(row.offset, base);
    const last = parts.at(-1) ?? NOTHING;
    const again = repeats && last.length > 0 ? Math.ceil((Math.min(offset, MOST_BYTES) - at) / last.length) : 0;
    for (let count = 0; count < again; count++) {
      parts.push(last);
      at += last.length;
    }
    repeats = false;
    if (at !== offset) {
      return issue(
        number,
        `the dump goes on at ${row.offset} after ${at} bytes: a line is missing; dump the program again`,
      );
    }
    parts.push(row.bytes);
    at += row.bytes.length;
  }
  const line = dump[0]?.number ?? 1;
  const insns = programOfRecords(concat(parts));
  return insns === undefined
    ? issue(line, `${at} bytes are no whole records of 8; dump the whole program`)
    : { kind: 'program', insns, where: { line } };
}

const NOTHING = new Uint8Array();

/** od counts in octal, with seven digits, unless told otherwise: the second line tells. */
function baseOf(dump: readonly Line[]): 8 | 16 {
  const [first, second] = dump.map(({ text }) => rowOf(text));
  if (first === undefined || second?.offset.length !== 7 || !/^[0-7]+$/.test(second.offset)) return 16;
  return parseInt(second.offset, 8) === first.bytes.length ? 8 : 16;
}
