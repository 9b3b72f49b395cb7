/** Runs a task for each item, at most `width` of them beside each other, begun in order. The first failure ends it. */
export async function forEachBounded<T>(
  items: readonly T[],
  width: number,
  task: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < items.length) {
      const index = next;
      next += 1;
      await task(items[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(width, items.length)) }, work));
}

/** What comes until its end, or until a signal and some time after it, for what is on its way by then. */
export async function* untilStopped<T>(
  items: AsyncIterable<T>,
  signal: AbortSignal,
  graceMs: number,
): AsyncGenerator<T> {
  const source = items[Symbol.asyncIterator]();
  const over = new AbortController();
  const wait = () => void setTimeout(() => over.abort(), graceMs).unref();
  if (signal.aborted) wait();
  else signal.addEventListener('abort', wait, { once: true });
  try {
    while (!over.signal.aborted) {
      const next = await nextUntil(source, over.signal);
      if (next === undefined || next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', wait);
  }
}

/** A race with one promise for all items would keep something of each of them. */
function nextUntil<T>(source: AsyncIterator<T>, over: AbortSignal): Promise<IteratorResult<T> | undefined> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve(undefined);
    over.addEventListener('abort', stop, { once: true });
    void source
      .next()
      .then(resolve, reject)
      .finally(() => over.removeEventListener('abort', stop));
  });
}
