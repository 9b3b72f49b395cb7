import { appendFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { directoryOf } from '../../testing/files.ts';
import { followFile } from './follow.ts';

/** Follows a file; each step is done when all that was written before it has come. */
async function followed(steps: readonly ((path: string, abort: AbortController) => void)[]): Promise<string> {
  const path = join(directoryOf({}), 'growing');
  writeFileSync(path, 'begun ');
  const abort = new AbortController();
  const left = [...steps];
  let text = '';
  for await (const part of followFile(path, abort.signal)) {
    text += Buffer.from(part).toString();
    left.shift()?.(path, abort);
  }
  return text;
}

const append = (text: string) => (path: string) => appendFileSync(path, text);

it('gives what is added, and ends where the file is renamed', async () => {
  const rotate = (path: string) => {
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, 'last');
    writeFileSync(path, 'another');
  };

  expect(await followed([append('more '), rotate])).toBe('begun more last');
});

it('ends where the file becomes shorter', async () => {
  expect(await followed([(path) => truncateSync(path)])).toBe('begun ');
});

it('ends with the signal, after what is there', async () => {
  const stop = (path: string, abort: AbortController) => {
    appendFileSync(path, 'end');
    abort.abort();
  };

  expect(await followed([stop])).toBe('begun end');
});

it('says that there is no such file', async () => {
  const none = followFile(join(directoryOf({}), 'none'), new AbortController().signal);

  await expect(none.next()).rejects.toThrow('cannot be read (ENOENT)');
});
