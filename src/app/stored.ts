import { readFile, stat } from 'node:fs/promises';
import { LongwatchError } from '../model/errors.ts';
import { readImage } from './image.ts';
import { hostCalled } from '../snapshot/identity.ts';
import { isSnapshot, unpackSnapshot } from '../snapshot/archive.ts';
import { isLookOutput, readLookOutput, type LookOutput } from '../snapshot/stream.ts';

/** Well below the longest string, and ten times the evidence of a large host. */
const FILE_LIMIT = 256 << 20;

/** Evidence that was read already, such as standard input. */
export interface Given {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads stored evidence of one host, found by its content.
 *
 * @param source A path, or the bytes themselves.
 * @throws {LongwatchError} `INPUT_UNREADABLE`, `INPUT_UNKNOWN` or `SNAPSHOT_DAMAGED`.
 */
export async function readStored(source: string | Given, host?: string): Promise<LookOutput> {
  if (typeof source === 'string' && (await isFolder(source))) return readFolder(source, host);
  const [name, bytes] = typeof source === 'string' ? [source, await bytesOf(source)] : [source.name, source.bytes];
  const modified = typeof source === 'string' ? (await stat(source)).mtime : new Date();
  const found = await recognise(name, bytes, modified);
  return host === undefined ? found : { ...found, evidence: { ...found.evidence, host: hostCalled(host) } };
}

async function isFolder(path: string): Promise<boolean> {
  // What cannot be looked at is told where it is read.
  return stat(path).then(
    (about) => about.isDirectory(),
    () => false,
  );
}

/** The root folder of a host. An image does not tell when it was taken: its folder does as a file would. */
async function readFolder(path: string, host?: string): Promise<LookOutput> {
  const observedAt = (await stat(path)).mtime.toISOString();
  return readImage(path, { observedAt, ...(host === undefined ? {} : { host }) });
}

/** @param modified Time of the look where the evidence itself does not tell it. */
async function recognise(name: string, bytes: Uint8Array, modified: Date): Promise<LookOutput> {
  if (isSnapshot(bytes)) return unpackNamed(name, bytes);
  if (isLookOutput(bytes)) return readLookOutput(bytes, modified.toISOString());
  throw new LongwatchError('INPUT_UNKNOWN', `${name} is no evidence that Longwatch knows`);
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

/** Whether bytes are evidence of a host that `readStored` knows. */
export function isEvidence(bytes: Uint8Array): boolean {
  return isSnapshot(bytes) || isLookOutput(bytes);
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    const about = await stat(path);
    if (!about.isFile()) throw new LongwatchError('INPUT_UNKNOWN', `${path} is no file`);
    if (about.size > FILE_LIMIT)
      throw new LongwatchError(
        'INPUT_UNREADABLE',
        `${path} has ${about.size} bytes, more than the ${FILE_LIMIT} that are read`,
      );
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof LongwatchError) throw cause;
    throw new LongwatchError(
      'INPUT_UNREADABLE',
      `${path} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown cause'})`,
      { cause },
    );
  }
}
