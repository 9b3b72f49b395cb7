import type { Artifact } from '../../model/artifact.ts';
import { defineParser, issueAt } from '../../model/parser.ts';
import { LAST_LOGINS } from '../../model/settings-files.ts';
import { latin1 } from '../../snapshot/per-process.ts';

/** A record of utmp(5) by the C library for the processor: 400 bytes where its times are 64 bits wide (arm64), else 384. */
const LAYOUTS = [
  { size: 384, secondsAt: 340 },
  { size: 400, secondsAt: 344 },
] as const;
type Layout = (typeof LAYOUTS)[number];

/** BOOT_TIME to DEAD_PROCESS and ACCOUNTING. */
const LAST_TYPE = 9;
/** Clocks are set back by so much without anybody having touched the records. */
const JITTER_SECONDS = 60;
const HEADER = /(?:^|\n)==> (\/[\w./-]{1,200}) <==\n/g;

/** Records of logins, as `tail -v` prints several files: each behind a line with its name. Little-endian. */
export const logins = defineParser({
  id: 'linux/logins',
  summary: 'What the files of login records hold, by their fixed records.',
  reads: ['files/logins'],
  yields: ['login_log'],
  *parse(artifact) {
    const seenPaths = new Set<string>();
    for (const { path, start, end } of filesIn(artifact)) {
      if (path === LAST_LOGINS) continue;
      if (seenPaths.has(path)) {
        yield issueAt(`${path} came twice; the first is kept`, { offset: start });
        continue;
      }
      seenPaths.add(path);
      const bytes = artifact.bytes.subarray(start, end);
      const layout = layoutOf(bytes);
      if (layout === undefined) yield issueAt(`${path} holds no records of utmp(5)`, { offset: start });
      else yield { body: { kind: 'login_log', log: { path, ...countsOf(bytes, layout) } }, at: { offset: start } };
    }
  },
});

/** The files that `tail -v` printed, in their order. */
export function filesIn({ bytes }: Artifact): { path: string; start: number; end: number }[] {
  const heads = [...latin1(bytes).matchAll(HEADER)];
  return heads.map((head, index) => ({
    path: head[1] ?? '',
    start: head.index + head[0].length,
    end: heads[index + 1]?.index ?? bytes.length,
  }));
}

/** The layout by which most records have a known type and a time; undefined where none fits half of them. */
export function layoutOf(bytes: Uint8Array): Layout | undefined {
  if (bytes.length === 0) return LAYOUTS[0];
  const fits = LAYOUTS.map((layout) => ({ layout, share: shareOf(bytes, layout) }));
  const [best] = fits.sort((one, other) => other.share - one.share);
  return best !== undefined && best.share >= 0.5 ? best.layout : undefined;
}

function shareOf(bytes: Uint8Array, { size, secondsAt }: Layout): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [sound, records] = [0, 0];
  for (let at = 0; at + size <= bytes.length; at += size) {
    records += 1;
    const zero = isZero(bytes, at, size);
    if (zero || (view.getUint16(at, true) <= LAST_TYPE && view.getUint32(at + secondsAt, true) > 0)) sound += 1;
  }
  return records === 0 ? 0 : sound / records;
}

function countsOf(bytes: Uint8Array, { size, secondsAt }: Layout) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records = Math.floor(bytes.length / size);
  let [zeroed, backwards, latest] = [0, 0, 0];
  let first: number | undefined;
  let last: number | undefined;
  let between: [number, number] | undefined;
  let open: number | undefined;
  for (let index = 0; index < records; index++) {
    const at = index * size;
    if (isZero(bytes, at, size)) {
      zeroed += 1;
      open ??= last;
      continue;
    }
    const seconds = view.getUint32(at + secondsAt, true);
    if (seconds === 0) continue;
    if (open !== undefined) between ??= [open, seconds];
    if (latest - seconds > JITTER_SECONDS) backwards += 1;
    latest = Math.max(latest, seconds);
    first ??= seconds;
    last = seconds;
  }
  return {
    records,
    zeroed,
    ...(between === undefined ? {} : { zeroedBetween: [timeOf(between[0]), timeOf(between[1])] as [string, string] }),
    oddBytes: bytes.length % size,
    backwards,
    ...(first === undefined ? {} : { firstAt: timeOf(first) }),
    ...(last === undefined ? {} : { lastAt: timeOf(last) }),
  };
}

function isZero(bytes: Uint8Array, at: number, size: number): boolean {
  for (let index = at; index < at + size; index++) if (bytes[index] !== 0) return false;
  return true;
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
