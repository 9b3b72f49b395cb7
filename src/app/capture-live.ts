import type { Watch, WatchState } from '../hunt/watch.ts';
import type { Finding } from '../model/finding.ts';

/** What is done while a capture still comes. */
export interface Live {
  /** Is told of each finding as soon as it is certain. */
  onFinding(finding: Finding): void;
  /** Resolves when more findings may be told: a slow reader slows the work. */
  ready(): Promise<void>;
  /** What was learned is taken up before the first frame, and kept now and then and at the end. */
  readonly memory?: WatchMemory;
}

/** Where what watchers learned rests between two captures. */
export interface WatchMemory {
  recall(): Promise<WatchState | undefined>;
  /** Keeps a state; `last` says that no other follows. */
  keep(state: () => WatchState, last: boolean): Promise<void>;
}

/** A capture whose last frame is so young is of the wire as it is now. */
const LIVE_MICROS = 10e6;
const LOOK_MS = 200;

/** On a wire that falls silent time goes on: what waits for the next second does not wait for the next packet. */
export function watchClock(watch: Watch): { came(): void; stop(): void } {
  let [live, last] = [false, 0];
  const timer = setInterval(() => {
    const silentMicros = 1000 * (Date.now() - last);
    if (live && silentMicros >= 1e6) watch.silence(silentMicros);
  }, LOOK_MS);
  return {
    came() {
      last = Date.now();
      live = Math.abs(1000 * last - (watch.lastMicros ?? 0)) < LIVE_MICROS;
    },
    stop: () => clearInterval(timer),
  };
}
