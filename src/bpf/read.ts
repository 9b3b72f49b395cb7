import { linesOf, type Line } from '../lib/lines.ts';
import { issue, type Entry, type Form } from './entry.ts';
import { readHex } from './read-hex.ts';
import { readJson } from './read-json.ts';
import { readSs } from './read-ss.ts';
import { isDdRow, readD, readDd, readDdd } from './read-tcpdump.ts';

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
export function readPrograms(bytes: Uint8Array): Entry[] {
  const lines = [...linesOf(bytes, LINE_LIMIT_BYTES)].filter(({ text }) => text.trim() !== '');
  return [...formOf(lines)(lines, bytes)];
}

const SAMPLE_LINES = 200;

function formOf(lines: readonly Line[]): Form {
  const sample = lines.slice(0, SAMPLE_LINES);
  const some = (pattern: RegExp) => sample.some(({ text }) => pattern.test(text));
  if (lines.length === 0) return () => [issue(1, 'there is nothing to read')];
  if (sample.some(({ text }) => isDdRow(text))) return readDd;
  if (/^\s*(?:\{\s*"|\[)/.test(sample[0]?.text ?? '')) return readJson;
  if (lines.some(({ text }) => text.includes('bpf filter (')) || some(/^(?:Netid|p_raw|p_dgr)\s/)) return readSs;
  if (some(/^\s*\(\d{1,5}\)\s+[a-z]/)) return readD;
  if (/^\s*[[{]/.test(sample[0]?.text ?? '')) return readJson;
  if (sample.every(({ text }) => /^[\s\d,]*$/.test(text)) && some(/\d[ \t]+\d+[ \t]+\d+[ \t]+\d/)) return readDdd;
  if (sample.every(({ text }) => /^\s*(?:0x)?[0-9a-f][0-9a-f\s:]*$/i.test(text))) return readHex;
  return some(/^\s*\{/) ? readJson : () => [issue(lines[0]?.number ?? 1, 'this is no known form of a program')];
}
