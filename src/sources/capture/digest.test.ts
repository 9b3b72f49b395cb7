import { openSync, closeSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sha256 } from '../../lib/hash.ts';
import { directoryOf } from '../../testing/files.ts';
import { Digest } from './digest.ts';

async function digestsOf(bytes: Uint8Array, opened: number, read: number, ahead = true): Promise<string> {
  const path = join(directoryOf({}), 'file');
  writeFileSync(path, bytes);
  const file = openSync(path, 'r');
  const digest = new Digest(file, opened, ahead);
  try {
    return await digest.of(read);
  } finally {
    await digest.stop();
    closeSync(file);
  }
}

const SMALL = new Uint8Array(3_000_000).fill(7);
const LARGE = new Uint8Array(34 << 20).map((_, index) => index);

it.each([
  ['a small file', SMALL],
  ['a large file', LARGE],
  ['nothing', new Uint8Array()],
])('is that of %s', async (_, bytes) => {
  expect(await digestsOf(bytes, bytes.length, bytes.length)).toBe(sha256(bytes));
  expect(await digestsOf(bytes, bytes.length, bytes.length, false)).toBe(sha256(bytes));
});

it('is that of what was read, where the file grew or became shorter meanwhile', async () => {
  expect(await digestsOf(LARGE, 33 << 20, LARGE.length)).toBe(sha256(LARGE));
  expect(await digestsOf(SMALL, LARGE.length, SMALL.length)).toBe(sha256(SMALL));
});

it('can be given up', async () => {
  const path = join(directoryOf({}), 'file');
  writeFileSync(path, LARGE);
  const file = openSync(path, 'r');
  const digest = new Digest(file, LARGE.length, true);
  await digest.stop();
  closeSync(file);

  expect(file).toBeGreaterThan(0);
});
