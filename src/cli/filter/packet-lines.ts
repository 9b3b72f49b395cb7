import type { Link } from '../../bpf/link.ts';
import { STARTS } from '../../bpf/proof/solve.ts';
import type { ProofRecord } from '../../bpf/report/filter-report.ts';
import { fromHex } from '../../lib/bytes.ts';
import type { Paper } from '../../lib/paper.ts';
import { describePacket } from '../../packets/describe.ts';

/** Bytes in a row of a dump, by the least width of the paper that holds it. */
const ROWS = [
  { least: 76, bytes: 16 },
  { least: 44, bytes: 8 },
  { least: 0, bytes: 4 },
] as const;
/** More rows of one dump than this are counted, not shown. */
const MOST_ROWS = 32;
const MOST_PLACES = 8;

/** A packet in one line, with what the kernel knows beside it. */
export function packetWords(proof: ProofRecord, link: Exclude<Link, 'any'>): string {
  const values = Object.entries(proof.env ?? {}).map(([name, value]) => `${name} = ${value}`);
  const packet = describePacket(bytesOf(proof), STARTS[link], proof.env?.['protocol']);
  return values.length === 0 ? packet : `${packet}; beside it ${values.join(', ')}`;
}

/** How a packet differs from another, in words. */
export function differenceWords(one: ProofRecord, other: ProofRecord): string {
  const [before, after] = [bytesOf(one), bytesOf(other)];
  if (before.length !== after.length) return `the same with ${after.length} instead of ${before.length} bytes`;
  const places = differences(before, after);
  const bytes = places
    .slice(0, MOST_PLACES)
    .map((at) => `byte ${at} = ${hex(after[at] ?? 0)} instead of ${hex(before[at] ?? 0)}`);
  const more = places.length > MOST_PLACES ? [`${places.length - MOST_PLACES} more`] : [];
  const values = Object.entries(other.env ?? {})
    .filter(([name, value]) => one.env?.[name] !== value)
    .map(([name, value]) => `${name} = ${value} instead of ${one.env?.[name]}`);
  return `the same with ${[...bytes, ...more, ...values].join(', ')}`;
}

/**
 * The bytes of a packet, those in brackets that are others in its neighbour: `0020  64 02[72]55 00 …  d.rU.`. Rows of zeros are
 * told by their number.
 *
 * @param only Whether to show only the rows in which something differs.
 */
export function* dumpLines(
  proof: ProofRecord,
  neighbour: ProofRecord | null,
  only: boolean,
  paper: Paper,
): Generator<string> {
  const bytes = bytesOf(proof);
  const size = ROWS.find(({ least }) => paper.width >= least)?.bytes ?? 4;
  const marked = new Set(neighbour === null ? [] : differences(bytes, bytesOf(neighbour)));
  const isMarked = (at: number) => Array.from({ length: size }, (_, index) => marked.has(at + index)).includes(true);
  const isDull = (at: number) => !isMarked(at) && (only || bytes.subarray(at, at + size).every((byte) => byte === 0));
  let rows = 0;
  for (let at = 0; at < bytes.length; at += size) {
    let end = at;
    while (end < bytes.length && isDull(end)) end += size;
    if (rows++ >= MOST_ROWS) {
      yield* paper.block('    ', `${bytes.length - at} more bytes: --format ndjson has them`, { style: 'dim' });
      return;
    }
    if (end === at) {
      const row = rowText(bytes, at, size, marked);
      // The first mark or blank goes to the margin: blanks that begin a text are not kept.
      yield* paper.block(`    ${offset(at)} ${row.slice(0, 1)}`, row.slice(1));
    } else {
      if (!only) yield* paper.block(`    ${offset(at)}  `, `${Math.min(end, bytes.length) - at} bytes 00`);
      at = end - size;
    }
  }
}

function rowText(bytes: Uint8Array, start: number, size: number, marked: ReadonlySet<number>): string {
  let cells = '';
  let text = '';
  for (let at = start; at < start + size; at++) {
    const byte = bytes[at];
    const before = at > start && marked.has(at - 1);
    cells += `${marked.has(at) ? '[' : before ? ']' : ' '}${byte === undefined ? '  ' : hex(byte)}`;
    text += byte === undefined ? '' : byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
  }
  return `${cells}${marked.has(start + size - 1) ? ']' : ' '} ${text}`;
}

function differences(one: Uint8Array, other: Uint8Array): number[] {
  const places: number[] = [];
  for (let at = 0; at < Math.min(one.length, other.length); at++) if (one[at] !== other[at]) places.push(at);
  return places;
}

const bytesOf = ({ packet }: ProofRecord): Uint8Array => fromHex(packet) ?? new Uint8Array();
const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
const offset = (at: number): string => at.toString(16).padStart(4, '0');
