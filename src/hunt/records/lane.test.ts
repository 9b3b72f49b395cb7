import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ENOUGH, Lane } from './lane.ts';

/** Reads all but waits for an even number of bytes, so that some stay behind. */
function readerOf(read: number[]) {
  return (bytes: Uint8Array, at: number, end: number) => {
    const even = end - ((end - at) % 2);
    read.push(...bytes.subarray(at, even));
    return even;
  };
}

it('reads each byte once and in its order, however segments are cut, repeated and shuffled', () => {
  const pieces = fc.array(fc.tuple(fc.nat(99), fc.integer({ min: 1, max: 40 })), { maxLength: 60 });
  fc.assert(
    fc.property(pieces, fc.integer({ min: 0, max: 0xffffffff }), (cuts, base) => {
      const stream = Uint8Array.from({ length: 100 }, (_, index) => index);
      const lane = new Lane();
      lane.begin(base);
      const read: number[] = [];
      for (const [from, length] of cuts)
        expect(lane.take((base + from) >>> 0, stream, from, Math.min(100, from + length), readerOf(read))).toBe(true);
      lane.take(base, stream, 0, 100, readerOf(read));
      expect(read).toEqual([...stream]);
    }),
  );
});

it('passes over what its reader does not want, and then stops', () => {
  const lane = new Lane();
  const seen: number[][] = [];
  const read = (bytes: Uint8Array, at: number, end: number) => {
    seen.push([...bytes.subarray(at, end)]);
    return seen.length === 1 ? at + 10 : ENOUGH;
  };

  expect(lane.take(1, Uint8Array.of(1, 2, 3), 0, 3, read)).toBe(true);
  expect(lane.take(4, Uint8Array.of(4, 5, 6, 7), 0, 4, read)).toBe(true);
  expect(lane.take(8, Uint8Array.of(8, 9, 10, 11, 12), 0, 5, read)).toBe(false);
  expect(seen).toEqual([
    [1, 2, 3],
    [11, 12],
  ]);
});

it('breaks when too much waits, behind a gap or for a reader', () => {
  const [gap, slow] = [new Lane(), new Lane()];
  const much = new Uint8Array(1000);
  gap.begin(0);
  let fits = 0;
  for (let place = 1; place < 100_000 && gap.take(place, much, 0, 1000, () => ENOUGH); place += 1000) fits += 1;
  let waits = 0;
  for (let place = 0; place < 100_000 && slow.take(place, much, 0, 1000, (_, at) => at); place += 1000) waits += 1;

  expect([fits, gap.broken, waits, slow.broken]).toEqual([64, true, 65, true]);
});
