import type { Line } from '../lib/lines.ts';
import { issue, type Entry } from './entry.ts';
import { programOfRecords } from './read-hex.ts';

// 0x28, 0x00, 0x00, 0x00, … or \x28\x00\x00\x00…
const LIST = /(?:0x[0-9a-f]{1,2}\s{0,9},\s{0,9}){5}0x[0-9a-f]{1,2}/i;
const ESCAPES = /(?:\\x[0-9a-f]{2}){3}/i;

const ESCAPED: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11, '0': 0 };

/** Whether a line lists bytes one by one as source code does. */
export function isByteList({ text }: Line): boolean {
  return LIST.test(text) || ESCAPES.test(text);
}

/**
 * Reads the bytes of `struct sock_filter` records as source code writes them, one program: `{ 0x28, 0x00, … }` as xxd -i
 * prints it, or strings `"\x28\x00…"` of C or Python.
 */
export function* readBytes(lines: readonly Line[]): Generator<Entry> {
  const bytes: number[] = [];
  let start: number | undefined;
  for (const { text, number } of lines) {
    const found = text.includes('\\') ? bytesOfStrings(text) : bytesOfList(text);
    if (found.length > 0) start ??= number;
    for (const byte of found) bytes.push(byte);
  }
  const insns = programOfRecords(Uint8Array.from(bytes));
  if (insns !== undefined) yield { kind: 'program', insns, where: { line: start ?? 1 } };
  else
    yield issue(
      start ?? lines[0]?.number ?? 1,
      `${bytes.length} bytes are no whole records of 8; give the whole program`,
    );
}

/** Numbers with 0x; what else stands on the line, as the length that xxd adds, is none. */
function bytesOfList(text: string): number[] {
  return [...text.matchAll(/\b0x([0-9a-f]{1,2})\b/gi)].map(([, digits = '']) => parseInt(digits, 16));
}

/** What the strings of a line hold, escapes of C and Python included. */
function bytesOfStrings(text: string): number[] {
  const bytes: number[] = [];
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (quote === '') quote = character === '"' || character === "'" ? character : '';
    else if (character === quote) quote = '';
    else if (character !== '\\') bytes.push(character.charCodeAt(0) & 0xff);
    else {
      const escape = text[++at] ?? '';
      const digits = escape === 'x' ? /^[0-9a-f]{2}/i.exec(text.slice(at + 1, at + 3))?.[0] : undefined;
      if (digits !== undefined) at += 2;
      bytes.push(digits === undefined ? (ESCAPED[escape] ?? escape.charCodeAt(0) & 0xff) : parseInt(digits, 16));
    }
  }
  return bytes;
}
