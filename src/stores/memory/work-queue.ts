import type { WorkQueue } from '../../model/ports/work-queue.ts';

interface Held<J> {
  readonly id: string;
  readonly job: J;
  attempt: number;
  /** When it may be handed out, also again. */
  readyMs: number;
  lease?: string;
}

/**
 * Work in memory.
 *
 * @param now The clock, in milliseconds.
 * @param rememberMs How long the id of a job that was done is known.
 */
export function memoryWorkQueue<J>(now: () => number, rememberMs = 86_400_000): WorkQueue<J> {
  const held = new Map<string, Held<J>>();
  const leases = new Map<string, Held<J>>();
  /** When each was done, the oldest first. */
  const finished = new Map<string, number>();
  let handed = 0;

  const forget = () => {
    for (const [id, at] of finished) {
      if (at + rememberMs > now()) return;
      finished.delete(id);
    }
  };
  /** The job of a lease that has not ended. */
  const ownerOf = (lease: string): Held<J> | undefined => {
    const one = leases.get(lease);
    return one?.lease === lease && one.readyMs > now() ? one : undefined;
  };
  const release = (one: Held<J>) => {
    if (one.lease !== undefined) leases.delete(one.lease);
    delete one.lease;
  };
  return {
    async put(job, { id }) {
      forget();
      if (held.has(id) || finished.has(id)) return { repeated: true };
      held.set(id, { id, job: structuredClone(job), attempt: 0, readyMs: now() });
      return { repeated: false };
    },
    async pull(count, leaseMs) {
      const ready = [...held.values()].filter(({ readyMs }) => readyMs <= now()).sort((a, b) => a.readyMs - b.readyMs);
      return ready.slice(0, count).map((one) => {
        release(one);
        const lease = `${one.id}#${(handed += 1)}`;
        Object.assign(one, { lease, attempt: one.attempt + 1, readyMs: now() + leaseMs });
        leases.set(lease, one);
        return { id: one.id, job: structuredClone(one.job), lease, attempt: one.attempt };
      });
    },
    async done(lease) {
      const one = ownerOf(lease);
      if (one === undefined) return false;
      release(one);
      held.delete(one.id);
      finished.set(one.id, now());
      return true;
    },
    async fail(lease, delayMs) {
      const one = ownerOf(lease);
      if (one === undefined) return false;
      release(one);
      one.readyMs = now() + delayMs;
      return true;
    },
    async depth() {
      const all = [...held.values()];
      const ready = all.filter(({ readyMs }) => readyMs <= now()).length;
      const leased = all.filter(({ lease, readyMs }) => lease !== undefined && readyMs > now()).length;
      return { ready, leased, delayed: all.length - ready - leased };
    },
    async close() {
      held.clear();
      leases.clear();
    },
  };
}
