import { expect, it } from 'vitest';
import { SentChunks } from './sent.ts';

const HALF = { source: 1, destination: 2, tag: 3 };

it('knows a chunk again in a later frame, not in the same', () => {
  const sent = new SentChunks();

  expect([sent.before(HALF, 9, 1), sent.before(HALF, 9, 1), sent.before(HALF, 9, 2)]).toEqual([false, false, true]);
});

it('tells associations apart by ports and tag', () => {
  const sent = new SentChunks();
  sent.before(HALF, 9, 1);

  expect(sent.before({ ...HALF, tag: 4 }, 9, 2)).toBe(false);
  expect(sent.before({ ...HALF, source: 2, destination: 1 }, 9, 2)).toBe(false);
  expect(sent.before(HALF, 10, 2)).toBe(false);
});
