import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Watch } from '../hunt/watch.ts';
import type { NetworkEvent } from '../hunt/watcher.ts';
import { watchers } from '../hunt/watchers/index.ts';
import { moduleBeside } from '../lib/places.ts';
import { readCapture } from '../packets/capture/read.ts';
import { openCapture } from '../sources/capture/open.ts';

/** To begin a thread takes as long as to watch so many bytes. */
const WORTH_A_THREAD = 64 << 20;

/** What the watchers make is either short-lived or stays: more room for young objects would only cost memory. */
const YOUNG_MB = 16;

/** What the watchers told of a capture, and what they did not follow or tell for want of memory. */
export interface WatchersSaid {
  readonly events: readonly NetworkEvent[];
  readonly watched: number;
  readonly beyond: number;
}

/** Lets the watchers look at a capture by themselves. What cannot be read is told by who reads it beside them. */
export async function watchCapture(path: string): Promise<WatchersSaid> {
  const events: NetworkEvent[] = [];
  const watch = new Watch(watchers, (event) => void events.push(event));
  const file = await openCapture(path, () => undefined);
  try {
    for await (const frames of readCapture(file, () => undefined)) watch.frames(frames);
    watch.end();
  } finally {
    await file.close();
  }
  return { events, watched: watch.lost.watched, beyond: watch.lost.events };
}

/** The watchers in a thread of their own, beside the one that makes records for the rules. */
export class WatchersThread {
  readonly #worker: Worker;
  readonly said: Promise<WatchersSaid>;

  private constructor(path: string) {
    this.#worker = new Worker(moduleBeside('./capture-watchers-worker', import.meta.url), {
      workerData: path,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    this.said = new Promise((resolve, reject) => this.#worker.once('message', resolve).once('error', reject));
    this.said.catch(() => undefined); // who waits for it is told
  }

  /** Begins it where the capture is large and there is a processor for it; undefined otherwise. */
  static async worthwhile(path: string): Promise<WatchersThread | undefined> {
    if (availableParallelism() < 2) return undefined;
    const about = await stat(path).catch(() => undefined); // who opens it says why it cannot be read
    return about?.isFile() === true && about.size >= WORTH_A_THREAD ? new WatchersThread(path) : undefined;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
