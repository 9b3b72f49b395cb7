import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { LongwatchError } from '../model/errors.ts';
import type { Io } from './io.ts';

/**
 * A file that the operator named, whole; `-` is standard input.
 *
 * @throws {LongwatchError} `INPUT_UNREADABLE`, with the system's reason.
 */
export async function bytesOf(file: string, io: Io): Promise<Uint8Array> {
  if (file === '-') return io.stdin();
  try {
    return await readFile(file);
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** The same as text in UTF-8. */
export async function textOf(file: string, io: Io): Promise<string> {
  return Buffer.from(await bytesOf(file, io)).toString('utf8');
}

/** The same piece by piece, for what may be larger than memory. */
export async function* partsOf(file: string, io: Io): AsyncGenerator<Uint8Array> {
  if (file === '-') {
    yield* io.stdinParts();
    return;
  }
  const parts = createReadStream(file, { highWaterMark: 1 << 20, signal: io.signal });
  try {
    for await (const part of parts) yield part as Uint8Array;
  } catch (cause) {
    io.signal.throwIfAborted();
    throw unreadable(file, cause);
  }
}

/** The name of what is read, for people. */
export function nameOf(file: string): string {
  return file === '-' ? 'standard input' : file;
}

function unreadable(file: string, cause: unknown): LongwatchError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown cause';
  return new LongwatchError('INPUT_UNREADABLE', `${file} cannot be read (${code})`, { cause, details: { file } });
}
