import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LongwatchError } from '../model/errors.ts';
import type { Evidence } from '../model/artifact.ts';
import { packSnapshot } from '../snapshot/archive.ts';

/**
 * Keeps evidence as a snapshot, readable by its owner alone. It is written beside its place and moved there when it is
 * whole: nothing half-written stays.
 *
 * @throws {LongwatchError} `OUTPUT_FAILED`.
 */
export async function saveSnapshot(path: string, evidence: Evidence): Promise<void> {
  const bytes = await packSnapshot(evidence);
  const part = `${path}.part`;
  try {
    const file = await open(part, 'w', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (cause) {
    await rm(part, { force: true }).catch(() => {});
    throw new LongwatchError(
      'OUTPUT_FAILED',
      `the snapshot cannot be written to ${path} in ${dirname(path)} (${(cause as NodeJS.ErrnoException).code ?? 'unknown cause'})`,
      { cause },
    );
  }
}
