import type { StateEntry, StateStore } from '../../model/ports/state-store.ts';

/** A journal in memory. */
export function memoryStateStore(): StateStore {
  const all: StateEntry[] = [];
  const streams = new Map<string, StateEntry[]>();
  let closed = false;
  let wake = Promise.withResolvers<void>();
  const stir = () => {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };
  return {
    async append(stream, expectedSequence, event) {
      const own = streams.get(stream) ?? [];
      if (own.length !== expectedSequence) return { appended: false, sequence: own.length };
      const entry = { stream, sequence: own.length + 1, position: all.length + 1, event: structuredClone(event) };
      streams.set(stream, [...own, entry]);
      all.push(entry);
      stir();
      return { appended: true, entry: structuredClone(entry) };
    },
    async *read(stream, from = 1, signal) {
      for (const entry of streams.get(stream)?.slice(Math.max(0, from - 1)) ?? []) {
        signal?.throwIfAborted();
        yield structuredClone(entry);
      }
    },
    async *subscribe(position, signal) {
      signal?.addEventListener('abort', stir, { once: true });
      for (let next = position; ;) {
        if (closed || signal?.aborted === true) return;
        const entry = all[next];
        if (entry === undefined) await wake.promise;
        else {
          next += 1;
          yield structuredClone(entry);
        }
      }
    },
    async close() {
      closed = true;
      stir();
    },
  };
}
