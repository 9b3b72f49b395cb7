import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkQueue } from '../../model/ports/work-queue.ts';

interface Job {
  readonly host: string;
}

/**
 * What every queue of work keeps to.
 *
 * @param make The queue remembers what was done for 1,000,000 ms.
 */
export function workQueueContract(name: string, make: (now: () => number) => Promise<WorkQueue<Job>>): void {
  describe(`${name}, by the contract`, () => {
    let nowMs: number;
    let queue: WorkQueue<Job>;
    beforeEach(async () => {
      nowMs = 1_795_400_000_000;
      queue = await make(() => nowMs);
    });
    afterEach(() => queue.close());
    const put = (...ids: readonly string[]) => Promise.all(ids.map((id) => queue.put({ host: id }, { id })));
    const pull = async (count = 10, leaseMs = 1_000) => queue.pull(count, leaseMs);

    it('hands jobs out in the order in which they came, no more than asked for, each once', async () => {
      await put('c', 'a', 'b');

      expect((await pull(2)).map(({ id, job, attempt }) => ({ id, job, attempt }))).toEqual([
        { id: 'c', job: { host: 'c' }, attempt: 1 },
        { id: 'a', job: { host: 'a' }, attempt: 1 },
      ]);
      expect((await pull()).map(({ id }) => id)).toEqual(['b']);
      expect(await pull()).toEqual([]);
    });

    it('does not take a job twice: while it waits, while it is leased, and a while after it was done', async () => {
      expect(await put('a', 'a')).toEqual([{ repeated: false }, { repeated: true }]);
      const [one] = await pull();
      expect(await put('a')).toEqual([{ repeated: true }]);
      expect(await queue.done(one?.lease ?? '')).toBe(true);
      expect(await put('a')).toEqual([{ repeated: true }]);
      nowMs += 1_000_001;
      expect(await put('a')).toEqual([{ repeated: false }]);
    });

    it('hands out again what was not done when its lease ended; the former holder has lost it', async () => {
      await put('a');
      const [first] = await pull(1, 1_000);
      nowMs += 999;
      expect(await pull()).toEqual([]);
      nowMs += 1;
      expect(await queue.done(first?.lease ?? '')).toBe(false);
      const [second] = await pull();

      expect(second).toMatchObject({ id: 'a', job: { host: 'a' }, attempt: 2 });
      expect(second?.lease).not.toBe(first?.lease);
      expect([await queue.done(first?.lease ?? ''), await queue.fail(first?.lease ?? '', 0)]).toEqual([false, false]);
      expect(await queue.done(second?.lease ?? '')).toBe(true);
      expect(await queue.done(second?.lease ?? '')).toBe(false);
      nowMs += 10_000;
      expect(await pull()).toEqual([]);
    });

    it('keeps a job that failed for later', async () => {
      await put('a', 'b');
      const [first] = await pull(1);
      expect(await queue.fail(first?.lease ?? '', 500)).toBe(true);
      expect((await pull()).map(({ id }) => id)).toEqual(['b']);
      nowMs += 500;
      expect(await pull()).toMatchObject([{ id: 'a', attempt: 2 }]);
    });

    it('says how deep it is', async () => {
      await put('a', 'b', 'c', 'd');
      const [a, b] = await pull(3, 1_000);
      await queue.done(a?.lease ?? '');
      await queue.fail(b?.lease ?? '', 2_000);

      expect(await queue.depth()).toEqual({ ready: 1, delayed: 1, leased: 1 });
      nowMs += 1_000;
      expect(await queue.depth()).toEqual({ ready: 2, delayed: 1, leased: 0 });
      nowMs += 1_000;
      expect(await queue.depth()).toEqual({ ready: 3, delayed: 0, leased: 0 });
    });

    it('knows no lease but its own', async () => {
      expect([await queue.done('a'), await queue.fail('__proto__', 1)]).toEqual([false, false]);
    });
  });
}
