import { linesOf, type Line } from '../lib/lines.ts';
import { fromHex } from '../lib/bytes.ts';
import { assembleLine } from './assemble.ts';
import { decodeClassicBpf, RECORD_BYTES } from './decode.ts';
import { LINKS, type Link } from './link.ts';
import type { Instruction, Program } from './program.ts';
import { parseBpfFilterText, parseQuadruples } from './quadruples.ts';
import { instructionOfWords, programOfRows } from './row.ts';
import { parseSsSocket, type SsSocket } from './ss-socket.ts';

/** A program as it was found. */
export interface ReadProgram {
  readonly kind: 'program';
  /** The id that the input gives it. */
  readonly id?: string;
  readonly insns: Program;
  /** What offset 0 is, where the input says it. */
  readonly link?: Link;
  readonly where: Where;
  /** The socket that the filter sits on, in the output of ss. */
  readonly socket?: SsSocket;
}

/** Input that is no program, or a damaged one. */
export interface ReadIssue {
  readonly kind: 'issue';
  readonly where: Where;
  readonly reason: string;
}

/** The line that an entry begins on, counted from 1. */
export interface Where {
  readonly line: number;
}

/** No text that holds programs needs longer lines: 65,536 instructions in the longest spelling. */
const LINE_LIMIT_BYTES = 4 << 20;

/**
 * Reads programs in any of their usual forms, told apart by content: NDJSON or a JSON array, the output of `ss -0pb`,
 * of `tcpdump -d`, `-dd` and `-ddd`, or `struct sock_filter` records in hexadecimal (little-endian, unless only the other
 * order ends in a return).
 *
 * @param bytes Text in UTF-8.
 * @returns Programs and issues in the order of the input. Damage costs the entry it hits, never its neighbours.
 */
export function readPrograms(bytes: Uint8Array): (ReadProgram | ReadIssue)[] {
  const lines = [...linesOf(bytes, LINE_LIMIT_BYTES)].filter(({ text }) => text.trim() !== '');
  return [...formOf(lines)(lines, bytes)];
}

type Form = (lines: readonly Line[], bytes: Uint8Array) => Iterable<ReadProgram | ReadIssue>;

const SAMPLE_LINES = 200;
const DD_ROW = /^\s*\{\s*(0x[0-9a-f]+)\s*,\s*(\d+)\s*,\s*(\d+)\s*,\s*(0x[0-9a-f]+|\d+)\s*\}\s*,?\s*$/i;

