import type { History, Remembered, Sight } from '../../model/ports/history.ts';

interface Kept {
  firstMs: number;
  lastMs: number;
  count: number;
  /** Of the times between sights: how many, their mean, and the sum of squares about it (Welford). */
  gaps: number;
  mean: number;
  squares: number;
}

/** A history in memory, of so many keys. */
export function memoryHistory(capacity: number): History {
  /** The one not seen for longest comes first. */
  const kept = new Map<string, Kept>();
  let forgotten = 0;

  const note = ({ key, atMs }: Sight): Remembered => {
    const known = kept.get(key) ?? { firstMs: atMs, lastMs: atMs, count: 0, gaps: 0, mean: 0, squares: 0 };
    if (known.count > 0 && atMs >= known.lastMs) {
      const gap = atMs - known.lastMs;
      const before = gap - known.mean;
      known.gaps += 1;
      known.mean += before / known.gaps;
      known.squares += before * (gap - known.mean);
    }
    known.count += 1;
    known.firstMs = Math.min(known.firstMs, atMs);
    known.lastMs = Math.max(known.lastMs, atMs);
    kept.delete(key);
    kept.set(key, known);
    const [oldest] = kept.keys();
    if (kept.size > capacity && oldest !== undefined) {
      kept.delete(oldest);
      forgotten += 1;
    }
    return told(known);
  };
  return {
    async seen(sights) {
      return sights.map(note);
    },
    async recall(key) {
      const known = kept.get(key);
      return known && told(known);
    },
    async size() {
      return { keys: kept.size, forgotten };
    },
    async close() {
      kept.clear();
    },
  };
}

function told({ firstMs, lastMs, count, gaps, mean, squares }: Kept): Remembered {
  const rhythm = gaps === 0 ? {} : { everyMs: mean, deviationMs: Math.sqrt(squares / gaps) };
  return { firstMs, lastMs, count, ...rhythm };
}
