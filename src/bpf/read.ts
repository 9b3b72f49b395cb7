import { linesOf, type Line } from '../lib/lines.ts';
import { issue, type Entry, type Form } from './entry.ts';
import { isByteList, readBytes } from './read-bytes.ts';
import { readHex } from './read-hex.ts';
import { isHexdump, readHexdump } from './read-hexdump.ts';
import { isJson, readJson } from './read-json.ts';
import { isSourceRow, readSource } from './read-source.ts';
import { readSs } from './read-ss.ts';
import { readD, readDdd } from './read-tcpdump.ts';

/** No text that holds programs needs longer lines: 65,536 instructions in the longest spelling. */
const LINE_LIMIT_BYTES = 4 << 20;

/**
 * Reads programs in any of their usual forms, told apart by content: NDJSON or a JSON array, the output of `ss -0pb`,
 * of `tcpdump -d`, `-dd` and `-ddd` and of `strace -v`, rows in source code of C and Python, or `struct sock_filter` records
 * as hexadecimal, as a dump by xxd, hexdump or od, or as a list or string of bytes (little-endian, unless only the other order
 * ends in a return).
 *
 * @param bytes Text in UTF-8.
 * @returns Programs and issues in the order of the input. Damage costs the entry it hits, never its neighbours.
 */
export function readPrograms(bytes: Uint8Array): Entry[] {
  const lines = [...linesOf(bytes, LINE_LIMIT_BYTES)].filter(({ text }) => text.trim() !== '');
  return [...formOf(lines, bytes)(lines, bytes)];
}

const SAMPLE_LINES = 200;

/** Forms and how they are known, the surest first. */
const FORMS: readonly (readonly [form: Form, knows: (lines: readonly Line[], bytes: Uint8Array) => boolean])[] = [
  [readJson, (lines, bytes) => /^\s*\{\s*"/.test(lines[0]?.text ?? '') || isWholeJson(lines, bytes)],
  [readSs, (lines) => lines.some(({ text }) => text.includes('bpf filter (') || /^(?:Netid|p_raw|p_dgr)\s/.test(text))],
  [readD, (lines) => sampleOf(lines).some(({ text }) => /^\s*\(\d{1,5}\)\s+[a-z]/.test(text))],
  [readSource, (lines) => lines.some(isSourceRow)],
  [readBytes, (lines) => lines.some(isByteList)],
  [readHexdump, (lines) => isHexdump(lines[0] ?? NO_LINE)],
  [readDdd, isDdd],
  [readHex, (lines) => sampleOf(lines).every(({ text }) => /^\s*(?:0x)?[0-9a-f][0-9a-f\s:]*$/i.test(text))],
  [readJson, (lines) => sampleOf(lines).some(({ text }) => /^\s*[[{]/.test(text))],
];

const NO_LINE: Line = { text: '', offset: 0, number: 1 };

const sampleOf = (lines: readonly Line[]): readonly Line[] => lines.slice(0, SAMPLE_LINES);

function formOf(lines: readonly Line[], bytes: Uint8Array): Form {
  if (lines.length === 0) return () => [issue(1, 'there is nothing to read')];
  const form = FORMS.find(([, knows]) => knows(lines, bytes));
  return form?.[0] ?? (() => [issue(lines[0]?.number ?? 1, 'this is no known form of a program')]);
}

function isDdd(lines: readonly Line[]): boolean {
  const sample = sampleOf(lines);
  return (
    sample.every(({ text }) => /^[\s\d,]*$/.test(text)) &&
    sample.some(({ text }) => /(?:^|,)\s*\d+(?:[ \t]+\d+){3}\s*(?:,|$)/.test(text))
  );
}

/** Lists of Python and rows of C begin alike; those that are JSON, too, are read as that. */
function isWholeJson([first]: readonly Line[], bytes: Uint8Array): boolean {
  if (first === undefined || !/^\s*[[{]/.test(first.text)) return false;
  return isJson(first.text) || isJson(new TextDecoder().decode(bytes));
}
