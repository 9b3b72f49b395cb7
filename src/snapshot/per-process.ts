import type { Artifact } from '../model/artifact.ts';
import type { ParserGap } from '../model/parser.ts';
import { unseen, type Unseen, type UnseenReason } from '../model/unseen.ts';

/** One process's file, as the look printed it. */
export interface ProcessFile {
  /** Bytes of the file, one a character; a line feed at its end is lost. */
  readonly raw: string;
  /** Where it begins in the artifact. */
  readonly offset: number;
  readonly line: number;
}

/** The same file of many processes: what was read, and for which processes it was refused. */
export interface PerProcess {
  readonly files: ReadonlyMap<number, ProcessFile>;
  readonly refused: ReadonlyMap<number, UnseenReason>;
  /** The end is missing: a process without any line was not seen, rather than empty. */
  readonly cut: boolean;
}

const LINE = /^(\d{1,10})\/([\w/]+):/;
/** A process that shows more than the look may hold ends the reading of all that come after it. */
const EXHAUSTED = /^\S*grep: (?:memory exhausted|out of memory)/;
const REFUSAL = /^\S*grep: (\d{1,10})\/[\w/]+: (.*)$/;

/**
 * Splits the output of `grep -aH '' [0-9]*\/FILE`.
 *
 * Every line carries the number of its process, so that a line feed in an argument or a name cannot forge a record. A
 * process without any line has an empty file, unless it was refused.
 */
export function perProcess(artifact: Artifact): PerProcess {
  const text = latin1(artifact.bytes);
  const files = new Map<number, { parts: string[]; offset: number; line: number }>();
  const refused = new Map<number, UnseenReason>();
  let cut = artifact.cut === true;
  let last: number | undefined;
  let line = 0;
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed === -1 ? text.length : feed;
    const content = text.slice(start, end);
    line += 1;
    const found = LINE.exec(content);
    if (found) {
      const pid = Number(found[1]);
      last = pid;
      const file = files.get(pid);
      if (file) file.parts.push(content.slice(found[0].length));
      else files.set(pid, { parts: [content.slice(found[0].length)], offset: start, line });
    } else {
      if (EXHAUSTED.test(content)) cut = true;
      const [, pid, why] = REFUSAL.exec(content) ?? [];
      if (pid !== undefined) refused.set(Number(pid), /denied|not permitted/i.test(why ?? '') ? 'denied' : 'absent');
    }
    start = end + 1;
  }
  // The file in which it was cut is not whole either.
  if (cut && last !== undefined) files.delete(last);
  return {
    cut,
    files: new Map(
      [...files].map(([pid, { parts, offset, line: at }]) => [pid, { raw: parts.join('\n'), offset, line: at }]),
    ),
    refused,
  };
}

/** The file of one process, an empty one, or why it was not seen. */
export function fileOf(all: PerProcess | undefined, pid: number): string | Unseen {
  if (all === undefined) return unseen('absent');
  const refused = all.refused.get(pid);
  if (refused !== undefined) return unseen(refused);
  return all.files.get(pid)?.raw ?? (all.cut ? unseen('truncated') : '');
}

/** The gaps of the processes whose file was denied or cut off, among `total`; one that ended before it was read is none. */
export function* denialsIn(artifact: string, all: PerProcess | undefined, total: number): Generator<ParserGap> {
  const unread = all?.cut === true ? Math.max(0, total - all.files.size) : 0;
  if (unread > 0)
    yield { gap: 'truncated', artifact, detail: `${unread} of ${total} processes`, missing: unread / total };
  const denied = [...(all?.refused.values() ?? [])].filter((reason) => reason === 'denied').length;
  if (denied === 0) return;
  const of = Math.max(denied, total);
  yield { gap: 'denied', artifact, detail: `${denied} of ${of} processes`, missing: denied / of };
}

const decoder = new TextDecoder();

/** Text of bytes that are kept one a character: UTF-8, with U+FFFD for what is none. */
export function utf8Of(raw: string): string {
  return /[^\0-\x7f]/.test(raw) ? decoder.decode(Buffer.from(raw, 'latin1')) : raw;
}

export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
