import type { Paper, Style } from '../lib/paper.ts';
import type { Evidential } from '../model/finding.ts';
import type { CaptureAbout } from '../model/result.ts';

const MOMENTS_SHOWN = 8;
const BYTES_SHOWN = 32;
const DUMP_WIDTH = 16;
const MARGIN = '            ';
const DUMP_MARGIN = '          ';

/** What a capture holds, in one sentence: frames, time, links, who speaks. */
export function captureText({ frames, firstAt, lastAt, links, addresses, flows }: CaptureAbout): string {
  if (frames === 0 || firstAt === undefined || lastAt === undefined) return 'no frames';
  const names = links.map(({ name, read }) => (read ? name : `${name} (not read)`)).join(', ');
  const span = `${spanText(Date.parse(lastAt) - Date.parse(firstAt))} from ${dayText(firstAt)} ${timeText(firstAt)} UTC`;
  return `${count(frames)} frames, ${span}, ${names}, ${count(addresses)} addresses, ${count(flows)} flows`;
}

/** What was seen on the wire, moment by moment: when, in which frame, who to whom, what; and the bytes of the first one. */
export function* timelineLines(evidence: readonly Evidential[], paper: Paper, verbose: boolean): Generator<string> {
  const shown = verbose ? evidence : evidence.slice(0, MOMENTS_SHOWN);
  const width = Math.max(0, ...shown.map(({ frame }) => String(frame ?? 0).length));
  const style: Style = 'dim';
  let day = '';
  for (const { frame, text, bytes } of shown) {
    const moment = MOMENT.exec(text);
    const [, at = '', said = text] = moment ?? [];
    if (at !== '' && dayText(at) !== day) {
      const first = day === '';
      day = dayText(at);
      yield* paper.block(first ? '  seen      ' : MARGIN, `${day} (UTC, #frame)`, { style });
    }
    const time = (at === '' ? '' : at.slice(at.indexOf('T') + 1, -1)).padEnd(12);
    yield* paper.block(`    ${time} ${`#${frame ?? 0}`.padStart(width + 1)}  `, said, { style, lines: 3 });
    if (bytes !== undefined && (verbose || frame === shown[0]?.frame)) yield* dumpLines(bytes, paper);
  }
  if (shown.length < evidence.length)
    yield* paper.block(MARGIN, `and ${evidence.length - shown.length} more`, { style });
}

/** A moment's text begins with its time. */
const MOMENT = /^([+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (.*)$/su;

/** Bytes as hexadecimal and as text, sixteen a line. */
function* dumpLines(hex: string, paper: Paper): Generator<string> {
  const bytes = Buffer.from(hex, 'hex');
  for (let at = 0; at < Math.min(bytes.length, BYTES_SHOWN); at += DUMP_WIDTH) {
    const part = bytes.subarray(at, at + DUMP_WIDTH);
    const digits = Array.from(part, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = Array.from(part, (byte) => (byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    yield* paper.block(DUMP_MARGIN, `${digits.padEnd(DUMP_WIDTH * 3)}${text}`);
  }
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function dayText(at: string): string {
  return at.slice(0, at.indexOf('T'));
}

function timeText(at: string): string {
  return at.slice(at.indexOf('T') + 1, at.indexOf('T') + 9);
}

const UNITS: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** The two largest units of a time; frames out of order make it negative. */
function spanText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 1) return milliseconds < 0 ? 'out of order' : 'within a second';
  const largest = UNITS.findIndex(([unit]) => seconds >= unit);
  const words: string[] = [];
  let left = seconds;
  for (const [unit, name] of UNITS.slice(largest, largest + 2)) {
    const whole = Math.floor(left / unit);
    left -= whole * unit;
    if (whole > 0) words.push(`${whole} ${name}`);
  }
  return `within ${words.join(' ')}`;
}
