import { SingleBar } from 'cli-progress';
import type { Io } from './io.ts';

export interface Progress {
  step(): void;
  stop(): void;
}

const NONE: Progress = { step() {}, stop() {} };

/** A bar on standard error while several things are worked on, with what remains; nothing where that is no terminal. */
export function progressOf(io: Pick<Io, 'progress'>, total: number, unit: string): Progress {
  if (io.progress === undefined || total < 2) return NONE;
  const bar = new SingleBar({
    stream: io.progress,
    clearOnComplete: true,
    hideCursor: true,
    format: `{bar} {value} of {total} ${unit}, {duration_formatted}, {eta_formatted} left`,
  });
  bar.start(total, 0);
  return { step: () => void bar.increment(), stop: () => void bar.stop() };
}
