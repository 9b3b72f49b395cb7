import { concat } from '../lib/bytes.ts';
import { sha256 } from '../lib/hash.ts';
import type { Artifact, ArtifactGap, Evidence } from '../model/artifact.ts';
import type { Issue } from '../model/gap.ts';
import type { UnseenReason } from '../model/unseen.ts';
import { identityOf, observedAtOf } from './identity.ts';

/** What was read from the output of a look; `issues` says what could not be understood. */
export interface LookOutput {
  readonly evidence: Evidence;
  readonly issues: readonly Issue[];
}

const HEADER = /(?:^|\n)longwatch-look 1 ([0-9a-f]{32})\n/;
/** Larger than any honest artifact of a look; what is beyond is cut and said. */
const ARTIFACT_LIMIT = 64 << 20;

/** Only the first 64 KiB may hold other text: a login banner. */
const BANNER_LIMIT = 65_536;
const WHOLE = 'the output of the look';

/** Whether bytes look like the output of the script. */
export function isLookOutput(bytes: Uint8Array): boolean {
  return HEADER.test(latin1(bytes.subarray(0, BANNER_LIMIT)));
}

/**
 * Reads what the script printed.
 *
 * Every frame is bounded by a nonce that nobody on the host knew beforehand, so no file name, argument or file content can
 * forge one. A kernel that lies can: views are compared by the detectors for that. An output that breaks off gives what
 * came, and a gap for each artifact that did not. A stored output names its own nonce, so that what was printed before it
 * could be a look of somebody's making: where it holds two looks, none of its artifacts counts as seen whole.
 *
 * @param nonce The nonce of our own look; absent for a stored output.
 * @param fallbackAt Time of the look where the evidence does not tell it, RFC 3339 UTC.
 */
export function readLookOutput(bytes: Uint8Array, fallbackAt: string, nonce?: string): LookOutput {
  const text = latin1(bytes);
  const own = nonce ?? HEADER.exec(text.slice(0, BANNER_LIMIT))?.[1];
  const frames: Frame[] = [];
  const planned: string[] = [];
  let whole = false;
  for (const mark of own === undefined ? [] : marksOf(text, own)) {
    if (mark.kind === 'plan') planned.push(mark.name);
    else if (mark.kind === 'done') whole = true;
    else frames.push(mark);
  }
  const artifacts = new Map<string, Artifact>();
  const gaps = new Map<string, ArtifactGap>();
  const issues: Issue[] = [];
  for (const frame of frames) {
    if (frame.name === 'files') splitFiles(bytes, frame, artifacts, gaps);
    else if (frame.asked.length > 0) splitProcesses(bytes, frame, artifacts, gaps);
    else if (artifacts.has(frame.name) || gaps.has(frame.name)) {
      issues.push({ artifact: frame.name, offset: frame.start, reason: 'the artifact came twice; the first is kept' });
    } else addFrame(bytes, frame, artifacts, gaps);
  }
  const came = new Set(frames.flatMap(({ name, asked }) => [name, ...asked]));
  for (const name of planned) {
    if (!came.has(name)) gaps.set(name, { name, reason: 'truncated', detail: 'the output ended before it' });
  }
  if (frames.length === 0) issues.push({ artifact: WHOLE, reason: 'there is no look in it' });
  else if (!whole) issues.push({ artifact: WHOLE, offset: bytes.length, reason: 'it breaks off before its end' });
  const other = nonce === undefined ? otherLook(text, own, frames) : undefined;
  if (other !== undefined) {
    issues.push({ artifact: WHOLE, offset: other, reason: 'it holds more than one look; the first is read' });
    for (const name of artifacts.keys()) {
      gaps.set(name, { name, reason: 'unsupported', detail: 'the output holds more than one look' });
    }
  }
  const observedAt = observedAtOf(artifacts) ?? fallbackAt;
  return { evidence: { host: identityOf(artifacts), observedAt, artifacts, gaps: [...gaps.values()] }, issues };
}

