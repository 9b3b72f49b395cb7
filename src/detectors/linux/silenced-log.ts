import { shellQuote } from '../../lib/shell-quote.ts';
import { defineDetector, type Detection } from '../../model/detector.ts';
import type { Level } from '../../model/level.ts';
import type { Observation } from '../../model/observation.ts';
import { isCompressed, logsOf, putAsideAt, type Log } from './rotated-logs.ts';

type FileRow = Observation<'file'>;
type Told = { readonly level: Level; readonly says: string; readonly shown: readonly FileRow[] };

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** A rotation renames, makes anew and compresses; with large logs that takes its time. */
const ROTATION_MS = 30 * MINUTE;
/** What an earlier part has to hold for the emptiness of the next one to say something. */
const LARGE_BYTES = 4096;
const LARGE_COMPRESSED_BYTES = 1024;
const MISSED_BYTES = 16_384;

/** Logs that were emptied, led into nothing or taken away, where the earlier parts show that they were written. */
export const silencedLog = defineDetector({
  id: 'linux/silenced-log',
  title: 'Log that was emptied, led into nothing or taken away',
  level: 'low',
  status: 'experimental',
  attack: ['T1070.002', 'T1562.001'],
  needs: ['file'],
  judges: 'file',
  identity: ['the path'],
  falsePositives: [
    'An administrator emptied a log to free space; a log was rotated alone a moment ago; its daemon was removed or writes elsewhere now.',
  ],
  next: ['compare with the journal and with the collector of logs for the same hours'],
  *detect(facts) {
    const logs = logsOf(facts.each('file'));
    const rotations = rotationsOf(logs);
    const now = logs.reduce(
      (latest, { current }) => (current ? Math.max(latest, Date.parse(current.file.modifiedAt)) : latest),
      0,
    );
    for (const log of logs) {
      const told = log.current
        ? (ledIntoNothing(log, log.current) ?? emptied(log, log.current, rotations))
        : facts.isWhole('file')
          ? takenAway(log, now)
          : undefined;
      if (told !== undefined) yield finding(log, told);
    }
  },
});

function finding({ path }: Log, { level, says, shown }: Told): Detection {
  return {
    level,
    message: `${path} ${says}`,
    subject: { path },
    identity: [path],
    evidence: shown.map((row) => ({ observation: row, text: wordsOf(row) })),
    next: [
      `see it and its earlier parts: ls -l --time-style=full-iso ${shellQuote(path)}*`,
      `see who holds a log that was deleted: ls -l /proc/[0-9]*/fd | grep deleted`,
      'compare with the journal and with the collector of logs for the same hours',
    ],
  };
}

function wordsOf({ file }: FileRow): string {
  const { path, sizeBytes, modifiedAt, changedAt, target } = file;
  return `${path}${target === undefined ? '' : ` -> ${target}`}: ${sizeBytes} bytes, written ${modifiedAt}${typeof changedAt === 'string' ? `, changed ${changedAt}` : ''}`;
}

function ledIntoNothing({ rotated: [earlier] }: Log, current: FileRow): Told | undefined {
  if (current.file.type !== 'link' || current.file.target !== '/dev/null') return undefined;
  return {
    level: earlier ? 'medium' : 'low',
    says: `is a link to /dev/null${earlier ? `, and ${earlier.file.path} shows that it was a log once` : ''}`,
    shown: earlier ? [current, earlier] : [current],
  };
}

/**
 * A rotation leaves an empty log behind as well, and one that is seldom written stays so. A rotation puts several logs aside
 * together, and empties nothing afterwards; where all was copied, the times of inodes are later and say nothing.
 */
function emptied({ path, rotated: [earlier] }: Log, current: FileRow, rotations: Rotations): Told | undefined {
  if (current.file.type !== 'file' || current.file.sizeBytes > 0 || earlier === undefined || !isLarge(earlier))
    return undefined;
  const laterMs = Date.parse(current.file.modifiedAt) - putAsideAt(earlier);
  if (laterMs < -ROTATION_MS) return undefined;
  const shown = [current, earlier];
  if (laterMs > ROTATION_MS)
    return { level: 'low', says: `was emptied at ${current.file.modifiedAt}, long after it was rotated`, shown };
  if (isJoint(rotations, putAsideAt(earlier), path)) return undefined;
  return {
    level: 'low',
    says: `is empty, ${earlier.file.path} has ${earlier.file.sizeBytes} bytes, and no other log was rotated with it`,
    shown,
  };
}

/** The logs of which a part was put aside, by the half hour. */
type Rotations = ReadonlyMap<number, ReadonlySet<string>>;

function rotationsOf(logs: readonly Log[]): Rotations {
  const all = logs.flatMap(({ path, rotated }) => rotated.map((part) => [halfHourOf(putAsideAt(part)), path] as const));
  return new Map([...Map.groupBy(all, ([at]) => at)].map(([at, some]) => [at, new Set(some.map(([, path]) => path))]));
}

/** Whether another log was put aside at about that time. */
function isJoint(rotations: Rotations, at: number, path: string): boolean {
  const near = [-1, 0, 1].flatMap((step) => rotations.get(halfHourOf(at) + step) ?? []);
  return near.some((paths) => paths.size > 1 || !paths.has(path));
}

const halfHourOf = (at: number): number => Math.floor(at / ROTATION_MS);

function isLarge(row: FileRow): boolean {
  return row.file.sizeBytes >= (isCompressed(row) ? LARGE_COMPRESSED_BYTES : LARGE_BYTES);
}

/**
 * A log that was rotated and is not there, while at the pace of its last part much should have come since, and others go on.
 * Of software that was removed the pace says nothing for long.
 */
function takenAway({ rotated: [last, before] }: Log, now: number): Told | undefined {
  if (last === undefined || before === undefined || isCompressed(last)) return undefined;
  const spanMs = Date.parse(last.file.modifiedAt) - Date.parse(before.file.modifiedAt);
  const sinceMs = now - putAsideAt(last);
  if (spanMs < DAY / 2 || sinceMs < DAY || sinceMs > 4 * spanMs) return undefined;
  const missed = (last.file.sizeBytes / spanMs) * sinceMs;
  if (missed < MISSED_BYTES) return undefined;
  return {
    level: 'low',
    says: `is not there, though ${last.file.path} shows that it was written, and other logs go on`,
    shown: [last, before],
  };
}
