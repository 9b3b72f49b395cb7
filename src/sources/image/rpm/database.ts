import { Worker } from 'node:worker_threads';
import { moduleBeside } from '../../../lib/places.ts';
import type { Said } from './rpm-worker.ts';

const TIME_MS = 60_000;
const MEMORY_MB = 1024;

/**
 * The files that a database of rpm records. It comes from a host that an intruder may own: a copy of it is read in a
 * thread of its own, which is stopped where it takes too long or too much memory.
 *
 * @param bytes rpmdb.sqlite, Packages.db or Packages, told apart by what they hold.
 */
export async function readRpmDatabase(bytes: Uint8Array, signal?: AbortSignal): Promise<Said> {
  signal?.throwIfAborted();
  const worker = new Worker(moduleBeside('./rpm-worker', import.meta.url), {
    workerData: bytes,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    // What it complains of is no business of the terminal.
    stdout: true,
    stderr: true,
  });
  const stop = () => void worker.terminate();
  const timer = setTimeout(stop, TIME_MS);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<Said>((resolve) => {
      worker.once('message', (said: Said) => {
        resolve(said);
      });
      worker.once('error', (error) => {
        resolve({ fault: error instanceof Error ? error.message : String(error) });
      });
      worker.once('exit', () => {
        resolve({ fault: 'it takes too long to read' });
      });
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