/** Where the header of another look stands, outside of what the frames of this one hold. */
function otherLook(text: string, own: string | undefined, frames: readonly Frame[]): number | undefined {
  for (const header of text.matchAll(new RegExp(HEADER, 'g'))) {
    const within = frames.some(
      ({ start, end, status }) => status !== undefined && start <= header.index + 1 && header.index < end,
    );
    if (header[1] !== own && !within) return header.index;
  }
  return undefined;
}

interface Frame {
  readonly kind: 'artifact';
  readonly name: string;
  /** Byte positions of the content. */
  readonly start: number;
  readonly end: number;
  /** Exit status; undefined where the output broke off. */
  readonly status: number | undefined;
  readonly asked: readonly string[];
}

type Mark = Frame | { readonly kind: 'plan'; readonly name: string } | { readonly kind: 'done' };

/** `text` holds one byte a character, so that its positions are those of the bytes. A mark that was cut is none. */
function* marksOf(text: string, nonce: string): Generator<Mark> {
  const mark = `\n@${nonce} `;
  let open: { name: string; start: number; asked: string[] } | undefined;
  let from = 0;
  let at = text.indexOf(mark);
  for (; at !== -1; at = text.indexOf(mark, from)) {
    const start = at + mark.length;
    const end = text.indexOf('\n', start);
    if (end === -1) break;
    const [word, ...rest] = text.slice(start, end).split(' ');
    const name = rest.join(' ');
    if (word === 'plan') yield { kind: 'plan', name };
    else if (word === 'ask') open?.asked.push(name);
    else if (word === 'read' && open) open.start = end + 1;
    else if (open && (word === 'begin' || word === 'end' || word === 'done')) {
      const status = word === 'end' && /^\d{1,3}$/.test(name) ? Number(name) : undefined;
      yield { kind: 'artifact', ...open, end: Math.max(open.start, at), status };
      open = undefined;
    }
    if (word === 'begin') open = { name, start: end + 1, asked: [] };
    else if (word === 'done') yield { kind: 'done' };
    from = end;
  }
  if (open)
    yield { kind: 'artifact', ...open, end: Math.max(open.start, at === -1 ? text.length : at), status: undefined };
}

/**
 * Why what a step printed is not the whole: by the exit status of its last command. grep and find end with 1 or 2 on every
 * live host, for processes end meanwhile; but a command that failed and printed nothing has shown nothing.
 */
function lossOf(status: number | undefined, empty: boolean): Omit<ArtifactGap, 'name'> | undefined {
  switch (status) {
    case undefined:
      return { reason: 'truncated', detail: 'the output ended in it' };
    case 124:
    case 142: // SIGALRM
    case 143: // timeout of busybox
      return { reason: 'timed_out', detail: 'stopped after 30 seconds' };
    case 125:
      return { reason: 'unsupported', detail: 'left out by --no-borrow' };
    case 127:
      return { reason: 'absent', detail: 'the program that shows it is not on this host' };
    default:
      if (status > 125) return { reason: 'truncated', detail: `the command ended with status ${status}` };
      return status !== 0 && empty
        ? { reason: 'unsupported', detail: `the command failed with status ${status}` }
        : undefined;
  }
}

function addFrame(
  bytes: Uint8Array,
  frame: Frame,
  artifacts: Map<string, Artifact>,
  gaps: Map<string, ArtifactGap>,
): void {
  const { name, start, status } = frame;
  const end = Math.min(frame.end, start + ARTIFACT_LIMIT);
  const content = bytes.subarray(start, end);
  const empty = !content.some((byte) => byte !== 0x0a);
  const loss =
    lossOf(status, empty) ??
    (end < frame.end ? { reason: 'truncated' as const, detail: `cut after ${ARTIFACT_LIMIT} bytes` } : undefined);
  if (loss) gaps.set(name, { name, ...loss });
  const cut = loss?.reason === 'truncated' || loss?.reason === 'timed_out';
  if (!loss || !empty) artifacts.set(name, { ...artifactOf(name, content), ...(cut ? { cut } : {}) });
}

const REFUSAL = /^\S*grep: (.*): ([^:]+)$/;

/**
 * The `files` frame: every line carries the path of its file, and what could not be read is told by grep. Files come in the
 * order in which they were asked for, so that where the output breaks off those before the last are whole.
 */
