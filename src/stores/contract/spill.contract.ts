import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Spill } from '../../model/ports/spill.ts';

/** What every spill buffer keeps to. */
export function spillContract(name: string, make: (capacityBytes: number) => Promise<Spill>): void {
  describe(`${name}, by the contract`, () => {
    let spill: Spill;
    beforeEach(async () => void (spill = await make(10)));
    afterEach(() => spill.close());
    const offer = async (...texts: readonly string[]) => {
      const taken: boolean[] = [];
      for (const text of texts) taken.push(await spill.offer(new TextEncoder().encode(text)));
      return taken;
    };
    const take = async (sizeBytes = 100) =>
      (await spill.take(sizeBytes)).map(({ bytes, lostBefore }) => [new TextDecoder().decode(bytes), lostBefore]);

    it('gives pieces back whole and in order, as many as fit and at least one', async () => {
      expect(await offer('abcd', 'ef', '', 'gh')).toEqual([true, true, true, true]);
      expect(await take(1)).toEqual([['abcd', 0]]);
      expect(await take(3)).toEqual([
        ['ef', 0],
        ['', 0],
      ]);
      expect(await take()).toEqual([['gh', 0]]);
      expect(await take()).toEqual([]);
    });

    it('drops what is new when it is full, counts it, and tells the reader where', async () => {
      expect(await offer('abcdef', 'ghijk', 'lmnop', 'qr')).toEqual([true, false, false, true]);
      expect(await spill.state()).toEqual({ pieces: 2, sizeBytes: 8, droppedPieces: 2, droppedBytes: 10 });
      expect(await take()).toEqual([
        ['abcdef', 0],
        ['qr', 2],
      ]);
      expect(await offer('0123456789', 'x')).toEqual([true, false]);
      expect(await take()).toEqual([['0123456789', 0]]);
      expect(await offer('y')).toEqual([true]);
      expect(await take()).toEqual([['y', 1]]);
      expect(await spill.state()).toEqual({ pieces: 0, sizeBytes: 0, droppedPieces: 3, droppedBytes: 11 });
    });

    it('drops a piece larger than all of it', async () => {
      expect(await offer('0123456789A', 'b')).toEqual([false, true]);
      expect(await take()).toEqual([['b', 1]]);
    });

    it('is not changed by what becomes of the bytes outside', async () => {
      const bytes = new TextEncoder().encode('abc');
      await spill.offer(bytes);
      bytes.fill(0);

      expect(await take()).toEqual([['abc', 0]]);
    });
  });
}
