import type { Line } from '../lib/lines.ts';
import { assembleLine } from './assemble.ts';
import { issue, type Entry, type Form, type ReadProgram } from './entry.ts';
import type { Instruction } from './program.ts';
import { parseQuadruples } from './quadruples.ts';
import { instructionOfWords } from './row.ts';

// { 0x28, 0, 0, 0x0000000c },
const DD_ROW = /^\s*\{\s*(0x[0-9a-f]+)\s*,\s*(\d+)\s*,\s*(\d+)\s*,\s*(0x[0-9a-f]+|\d+)\s*\},?$/i;

/** No row is longer: a bound for the pattern. */
const LONGEST_ROW = 200;

function wordsOfDd(text: string): readonly string[] | undefined {
  const trimmed = text.trim();
  return trimmed.length > LONGEST_ROW ? undefined : DD_ROW.exec(trimmed)?.slice(1);
}

/** Whether a line is a row of `tcpdump -dd`. */
export function isDdRow(text: string): boolean {
  return wordsOfDd(text) !== undefined;
}

/** `number` is undefined where the form does not number its rows. */
type Row = { readonly number: number | undefined; readonly instruction: Instruction };

function* readRows(lines: readonly Line[], row: (text: string) => Row | undefined, about: string): Generator<Entry> {
  let insns: Instruction[] = [];
  let start = 0;
  let damaged = false;
  let last = 0;
  const end = function* (): Generator<ReadProgram> {
    if (insns.length > 0 && !damaged) yield { kind: 'program', insns, where: { line: start } };
    insns = [];
    damaged = false;
  };
  for (const { text, number: line } of lines) {
    const read = row(text);
    // A blank line, like the number 0, begins the next program.
    if (read?.number === 0 || (read !== undefined && read.number === undefined && line > last + 1)) yield* end();
    last = line;
    if (insns.length === 0 && !damaged) start = line;
    if (read !== undefined && (read.number === undefined || read.number === insns.length)) {
      if (!damaged) insns.push(read.instruction);
    } else if (!damaged) {
      yield issue(line, read === undefined ? `the line is no ${about}` : `instruction ${insns.length} is missing`);
      damaged = insns.length > 0 || read !== undefined;
    }
  }
  yield* end();
}

/** Reads the output of `tcpdump -d`; the number 0 begins another program. */
export const readD: Form = (lines) => readRows(lines, assembleLine, 'instruction');

/** Reads the output of `tcpdump -dd`; a blank line begins another program. */
export const readDd: Form = (lines) =>
  readRows(
    lines,
    (text) => {
      const instruction = instructionOfWords(wordsOfDd(text) ?? []);
      return instruction === undefined ? undefined : { number: undefined, instruction };
    },
    'row of tcpdump -dd',
  );

/** Reads the output of `tcpdump -ddd`: a count, then rows of decimal numbers, on lines of their own or with commas between them. */
export function* readDdd(lines: readonly Line[]): Generator<Entry> {
  const parts = lines.flatMap(({ text, number }) =>
    text
      .split(',')
      .map((part) => ({ text: part.trim(), line: number }))
      .filter((part) => part.text !== ''),
  );
  for (let index = 0; index < parts.length;) {
    const { text = '', line = 1 } = parts[index] ?? {};
    const counted = /^\d{1,9}$/.test(text);
    let next = counted ? index + 1 : index;
    while (next < parts.length && /\s/.test(parts[next]?.text ?? '')) next++;
    const rows = parts.slice(counted ? index + 1 : index, next);
    const read = parseQuadruples(counted ? Number(text) : rows.length, rows.map((row) => row.text).join());
    if ('reason' in read) yield issue(line, read.reason);
    else yield { kind: 'program', insns: read.program, where: { line } };
    index = next;
  }
}
