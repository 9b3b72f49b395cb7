import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Watch } from '../hunt/watch.ts';
import type { NetworkEvent } from '../hunt/watcher.ts';
import { shares } from '../hunt/watchers/index.ts';
import { moduleBeside } from '../lib/places.ts';
import { readCapture } from '../packets/capture/read.ts';
import { openCapture } from '../sources/capture/open.ts';

/** To begin a thread takes as long as to watch so many bytes. */
const WORTH_A_THREAD = 64 << 20;

/** What the second share of the watchers told of a capture, and what it did not follow or tell for want of memory. */
export interface ShareSaid {
  readonly events: readonly NetworkEvent[];
  readonly watched: number;
  readonly beyond: number;
}

const SECOND: ReadonlySet<string> = new Set(shares[1].flatMap(({ tells }) => tells));

/** Whether an event is told by the second share. */
export function isOfSecondShare({ name }: NetworkEvent): boolean {
  return SECOND.has(name);
}

/** Lets the second share watch a capture by itself. What cannot be read is told by who watches with the first. */
export async function watchSecondShare(path: string): Promise<ShareSaid> {
  const events: NetworkEvent[] = [];
  const watch = new Watch(shares[1], (event) => void events.push(event));
  const file = await openCapture(path, () => undefined);
  try {
    for await (const frames of readCapture(file, () => undefined)) watch.frames(frames);
    watch.end();
  } finally {
    await file.close();
  }
  return { events, watched: watch.lost.watched, beyond: watch.lost.events };
}

/** The second share in a thread of its own. */
export class SecondShare {
  readonly #worker: Worker;
  readonly said: Promise<ShareSaid>;

  private constructor(path: string) {
    this.#worker = new Worker(moduleBeside('./capture-share-worker', import.meta.url), { workerData: path });
    this.said = new Promise((resolve, reject) => this.#worker.once('message', resolve).once('error', reject));
    this.said.catch(() => undefined); // who waits for it is told
  }

  /** Begins it where the capture is large and there is a processor for it; undefined otherwise. */
  static async worthwhile(path: string): Promise<SecondShare | undefined> {
    if (availableParallelism() < 2) return undefined;
    const about = await stat(path).catch(() => undefined); // who opens it says why it cannot be read
    return about?.isFile() === true && about.size >= WORTH_A_THREAD ? new SecondShare(path) : undefined;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
