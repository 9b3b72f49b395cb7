import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat, utf8 } from './bytes.ts';
import { lineBatches } from './line-stream.ts';
import { linesOf } from './lines.ts';

async function all(pieces: readonly Uint8Array[], limitBytes?: number) {
  const lines = [];
  for await (const batch of lineBatches(pieces, limitBytes)) lines.push(...batch);
  return lines;
}

it('joins what the pieces cut apart', async () => {
  expect(await all(['one\ntw', 'o\n', '\nthr', 'ee'].map(utf8))).toEqual([
    { text: 'one', offset: 0, number: 1 },
    { text: 'two', offset: 4, number: 2 },
    { text: '', offset: 8, number: 3 },
    { text: 'three', offset: 9, number: 4 },
  ]);
});

it('cuts a line that is too long, and reads on', async () => {
  const pieces = ['abcdef', 'ghijkl', 'mn\nop\n'].map(utf8);

  expect(await all(pieces, 4)).toEqual([
    { text: 'abcd', offset: 0, number: 1 },
    { text: 'op', offset: 15, number: 2 },
  ]);
});

it('gives the lines of the whole, wherever it is cut', async () => {
  const piece = fc.oneof(fc.uint8Array(), fc.string({ unit: fc.constantFrom('a', 'é', '\n') }).map(utf8));
  await fc.assert(
    fc.asyncProperty(fc.array(piece), async (pieces) => {
      expect(await all(pieces)).toEqual([...linesOf(concat(pieces))]);
    }),
  );
});