function formOf(lines: readonly Line[]): Form {
  const sample = lines.slice(0, SAMPLE_LINES);
  const some = (pattern: RegExp) => sample.some(({ text }) => pattern.test(text));
  if (lines.length === 0) return () => [issue(1, 'there is nothing to read')];
  if (some(DD_ROW)) return readDd;
  if (/^\s*(?:\{\s*"|\[)/.test(sample[0]?.text ?? '')) return readJson;
  if (lines.some(({ text }) => text.includes('bpf filter (')) || some(/^p_(raw|dgr)\s/)) return readSs;
  if (some(/^\s*\(\d{1,5}\)\s+[a-z]/)) return readD;
  if (/^\s*[[{]/.test(sample[0]?.text ?? '')) return readJson;
  if (sample.every(({ text }) => /^[\s\d,]*$/.test(text)) && some(/\d[ \t]+\d+[ \t]+\d+[ \t]+\d/)) return readDdd;
  if (sample.every(({ text }) => /^\s*(?:0x)?[0-9a-f][0-9a-f\s:]*$/i.test(text))) return readHex;
  return some(/^\s*\{/) ? readJson : () => [issue(lines[0]?.number ?? 1, 'this is no known form of a program')];
}

function issue(line: number, reason: string): ReadIssue {
  return { kind: 'issue', where: { line }, reason };
}

// JSON: one document, or one a line

function* readJson(lines: readonly Line[], bytes: Uint8Array): Generator<ReadProgram | ReadIssue> {
  const whole = lines.length > 1 && parseJson(new TextDecoder().decode(bytes));
  if (whole) {
    yield* ofJson(whole.value, lines[0]?.number ?? 1);
    return;
  }
  for (const { text, number } of lines) {
    const parsed = parseJson(text);
    if (parsed === undefined) yield issue(number, 'the line is no JSON');
    else yield* ofJson(parsed.value, number);
  }
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** A program is an array of rows or an object with `insns`; several are an array of programs or an object with `entries`. */
function* ofJson(value: unknown, line: number, depth = 0): Generator<ReadProgram | ReadIssue> {
  const entries = Array.isArray(value) ? (value as unknown[]) : fieldOf(value, 'entries');
  const listed = Array.isArray(entries) && (!Array.isArray(value) || isListOfPrograms(entries));
  if (listed && depth < 2) {
    for (const entry of entries) yield* ofJson(entry, line, depth + 1);
    return;
  }
  const rows: unknown = Array.isArray(value) ? value : fieldOf(value, 'insns');
  const insns = programOfRows(rows);
  if (typeof insns === 'string') {
    yield issue(line, insns);
    return;
  }
  const id = fieldOf(value, 'id');
  const link = fieldOf(value, 'link');
  const known = LINKS.find((name) => name === link);
  if (link !== undefined && known === undefined) yield issue(line, '"link" is none that is known; it is passed over');
  yield {
    kind: 'program',
    insns,
    where: { line },
    ...(typeof id === 'string' || typeof id === 'number' ? { id: String(id) } : {}),
    ...(known === undefined ? {} : { link: known }),
  };
}

function isListOfPrograms(entries: readonly unknown[]): boolean {
  const [first] = entries;
  return Array.isArray(first) ? Array.isArray(first[0]) : typeof first === 'object' && first !== null;
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

// ss -0pb

function* readSs(lines: readonly Line[]): Generator<ReadProgram | ReadIssue> {
  let socket: SsSocket | undefined;
  for (const { text, number } of lines) {
    const at = text.indexOf('bpf filter (');
    const before = at === -1 ? text : text.slice(0, at);
    if (before.trim() !== '') socket = parseSsSocket(before);
    if (at === -1) continue;
    const read = parseBpfFilterText(text.slice(at));
    if ('reason' in read) yield issue(number, read.reason);
    else {
      yield {
        kind: 'program',
        insns: read.program,
        where: { line: number },
        ...(socket === undefined ? {} : { socket, link: socket.type === 'raw' ? 'ethernet' : 'network' }),
      };
    }
  }
}

// tcpdump -d, -dd, -ddd

/** `number` is undefined where the form does not number its rows. */
type Row = { readonly number: number | undefined; readonly instruction: Instruction };

function* readRows(
  lines: readonly Line[],
  row: (text: string) => Row | undefined,
  about: string,
): Generator<ReadProgram | ReadIssue> {
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

const readD: Form = (lines) => readRows(lines, assembleLine, 'instruction');

const readDd: Form = (lines) =>
  readRows(
    lines,
    (text) => {
      const [, ...words] = DD_ROW.exec(text) ?? [];
      const instruction = instructionOfWords(words);
      return instruction === undefined ? undefined : { number: undefined, instruction };
    },
    'row of tcpdump -dd',
  );

/** A count, then rows of decimal numbers, on lines of their own or with commas between them. */
function* readDdd(lines: readonly Line[]): Generator<ReadProgram | ReadIssue> {
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

// Hexadecimal records: a line that holds whole records by itself is a program, else all lines are one

function* readHex(lines: readonly Line[]): Generator<ReadProgram | ReadIssue> {
  const each = lines.map(({ text, number }) => ({ bytes: fromHex(text.replace(/^\s*0x/i, '')), line: number }));
  const ended = each.map(({ bytes }) => (bytes === undefined ? undefined : recordsOf(bytes)));
  if (lines.length > 1 && !ended.every((program) => program !== undefined && endsInReturn(program))) {
    const joined = fromHex(lines.map(({ text }) => text).join(' '));
    const program = joined === undefined ? undefined : recordsOf(joined);
    if (program !== undefined && endsInReturn(program)) {
      yield { kind: 'program', insns: program, where: { line: lines[0]?.number ?? 1 } };
      return;
    }
  }
  for (const [index, { line, bytes }] of each.entries()) {
    const program = ended[index];
    if (program !== undefined) yield { kind: 'program', insns: program, where: { line } };
    else if (bytes === undefined) yield issue(line, 'the line is not hexadecimal, or half a byte is missing');
    else yield issue(line, `${bytes.length} bytes are no whole records of ${RECORD_BYTES}`);
  }
}

function recordsOf(bytes: Uint8Array): Program | undefined {
  if (bytes.length === 0 || bytes.length % RECORD_BYTES !== 0) return undefined;
  const little = decodeClassicBpf(bytes, 'le');
  if (endsInReturn(little)) return little;
  const big = decodeClassicBpf(bytes, 'be');
  return endsInReturn(big) ? big : little;
}

function endsInReturn(program: Program): boolean {
  const code = program.at(-1)?.code;
  return code === 0x06 || code === 0x16;
}
