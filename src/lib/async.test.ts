import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { untilStopped } from './async.ts';

async function* numbers(pauseMs: number): AsyncGenerator<number> {
  for (let number = 1; ; number++) {
    yield number;
    await setTimeout(pauseMs);
  }
}

it('ends with what it reads', async () => {
  const three = (async function* () {
    yield* [1, 2, 3];
  })();
  const { signal } = new AbortController();

  expect(await Array.fromAsync(untilStopped(three, signal, 10))).toEqual([1, 2, 3]);
});

it.each([
  ['while nothing comes', 60_000],
  ['while more comes without end', 0],
])('ends a while after the signal, %s', async (_, pauseMs) => {
  const abort = new AbortController();
  const got: number[] = [];
  for await (const number of untilStopped(numbers(pauseMs), abort.signal, 20)) {
    got.push(number);
    abort.abort();
  }

  expect(got[0]).toBe(1);
});

it('passes on what the source throws', async () => {
  const broken = (async function* () {
    yield 1;
    throw new Error('broken');
  })();

  await expect(Array.fromAsync(untilStopped(broken, new AbortController().signal, 10))).rejects.toThrow('broken');
});
