import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { History } from '../../model/ports/history.ts';

/** What every history keeps to. */
export function historyContract(name: string, make: (capacity: number) => Promise<History>): void {
  describe(`${name}, by the contract`, () => {
    let history: History;
    beforeEach(async () => void (history = await make(3)));
    afterEach(() => history.close());
    const seen = (...atMs: readonly number[]) => history.seen(atMs.map((one) => ({ key: 'a', atMs: one })));

    it('knows when something was first and last seen, and how often', async () => {
      expect(
        await history.seen([
          { key: 'a', atMs: 5 },
          { key: 'b', atMs: 6 },
          { key: 'a', atMs: 9 },
        ]),
      ).toEqual([
        { firstMs: 5, lastMs: 5, count: 1 },
        { firstMs: 6, lastMs: 6, count: 1 },
        { firstMs: 5, lastMs: 9, count: 2, everyMs: 4, deviationMs: 0 },
      ]);
      expect(await history.recall('a')).toEqual({ firstMs: 5, lastMs: 9, count: 2, everyMs: 4, deviationMs: 0 });
      expect(await history.recall('__proto__')).toBeUndefined();
    });

    it('tells a beacon from a person by the rhythm', async () => {
      expect((await seen(0, 60_000, 120_000, 180_000)).at(-1)).toMatchObject({ everyMs: 60_000, deviationMs: 0 });
      expect((await history.seen([0, 10, 40].map((atMs) => ({ key: 'b', atMs })))).at(-1)).toMatchObject({
        everyMs: 20,
        deviationMs: 10,
      });
    });

    it('lets a late sight be the first, and not part of the rhythm', async () => {
      expect((await seen(100, 200, 50, 300)).slice(2)).toEqual([
        { firstMs: 50, lastMs: 200, count: 3, everyMs: 100, deviationMs: 0 },
        { firstMs: 50, lastMs: 300, count: 4, everyMs: 100, deviationMs: 0 },
      ]);
    });

    it('forgets the key not seen for longest, and says so', async () => {
      await history.seen(['a', 'b', 'c', 'a', 'd'].map((key, atMs) => ({ key, atMs })));

      expect(await history.size()).toEqual({ keys: 3, forgotten: 1 });
      expect([await history.recall('a'), await history.recall('b')]).toEqual([
        { firstMs: 0, lastMs: 3, count: 2, everyMs: 3, deviationMs: 0 },
        undefined,
      ]);
      expect(await history.seen([{ key: 'b', atMs: 9 }])).toEqual([{ firstMs: 9, lastMs: 9, count: 1 }]);
      expect(await history.size()).toEqual({ keys: 3, forgotten: 2 });
    });

    it('stays in its bounds under a flood of keys', async () => {
      await history.seen(Array.from({ length: 5_000 }, (_, index) => ({ key: `k${index}`, atMs: index })));

      expect(await history.size()).toEqual({ keys: 3, forgotten: 4_997 });
    });
  });
}
