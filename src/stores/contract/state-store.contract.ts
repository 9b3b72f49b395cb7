import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StateEntry, StateStore } from '../../model/ports/state-store.ts';
import { collect } from '../../testing/artifact.ts';

const event = (type: string, data: Record<string, unknown> = {}) => ({
  type,
  at: '2026-11-23T04:05:06.000Z',
  by: 'ada',
  data,
});

/** What every journal keeps to. */
export function stateStoreContract(name: string, make: () => Promise<StateStore>): void {
  describe(`${name}, by the contract`, () => {
    let store: StateStore;
    beforeEach(async () => void (store = await make()));
    afterEach(() => store.close());
    const types = async (stream: string, from?: number) =>
      (await collect(store.read(stream, from))).map((entry) => `${entry.sequence} ${entry.event.type}`);

    it('numbers the entries of each stream from 1', async () => {
      const opened = await store.append(
        'case/1',
        0,
        event('opened', { 'title.of': ['a', null, { b: 1.5 }], __proto__x: '\u202e' }),
      );
      await store.append('case/2', 0, event('opened'));
      await store.append('case/1', 1, event('noted'));

      expect(opened).toMatchObject({
        appended: true,
        entry: {
          stream: 'case/1',
          sequence: 1,
          event: event('opened', { 'title.of': ['a', null, { b: 1.5 }], __proto__x: '\u202e' }),
        },
      });
      expect(await types('case/1')).toEqual(['1 opened', '2 noted']);
      expect(await types('case/1', 2)).toEqual(['2 noted']);
      expect(await types('case/1', 3)).toEqual([]);
      expect(await types('case/3')).toEqual([]);
    });

    it('refuses a writer who does not know the last entry, and tells him where the stream is', async () => {
      await store.append('case/1', 0, event('opened'));

      expect(await store.append('case/1', 0, event('opened'))).toEqual({ appended: false, sequence: 1 });
      expect(await store.append('case/1', 2, event('closed'))).toEqual({ appended: false, sequence: 1 });
      expect(await store.append('case/9', 1, event('closed'))).toEqual({ appended: false, sequence: 0 });
      expect(await types('case/1')).toEqual(['1 opened']);
    });

    it('lets one of many who write at once succeed', async () => {
      const tries = await Promise.all(
        Array.from({ length: 20 }, (_, index) => store.append('case/1', 0, event(`by ${index}`))),
      );

      expect(tries.filter(({ appended }) => appended)).toHaveLength(1);
      expect(await types('case/1')).toHaveLength(1);
    });

    it('keeps what was appended, whatever becomes of the object', async () => {
      const data = { note: 'first' };
      await store.append('case/1', 0, event('noted', data));
      data.note = 'changed';
      const [entry] = await collect(store.read('case/1'));
      Object.assign(entry?.event.data ?? {}, { note: 'changed too' });

      expect((await collect(store.read('case/1')))[0]?.event.data).toEqual({ note: 'first' });
    });

    it('tells a subscriber of what was, of what comes, and in one order', async () => {
      await store.append('a', 0, event('one'));
      await store.append('b', 0, event('two'));
      const stop = new AbortController();
      const heard: StateEntry[] = [];
      const listening = (async () => {
        for await (const entry of store.subscribe(0, stop.signal)) {
          heard.push(entry);
          if (heard.length === 2) await store.append('a', 1, event('three'));
          if (heard.length === 3) stop.abort();
        }
      })();
      await listening;

      expect(heard.map(({ stream, sequence, event: { type } }) => `${stream} ${sequence} ${type}`)).toEqual([
        'a 1 one',
        'b 1 two',
        'a 2 three',
      ]);
      expect(heard.map(({ position }) => position)).toEqual(
        heard.map(({ position }) => position).toSorted((x, y) => x - y),
      );
    });

    it('lets a subscriber go on behind what he knows', async () => {
      await store.append('a', 0, event('one'));
      await store.append('a', 1, event('two'));
      const [first] = await collect(store.read('a'));
      const next = store.subscribe(first?.position ?? 0)[Symbol.asyncIterator]();

      expect((await next.next()).value).toMatchObject({ event: { type: 'two' } });
      await next.return?.();
    });

    it('ends a subscription that waits: by its signal, and by closing', async () => {
      const stop = new AbortController();
      const [bySignal, byClosing] = [collect(store.subscribe(0, stop.signal)), collect(store.subscribe(0))];
      setTimeout(() => stop.abort(), 5);
      expect(await bySignal).toEqual([]);
      setTimeout(() => void store.close(), 5);
      expect(await byClosing).toEqual([]);
    });
  });
}
