import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LongwatchError } from '../model/errors.ts';
import type { Evidence } from '../model/artifact.ts';
import { packSnapshot } from '../snapshot/archive.ts';

/**
 * Keeps evidence as a snapshot, readable by its owner alone.
 *
 * @throws {LongwatchError} `OUTPUT_FAILED`.
 */
export async function saveSnapshot(path: string, evidence: Evidence): Promise<void> {
  await writeWhole('the snapshot', path, await packSnapshot(evidence));
}

/**
 * Writes a file, readable by its owner alone. It is written beside its place and moved there when it is whole: nothing
 * half-written stays.
 *
 * @param what The file in the words of the operator, for the error.
 * @throws {LongwatchError} `OUTPUT_FAILED`.
 */
export async function writeWhole(what: string, path: string, content: Uint8Array | string): Promise<void> {
  const part = `${path}.part`;
  try {
    const file = await open(part, 'w', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (cause) {
    await rm(part, { force: true }).catch(() => {});
    throw new LongwatchError(
      'OUTPUT_FAILED',
      `${what} cannot be written to ${path} in ${dirname(path)} (${(cause as NodeJS.ErrnoException).code ?? 'unknown cause'})`,
      { cause },
    );
  }
}
