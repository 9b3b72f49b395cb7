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

/** Whether bytes look like the output of the script. Only the first 64 KiB may hold other text (a login banner). */
export function isLookOutput(bytes: Uint8Array): boolean {
  return HEADER.test(latin1(bytes.subarray(0, 65_536)));
}

/**
 * Reads what the script printed.
 *
 * Every frame is bounded by a nonce that nobody on the host knew beforehand, so no file name, argument or file content can
 * forge one. A kernel that lies can: views are compared by the detectors for that. An output that breaks off gives what
 * came, and a gap for each artifact that did not.
 *
 * @param nonce The nonce of our own look; absent for a stored output, which then names its own.
 * @param fallbackAt Time of the look where the evidence does not tell it, RFC 3339 UTC.
 */
export function readLookOutput(bytes: Uint8Array, fallbackAt: string, nonce?: string): LookOutput {
  const text = latin1(bytes);
  const own = nonce ?? HEADER.exec(text)?.[1];
  const artifacts = new Map<string, Artifact>();
  const gaps = new Map<string, ArtifactGap>();
  const issues: Issue[] = [];
  const planned: string[] = [];
  let whole = false;

  for (const frame of own === undefined ? [] : framesOf(text, own)) {
    if (frame.kind === 'plan') planned.push(frame.name);
    else if (frame.kind === 'done') whole = true;
    else if (frame.name === 'files') splitFiles(bytes, frame, artifacts, gaps);
    else if (artifacts.has(frame.name))
      issues.push({ artifact: frame.name, offset: frame.start, reason: 'the artifact came twice; the first is kept' });
    else addFrame(bytes, frame, artifacts, gaps);
  }
  for (const name of planned) {
    if (name !== 'files' && !artifacts.has(name) && !gaps.has(name))
      gaps.set(name, { name, reason: 'truncated', detail: 'the output ended before it' });
  }
  if (planned.length > 0 && !whole)
    issues.push({ artifact: 'the output of the look', offset: bytes.length, reason: 'it breaks off before its end' });
  return {
    evidence: {
      host: identityOf(artifacts),
      observedAt: observedAtOf(artifacts) ?? fallbackAt,
      artifacts,
      gaps: [...gaps.values()],
    },
    issues,
  };
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

/** `text` holds one byte a character, so that its positions are those of the bytes. */
function* framesOf(text: string, nonce: string): Generator<Mark> {
  const mark = `\n@${nonce} `;
  let open: { name: string; start: number; asked: string[] } | undefined;
  for (let at = text.indexOf(mark); at !== -1;) {
    const start = at + mark.length;
    const feed = text.indexOf('\n', start);
    const end = feed === -1 ? text.length : feed;
    const [word, ...rest] = text.slice(start, end).split(' ');
    const name = rest.join(' ');
    if (word === 'plan') yield { kind: 'plan', name };
    else if (word === 'done') yield { kind: 'done' };
    else if (word === 'begin') open = { name, start: end + 1, asked: [] };
    else if (word === 'ask') open?.asked.push(name);
    else if (word === 'read' && open) open.start = end + 1;
    else if (word === 'end' && open) {
      yield { kind: 'artifact', ...open, end: Math.max(open.start, at), status: Number(name) };
      open = undefined;
    }
    at = text.indexOf(mark, end);
  }
  if (open) yield { kind: 'artifact', ...open, end: Math.max(open.start, text.length), status: undefined };
}

const REASON_OF_STATUS = new Map<number | undefined, readonly [UnseenReason, string]>([
  [undefined, ['truncated', 'the output ended in it']],
  [124, ['timed_out', 'stopped after 30 seconds']],
  [125, ['unsupported', 'left out by --no-borrow']],
  [127, ['absent', 'the program that shows it is not on this host']],
]);

function addFrame(
  bytes: Uint8Array,
  frame: Frame,
  artifacts: Map<string, Artifact>,
  gaps: Map<string, ArtifactGap>,
): void {
  const { name, start, status } = frame;
  const end = Math.min(frame.end, start + ARTIFACT_LIMIT);
  const known = REASON_OF_STATUS.get(status);
  if (end < frame.end) gaps.set(name, { name, reason: 'truncated', detail: `cut after ${ARTIFACT_LIMIT} bytes` });
  else if (known) gaps.set(name, { name, reason: known[0], detail: known[1] });
  if (status !== 127 && status !== 125) artifacts.set(name, artifactOf(name, bytes.subarray(start, end)));
}

const REFUSAL = /^\S*grep: (.*): ([^:]+)$/;

/** The `files` frame: every line carries the path of its file, and what could not be read is told by grep. */
function splitFiles(
  bytes: Uint8Array,
  frame: Frame,
  artifacts: Map<string, Artifact>,
  gaps: Map<string, ArtifactGap>,
): void {
  const parts = new Map<string, Uint8Array[]>(frame.asked.map((path) => [path, []]));
  const prefixes = frame.asked.map((path) => [path, new TextEncoder().encode(`${path}:`)] as const);
  const feed = Uint8Array.of(0x0a);
  for (let start = frame.start; start < frame.end;) {
    const found = bytes.indexOf(0x0a, start);
    const end = found === -1 || found > frame.end ? frame.end : found;
    const line = bytes.subarray(start, end);
    const owner = prefixes.find(([, prefix]) => startsWith(line, prefix));
    if (owner) parts.get(owner[0])?.push(line.subarray(owner[1].length), feed);
    else {
      const [, path, why] = REFUSAL.exec(latin1(line)) ?? [];
      if (path !== undefined && parts.has(path)) gaps.set(path, { name: path, reason: refusal(why ?? '') });
    }
    start = end + 1;
  }
  for (const [path, lines] of parts) {
    if (lines.length === 0 && gaps.has(path)) continue;
    if (frame.status === undefined)
      gaps.set(path, { name: path, reason: 'truncated', detail: 'the output ended in it' });
    artifacts.set(path, artifactOf(path, new Uint8Array(Buffer.concat(lines))));
  }
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
