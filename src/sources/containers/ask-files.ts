import { fork } from 'node:child_process';
import { moduleBeside } from '../../lib/places.ts';
import { noFiles, type Files, type FilesWanted } from './files.ts';
import type { NoRoot } from './root.ts';

const READ_MS = 180_000;
/** Every packaged file is read. */
const DEEP_MS = 900_000;

const LATE: NoRoot = { reason: 'timed_out', detail: 'the files of the container took too long to read' };
const ENDED: NoRoot = {
  reason: 'unsupported',
  detail: 'what reads the files of the container ended before it was done',
};

/**
 * The files of a container, read by a process of its own: a file system that somebody in the container serves may let a
 * reader wait for ever. One that takes too long is ended and not waited for.
 *
 * @throws What the signal was aborted with.
 */
export async function askFiles(wanted: FilesWanted, signal?: AbortSignal, limitMs?: number): Promise<Files> {
  signal?.throwIfAborted();
  const child = fork(moduleBeside('./files-worker', import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {},
  });
  let over = () => {};
  const timer = setTimeout(() => over(), limitMs ?? (wanted.profile === 'deep' ? DEEP_MS : READ_MS));
  const stop = () => over();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const files = await new Promise<Files>((resolve) => {
      over = () => resolve(noFiles(LATE));
      child.once('message', (files) => resolve(files as Files));
      child.once('error', () => resolve(noFiles(ENDED)));
      child.once('exit', () => resolve(noFiles(ENDED)));
      child.send(wanted);
    });
    signal?.throwIfAborted();
    return files;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    child.kill('SIGKILL');
    child.unref();
    child.channel?.unref();
  }
}
