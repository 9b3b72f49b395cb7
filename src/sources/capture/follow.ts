import { open, stat, type FileHandle } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { unreadable } from './open.ts';

const CHUNK = 1 << 18;
const POLL_MS = 200;

/**
 * What is in a file and what is added to it, until it is another file that has its name, it becomes shorter, or the signal.
 *
 * @throws {LongwatchError} `INPUT_UNREADABLE`.
 */
export async function* followFile(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    let at = 0;
    for (let over = false; ;) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(CHUNK), 0, CHUNK, at);
      at += bytesRead;
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
      else if (over) return;
      // What was written before the name moved on is read once more.
      else if (signal.aborted || (await isOver(file, path, at))) over = true;
      else await setTimeout(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  } catch (cause) {
    throw unreadable(path, cause);
  } finally {
    await file?.close();
  }
}

async function isOver(file: FileHandle, path: string, at: number): Promise<boolean> {
  const held = await file.stat();
  const named = await stat(path).catch(() => undefined);
  return named === undefined || named.ino !== held.ino || named.dev !== held.dev || held.size < at;
}
