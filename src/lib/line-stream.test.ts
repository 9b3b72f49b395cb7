import fc from 'fast-check';
import { expect, it } from 'vitest';
import { utf8 } from './bytes.ts';
import { lineBatches } from './line-stream.ts';
import { linesOf } from './lines.ts';

async function* stream(parts: readonly Uint8Array[]) {
  yield* parts;
}

async function read(parts: readonly Uint8Array[], limit?: number) {
  const found: [number, string][] = [];
  for await (const { number, lines } of lineBatches(stream(parts), limit)) {
    for (const [index, line] of lines.entries()) found.push([number + index, line]);
  }
  return found;
}

it('reads lines that are cut anywhere as those of the whole', async () => {
  const bytes = fc.uint8Array({ max: 0x7f }).map((values) => values.map((value) => (value < 20 ? 0x0a : value)));
  await fc.assert(
    fc.asyncProperty(fc.array(bytes), async (parts) => {
      const whole = [...linesOf(new Uint8Array(Buffer.concat(parts)))].map(({ number, text }) => [number, text]);
      expect(await read(parts)).toEqual(whole);
    }),
  );
});

it('puts a character together that two parts share', async () => {
  const bytes = utf8('a\nü\n');
  expect(await read([bytes.subarray(0, 3), bytes.subarray(3)])).toEqual([
    [1, 'a'],
    [2, 'ü'],
  ]);
});

it('cuts a line that is too long and reads on', async () => {
  expect(await read([utf8('aaa'), utf8('aaa'), utf8('aaa\nb')], 5)).toEqual([
    [1, 'aaaaa'],
    [2, 'b'],
  ]);
});
