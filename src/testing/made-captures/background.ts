import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromHex } from '../../lib/bytes.ts';
import { randomFrom } from '../random.ts';
import { framesOf } from '../reading.ts';
import type { Part } from './world.ts';

interface Entry {
  readonly file: string;
  readonly bytes: number;
  readonly packets: number | null;
  readonly linktype: readonly string[];
  readonly tags: readonly string[];
}

const ODD: ReadonlySet<string> = new Set(['malformed', 'covert', 'file-truncated']);
const SPAN_SECONDS = 600;
const MOST_FRAMES = 60;

/** Reads ordinary captures of a folder with a `MANIFEST.json`, whose packets stand behind a story. */
export function backgrounds(folder: string): (seed: number) => Promise<Part[]> {
  const { files } = JSON.parse(readFileSync(join(folder, 'MANIFEST.json'), 'utf8')) as { files: readonly Entry[] };
  const usable = files.filter(
    ({ packets, linktype, tags, bytes }) =>
      packets !== null && bytes < 100_000 && linktype.join() === 'ETHERNET(1)' && !tags.some((tag) => ODD.has(tag)),
  );
  return async (seed) => {
    const random = randomFrom(seed * 7919 + 11);
    const parts: Part[] = [];
    for (let number = 0; number < 8; number++) {
      const { frames } = await framesOf(readFileSync(join(folder, random.pick(usable).file)));
      const begin = random.below(SPAN_SECONDS);
      const step = 1 + random.below(200);
      for (const { micros, hex } of frames.slice(0, MOST_FRAMES)) {
        const at = begin + (((micros - frames[0]!.micros) / 1e6) % SPAN_SECONDS);
        parts.push({ at, bytes: moved(fromHex(hex)!, step) });
      }
    }
    return parts;
  };
}

/** The outer addresses of IPv4 are others, sums stay what they were: one word up, the other down. */
function moved(frame: Uint8Array, step: number): Uint8Array {
  if (frame.length < 34 || frame[12] !== 8 || frame[13] !== 0) return frame;
  for (const at of [26, 30]) {
    const [high, low] = [(frame[at]! << 8) | frame[at + 1]!, (frame[at + 2]! << 8) | frame[at + 3]!];
    if (high + step >= 0xe000 || low < step) continue;
    frame.set([(high + step) >> 8, (high + step) & 255, (low - step) >> 8, (low - step) & 255], at);
  }
  return frame;
}
