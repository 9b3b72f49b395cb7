import { expect, it } from 'vitest';
import { wholeOf } from './stdin.ts';

async function* parts(count: number, bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let part = 0; part < count; part++) yield bytes;
}

it('gives standard input whole', async () => {
  expect(await wholeOf(parts(2, Uint8Array.of(1, 2)))).toEqual(Uint8Array.of(1, 2, 1, 2));
});

it('refuses what is longer than a file may be', async () => {
  await expect(wholeOf(parts(300, new Uint8Array(1 << 20)))).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
});
