import { parentPort, workerData } from 'node:worker_threads';
import type { Hit } from '../hunt/predicates/hunter.ts';
import { huntPart, type HuntOptions, type Part, type PartResult } from './hunt-part.ts';

/** What a worker of a hunt is given. */
export interface HuntWork {
  readonly options: HuntOptions;
  /** Its parts, by their number among all. */
  readonly parts: readonly (readonly [number: number, part: Part])[];
}

/** What it says: matches of a part as they are found, and at last what the part came to. Each is answered when it is taken. */
export interface HuntSaid {
  readonly number: number;
  readonly hits: readonly Hit[];
  readonly result?: PartResult;
}

/** So many matches are handed over at once, and so much may wait to be taken. */
const MOST_HITS = 20_000;
const MOST_WAITING = 4;

async function work(port: NonNullable<typeof parentPort>, { options, parts }: HuntWork): Promise<void> {
  const talk = { waiting: 0, taken: (): void => undefined };
  port.on('message', () => {
    talk.waiting -= 1;
    talk.taken();
  });
  const say = async (said: HuntSaid): Promise<void> => {
    port.postMessage(said);
    talk.waiting += 1;
    while (talk.waiting >= MOST_WAITING) await new Promise<void>((resolve) => (talk.taken = resolve));
  };
  for (const [number, part] of parts) {
    let hits: Hit[] = [];
    const result = await huntPart(part, options, async (found) => {
      for (const hit of found) hits.push(hit);
      if (hits.length < MOST_HITS) return;
      await say({ number, hits });
      hits = [];
    });
    await say({ number, hits, result });
  }
  port.close();
}

if (parentPort !== null) void work(parentPort, workerData as HuntWork);
