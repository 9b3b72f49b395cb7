import { fromHex } from '../lib/bytes.ts';
import type { Line } from '../lib/lines.ts';
import { decodeClassicBpf, RECORD_BYTES } from './decode.ts';
import { issue, type Entry } from './entry.ts';
import { OP, type Program } from './program.ts';

/**
 * Reads `struct sock_filter` records in hexadecimal. A line of whole records is a program, unless only all lines together
 * end in a return. Little-endian, unless only the other order ends in one.
 */
export function* readHex(lines: readonly Line[]): Generator<Entry> {
  const each = lines.map(({ text, number }) => ({ bytes: fromHex(text.replace(/^\s*0x/i, '')), line: number }));
  const ended = each.map(({ bytes }) => (bytes === undefined ? undefined : programOfRecords(bytes)));
  if (lines.length > 1 && !ended.every((program) => program !== undefined && endsInReturn(program))) {
    const joined = fromHex(lines.map(({ text }) => text).join(' '));
    const program = joined === undefined ? undefined : programOfRecords(joined);
    if (program !== undefined && endsInReturn(program)) {
      yield { kind: 'program', insns: program, where: { line: lines[0]?.number ?? 1 } };
      return;
    }
  }
  for (const [index, { line, bytes }] of each.entries()) {
    const program = ended[index];
    if (program !== undefined) yield { kind: 'program', insns: program, where: { line } };
    else if (bytes === undefined)
      yield issue(line, 'the line is not hexadecimal, or half a byte is missing; give each byte two digits');
    else yield issue(line, `${bytes.length} bytes are no whole records of ${RECORD_BYTES}; give the whole program`);
  }
}

/** The program of some records, in the order of bytes that makes it end in a return; undefined when a record is cut short. */
export function programOfRecords(bytes: Uint8Array): Program | undefined {
  if (bytes.length === 0 || bytes.length % RECORD_BYTES !== 0) return undefined;
  const little = decodeClassicBpf(bytes, 'le');
  if (endsInReturn(little)) return little;
  const big = decodeClassicBpf(bytes, 'be');
  return endsInReturn(big) ? big : little;
}

function endsInReturn(program: Program): boolean {
  const code = program.at(-1)?.code;
  return code === OP.retK || code === OP.retA;
}
