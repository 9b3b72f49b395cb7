import { readFile, stat } from 'node:fs/promises';
import { LongwatchError } from '../model/errors.ts';
import { hostCalled } from '../snapshot/identity.ts';
import { isSnapshot, unpackSnapshot } from '../snapshot/archive.ts';
import { isLookOutput, readLookOutput, type LookOutput } from '../snapshot/stream.ts';

const FILE_LIMIT = 1 << 30;

/**
 * Reads stored evidence of one host, found by its content.
 *
 * @throws {LongwatchError} `INPUT_UNREADABLE`, `INPUT_UNKNOWN` or `SNAPSHOT_DAMAGED`.
 */
export async function readStored(path: string, host?: string): Promise<LookOutput> {
  const bytes = await bytesOf(path);
  const found = await recognise(path, bytes);
  return host === undefined ? found : { ...found, evidence: { ...found.evidence, host: hostCalled(host) } };
}

async function recognise(path: string, bytes: Uint8Array): Promise<LookOutput> {
  if (isSnapshot(bytes)) return unpackSnapshot(bytes);
  if (isLookOutput(bytes)) {
    const { mtime } = await stat(path);
    return readLookOutput(bytes, mtime.toISOString());
  }
  throw new LongwatchError('INPUT_UNKNOWN', `${path} is no evidence that Longwatch knows`);
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