function splitFiles(
  bytes: Uint8Array,
  frame: Frame,
  artifacts: Map<string, Artifact>,
  gaps: Map<string, ArtifactGap>,
): void {
  const parts = new Map<string, Uint8Array[]>(frame.asked.map((path) => [path, []]));
  const prefixes = frame.asked.map((path) => [path, Buffer.from(`${path}:`, 'latin1')] as const);
  const feed = Uint8Array.of(0x0a);
  let reached = -1;
  for (let start = frame.start; start < frame.end;) {
    const found = bytes.indexOf(0x0a, start);
    const end = found === -1 || found > frame.end ? frame.end : found;
    const line = bytes.subarray(start, end);
    const owner = prefixes.find(([, prefix]) => startsWith(line, prefix));
    const [, refused, why] = owner ? [] : (REFUSAL.exec(latin1(line)) ?? []);
    const path = owner?.[0] ?? refused;
    if (path !== undefined && parts.has(path)) {
      reached = Math.max(reached, frame.asked.indexOf(path));
      if (owner) parts.get(path)?.push(line.subarray(owner[1].length), feed);
      else gaps.set(path, { name: path, reason: refusal(why ?? '') });
    }
    start = end + 1;
  }
  const loss = lossOf(frame.status, reached === -1);
  const cut = loss === undefined ? Infinity : reached;
  frame.asked.forEach((path, index) => {
    const lines = parts.get(path) ?? [];
    if (loss && index >= cut && !(gaps.has(path) && index === cut)) gaps.set(path, { name: path, ...loss });
    if (lines.length > 0 || !gaps.has(path)) artifacts.set(path, artifactOf(path, concat(lines)));
  });
}

const PROCESS_LINE = /^(?:\S*grep: )?\d{1,10}\/([\w/]+):/;
/** A file that shows more than the look may hold ends the reading of all that come after it. */
const EXHAUSTED = /^\S*grep: (?:memory exhausted|out of memory)/;
const LONGEST_PREFIX = 64;

/**
 * The same files of every process: first one file of all of them, then the next one. Every line carries number and name, so that
 * no content can pass for another file.
 */
function splitProcesses(
  bytes: Uint8Array,
  frame: Frame,
  artifacts: Map<string, Artifact>,
  gaps: Map<string, ArtifactGap>,
): void {
  const parts = frame.asked.map((): Uint8Array[] => []);
  let [now, reached] = [0, -1];
  for (let start = frame.start; start < frame.end;) {
    const found = bytes.indexOf(0x0a, start);
    const end = found === -1 || found > frame.end ? frame.end : found + 1;
    const head = latin1(bytes.subarray(start, Math.min(end, start + LONGEST_PREFIX)));
    const name = PROCESS_LINE.exec(head)?.[1];
    if (name !== undefined) now = Math.max(now, frame.asked.indexOf(`/proc/*/${name}`));
    if (name !== undefined || end - start > 1) reached = now;
    // What came after it would pass for empty.
    const into = name === undefined && EXHAUSTED.test(head) ? parts.slice(now) : [parts[now]];
    for (const part of into) part?.push(bytes.subarray(start, end));
    start = end;
  }
  const loss = lossOf(frame.status, reached === -1);
  frame.asked.forEach((name, index) => {
    const content = concat(parts[index] ?? []);
    const lost = loss && index >= reached ? loss : undefined;
    if (lost) gaps.set(name, { name, ...lost });
    const cut = lost?.reason === 'truncated' || lost?.reason === 'timed_out';
    if (!lost || content.length > 0) artifacts.set(name, { ...artifactOf(name, content), ...(cut ? { cut } : {}) });
  });
}

/** grep's words for why it could not read a file. */
export function refusal(words: string): UnseenReason {
  return /denied|not permitted/i.test(words) ? 'denied' : 'absent';
}

function startsWith(line: Uint8Array, prefix: Uint8Array): boolean {
  return line.length >= prefix.length && prefix.every((byte, index) => line[index] === byte);
}

export function artifactOf(name: string, bytes: Uint8Array): Artifact {
  return { name, bytes, sha256: sha256(bytes) };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
