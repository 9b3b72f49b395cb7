import type { Line } from '../lib/lines.ts';
import { assembleLine } from './assemble.ts';
import { issue, type Entry, type ReadProgram } from './entry.ts';
import type { Instruction } from './program.ts';
import { parseQuadruples } from './quadruples.ts';

/** Reads the output of `tcpdump -d`; the number 0 begins another program. */
export function* readD(lines: readonly Line[]): Generator<Entry> {
  let insns: Instruction[] = [];
  let start = 0;
  let damaged = false;
  const end = function* (): Generator<ReadProgram> {
    if (insns.length > 0 && !damaged) yield { kind: 'program', insns, where: { line: start } };
    insns = [];
    damaged = false;
  };
  for (const { text, number: line } of lines) {
    const read = assembleLine(text);
    if (read?.number === 0) yield* end();
    if (insns.length === 0 && !damaged) start = line;
    if (read?.number === insns.length) {
      if (!damaged) insns.push(read.instruction);
    } else if (!damaged) {
      yield issue(
        line,
        `${read === undefined ? 'the line is no instruction' : `instruction ${insns.length} is missing`}; print the program again`,
      );
      damaged = insns.length > 0 || read !== undefined;
    }
  }
  yield* end();
}

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
    if (next === index) {
      yield issue(line, 'this is neither a count of instructions nor a row of four numbers; print the program again');
      index++;
      continue;
    }
    const rows = parts.slice(counted ? index + 1 : index, next);
    const read = parseQuadruples(counted ? Number(text) : rows.length, rows.map((row) => row.text).join());
    if ('reason' in read) yield issue(line, read.reason);
    else yield { kind: 'program', insns: read.program, where: { line } };
    index = next;
  }
}
