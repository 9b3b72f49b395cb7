import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { moduleBeside } from '../../lib/places.ts';

const CHUNK = 1 << 20;
/** To begin a thread takes as long as to hash so many bytes. */
const WORTH_A_THREAD = 32 << 20;

/** SHA-256 of the first bytes of an open file, which is read at places and not onwards. */
export function digestOf(file: number, sizeBytes: number): string {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(CHUNK);
  for (let at = 0; at < sizeBytes;) {
    const came = readSync(file, buffer, 0, Math.min(CHUNK, sizeBytes - at), at);
    if (came === 0) break;
    hash.update(buffer.subarray(0, came));
    at += came;
  }
  return hash.digest('hex');
}

/** What a thread is asked. */
export interface DigestTask {
  readonly file: number;
  readonly sizeBytes: number;
}

/** The digest of a file that is read meanwhile: of a large one by another thread. */
export class Digest {
  readonly #file: number;
  readonly #sizeBytes: number;
  readonly #worker: Worker | undefined;
  readonly #said: Promise<string> | undefined;

  /** @param ahead Whether it is known by now that somebody will ask for it. */
  constructor(file: number, sizeBytes: number, ahead: boolean) {
    this.#file = file;
    this.#sizeBytes = sizeBytes;
    if (!ahead || sizeBytes < WORTH_A_THREAD) return;
    const workerData: DigestTask = { file, sizeBytes };
    const worker = new Worker(moduleBeside('./digest-worker', import.meta.url), { workerData });
    this.#worker = worker;
    this.#said = new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    this.#said.catch(() => undefined); // who asks for it is told
  }

  /** @param readBytes So much of the file was read: it may have grown since it was opened. */
  async of(readBytes: number): Promise<string> {
    return readBytes === this.#sizeBytes && this.#said ? this.#said : digestOf(this.#file, readBytes);
  }

  /** To be called before the file is closed: its number may be another file's afterwards. */
  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }
}
