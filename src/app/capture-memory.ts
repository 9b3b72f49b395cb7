import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { WatchState } from '../hunt/watch.ts';
import { LongwatchError } from '../model/errors.ts';
import type { WatchMemory } from './capture-live.ts';

const FILE = 'capture-memory.json';
const EVERY_MS = 5 * 60_000;

const Kept = z.object({
  version: z.literal(1),
  told: z.array(z.string()),
  watchers: z.record(z.string(), z.unknown()),
});

/**
 * What watchers learned, in a file of a folder: written every few minutes and at the end, and each time whole, so that what
 * breaks off leaves the one before.
 *
 * @param onFault Is told why it cannot be kept; the watching goes on.
 */
export function fileMemory(folder: string, onFault: (why: string) => void, everyMs: number = EVERY_MS): WatchMemory {
  const path = join(folder, FILE);
  let next = Date.now() + everyMs;
  return {
    async recall() {
      let text: string;
      try {
        text = await readFile(path, 'utf8');
      } catch (cause) {
        if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
        throw new LongwatchError('INPUT_UNREADABLE', `${path} cannot be read`, { cause });
      }
      return stateOf(text, path);
    },
    async keep(state, last) {
      if (!last && Date.now() < next) return;
      next = Date.now() + everyMs;
      try {
        await mkdir(folder, { recursive: true });
        await writeFile(`${path}.new`, JSON.stringify({ version: 1, ...state() }));
        await rename(`${path}.new`, path);
      } catch (cause) {
        onFault(`${path} cannot be written (${cause instanceof Error ? cause.message : String(cause)})`);
      }
    },
  };
}

function stateOf(text: string, path: string): WatchState {
  try {
    return Kept.parse(JSON.parse(text));
  } catch (cause) {
    throw new LongwatchError(
      'INPUT_UNREADABLE',
      `${path} holds nothing that was learned from captures; move it away to begin anew`,
      { cause },
    );
  }
}
