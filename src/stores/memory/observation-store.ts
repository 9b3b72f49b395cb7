import type { ObservationBatch, ObservationStore } from '../../model/ports/observation-store.ts';

/** Observations in memory: for one look, and for tests. */
export function memoryObservationStore(): ObservationStore {
  const batches = new Map<string, ObservationBatch>();
  return {
    async append(batch) {
      const repeated = batches.has(batch.id);
      if (!repeated) batches.set(batch.id, batch);
      return { id: batch.id, observations: batch.observations.length, repeated };
    },
    async *read({ hosts, kinds }, signal) {
      for (const { observations } of batches.values()) {
        signal?.throwIfAborted();
        const wanted = observations.filter(
          (one) => (hosts?.includes(one.host) ?? true) && (kinds?.includes(one.kind) ?? true),
        );
        if (wanted.length > 0) yield wanted;
      }
    },
    async close() {
      batches.clear();
    },
  };
}
