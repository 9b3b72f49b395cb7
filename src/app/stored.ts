import { readFile, stat } from 'node:fs/promises';
import { printable } from '../lib/printable.ts';
import { LongwatchError } from '../model/errors.ts';
import { readImage } from './image.ts';
import { hostCalled } from '../snapshot/identity.ts';
import { isSnapshot, unpackSnapshot } from '../snapshot/archive.ts';
import { isLookOutput, readLookOutput, type LookOutput } from '../snapshot/stream.ts';
import { headOf, unpack } from '../sources/evidence/archive.ts';
import { collectedFrom } from '../sources/evidence/collected.ts';
import type { Packed } from '../sources/evidence/flow.ts';
import { readFolder } from '../sources/evidence/folder.ts';
import { GIST_BYTES, gistOf, type Gist } from '../sources/evidence/gist.ts';
import { Members } from '../sources/evidence/members.ts';

/** Well below the longest string, and ten times the evidence of a large host. */
const FILE_LIMIT = 256 << 20;

/** Evidence that was read already, such as standard input. */
export interface Given {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A file of packets, or packets that come piece by piece and what they are called. */
export interface CaptureInput {
  readonly capture: string;
  readonly parts?: AsyncIterable<Uint8Array>;
}

/** One piece of evidence: a file, what was read already, a folder that is an unpacked archive, or outputs that belong together. */
export type Source =
  | string
  | Given
  | { readonly folder: string }
  /** A folder that is the root of a host. */
  | { readonly root: string }
  | CaptureInput
  | { readonly name: string; readonly outputs: readonly { readonly path: string; readonly name: string }[] };

/** A source that is read whole, and is of one host. */
export type Stored = Exclude<Source, CaptureInput>;

/** A source as people are told of it. */
export function nameOfSource(source: Source): string {
  return typeof source === 'string'
    ? source
    : 'folder' in source
      ? source.folder
      : 'root' in source
        ? source.root
        : 'capture' in source
          ? source.capture
          : source.name;
}

/**
 * Reads stored evidence of one host, found by its content.
 *
 * @throws {LongwatchError} `INPUT_UNREADABLE`, `INPUT_UNKNOWN` or `SNAPSHOT_DAMAGED`.
 */
export async function readStored(source: Stored, host?: string): Promise<LookOutput> {
  const found = await readSource(source);
  return host === undefined ? found : { ...found, evidence: { ...found.evidence, host: hostCalled(host) } };
}

async function readSource(source: Stored): Promise<LookOutput> {
  if (typeof source === 'string') return readPiece(source, { path: await checked(source) }, (await stat(source)).mtime);
  if ('root' in source) return readRoot(source.root);
  if ('folder' in source)
    return collected(source.folder, { members: await readFolder(source.folder) }, (await stat(source.folder)).mtime);
  if ('outputs' in source) {
    const members = new Members();
    let newest = 0;
    for (const { path, name } of source.outputs) {
      addFile(members, name.replace(/^\/+/, ''), await bytesOf(path));
      newest = Math.max(newest, (await stat(path)).mtimeMs);
    }
    return collected(source.name, { members }, new Date(newest));
  }
  return readPiece(source.name, { bytes: source.bytes }, new Date());
}

/** An image does not tell when it was taken: its folder does as a file would. */
async function readRoot(path: string): Promise<LookOutput> {
  return readImage(path, { observedAt: (await stat(path)).mtime.toISOString() });
}

/** @param modified Time of the look where the evidence itself does not tell it. */
async function readPiece(name: string, packed: Packed, modified: Date): Promise<LookOutput> {
  const head = await headOf(packed);
  const whole = async () => ('bytes' in packed ? packed.bytes : bytesOf(packed.path));
  if (isSnapshot(head)) return unpackNamed(name, await whole());
  if (isLookOutput(head)) return readLookOutput(await whole(), modified.toISOString());
  if (gistOf(head).is === 'text') {
    const members = new Members();
    addFile(members, name.replace(/^.*\//, ''), await whole());
    return collected(name, { members }, modified);
  }
  const unpacked = await unpack(packed, name);
  return 'members' in unpacked ? collected(name, unpacked, modified) : unknown(name, unpacked);
}

function addFile(members: Members, name: string, bytes: Uint8Array): void {
  const kept = bytes.subarray(0, members.room(bytes.length));
  members.add(name, { type: 'file', bytes: kept, cut: kept.length < bytes.length, sizeBytes: bytes.length });
}

async function collected(
  name: string,
  { members, broken }: { readonly members: Members; readonly broken?: string },
  modified: Date,
): Promise<LookOutput> {
  const found = await collectedFrom(members, {
    name,
    fallbackAt: modified.toISOString(),
    ...(broken === undefined ? {} : { broken }),
  });
  if (found !== undefined) return found;
  if (broken !== undefined)
    throw new LongwatchError(
      'INPUT_UNKNOWN',
      `${name} is damaged (${broken}), and what comes before is no evidence that Longwatch knows`,
    );
  const looksLike = members.size === 0 ? 'something without any content' : wordsOfMany(members);
  return unknown(name, { is: 'other', ...(looksLike === undefined ? {} : { looksLike }) });
}

const KINDS_TOLD = 4;

/** What several files look like, the most frequent first; nothing of one alone. */
function wordsOfMany(members: Members): string | undefined {
  const files = members.files().flatMap((path) => members.file(path) ?? []);
  if (files.length < 2) return undefined;
  const kinds = Map.groupBy(files, ({ bytes }) => {
    const gist = gistOf(bytes.subarray(0, GIST_BYTES));
    return (gist.is === 'other' ? gist.looksLike?.split(';')[0] : gist.is) ?? 'binary data';
  });
  const counted = [...kinds].map(([kind, of]) => [kind, of.length] as const).toSorted(([, a], [, b]) => b - a);
  const told = counted.slice(0, KINDS_TOLD).map(([kind, count]) => `${kind} (${count})`);
  return `${files.length} files of other kinds: ${[...told, ...(counted.length > KINDS_TOLD ? ['…'] : [])].join(', ')}`;
}

function unknown(name: string, gist: Gist): never {
  const like = gist.is === 'other' ? gist.looksLike : gist.is === 'empty' ? 'an empty file' : undefined;
  throw new LongwatchError(
    'INPUT_UNKNOWN',
    `${name} is no evidence that Longwatch knows${like === undefined ? '' : `; it looks like ${printable(like)}`}`,
  );
}

/** What is wrong with a snapshot is told with the name of its file: of several, the operator has to know which. */
async function unpackNamed(name: string, bytes: Uint8Array): Promise<LookOutput> {
  try {
    return await unpackSnapshot(bytes);
  } catch (error) {
    if (!(error instanceof LongwatchError)) throw error;
    throw new LongwatchError(error.code, `${name}: ${error.message}`, { cause: error });
  }
}

/** Whether bytes are evidence of a look of Longwatch itself. */
export function isEvidence(bytes: Uint8Array): boolean {
  return isSnapshot(bytes) || isLookOutput(bytes);
}

/** The path of a file that can be read. */
async function checked(path: string): Promise<string> {
  try {
    const about = await stat(path);
    if (!about.isFile()) throw new LongwatchError('INPUT_UNKNOWN', `${path} is no file`);
    await headOf({ path });
    return path;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    const about = await stat(path);
    if (about.size > FILE_LIMIT)
      throw new LongwatchError(
        'INPUT_UNREADABLE',
        `${path} has ${about.size} bytes, more than the ${FILE_LIMIT} that are read`,
      );
    return await readFile(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): LongwatchError {
  if (cause instanceof LongwatchError) return cause;
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown cause';
  return new LongwatchError('INPUT_UNREADABLE', `${path} cannot be read (${code})`, { cause });
}
