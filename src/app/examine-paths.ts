import { Worker } from 'node:worker_threads';
import { moduleBeside } from '../lib/places.ts';
import { examine } from '../engine/examine.ts';
import type { Detector } from '../model/detector.ts';
import { LongwatchError } from '../model/errors.ts';
import type { HostResult, Unreached } from '../model/result.ts';
import type { UnseenReason } from '../model/unseen.ts';
import { forEachBounded } from '../lib/async.ts';
import { parsers } from '../parsers/index.ts';
import { examineCapture } from './capture.ts';
import type { Live } from './capture-live.ts';
import { nameOfSource, readStored, type Source, type Stored } from './stored.ts';

export interface ExamineOptions {
  /** Threads; 1 works in this one. A large capture that is alone may take two. */
  readonly workers: number;
  readonly detectors: readonly Detector[];
  /** Folders of further rules, from which other threads make the same detectors. */
  readonly rules: readonly string[];
  /** Further indicators, likewise. */
  readonly indicators: readonly string[];
  /** False drops the observations that no finding cites, so that they need not travel between threads. */
  readonly keepObservations: boolean;
  readonly host?: string;
  readonly signal?: AbortSignal;
  /** Told while a capture still comes, where it is the only source. */
  readonly live?: Live;
  /** Is called as each path is done. */
  readonly onDone?: () => void;
}

/** What a worker is asked, and what it answers. */
export type Task = Omit<ExamineOptions, 'workers' | 'detectors' | 'signal' | 'live' | 'onDone'> & {
  readonly source: Source;
  /** Whether a source is examined by one thread alone. */
  readonly alone: boolean;
};
export type Answer = { readonly result: HostResult } | { readonly failed: Unreached };

/**
 * Examines stored evidence, one file after the other or on several threads. The results stand in the order of the sources,
 * whatever the number of workers; one that cannot be read is named and the others go on.
 */
export async function examinePaths(
  sources: readonly Source[],
  { workers, detectors, signal, live, onDone, ...options }: ExamineOptions,
): Promise<{ results: HostResult[]; failed: Unreached[] }> {
  const answers: Answer[] = [];
  const width = Math.min(workers, sources.length);
  const alone = workers === 1 || width > 1;
  const pool =
    width > 1 ? Array.from({ length: width }, () => new Worker(moduleBeside('./examine-worker', import.meta.url))) : [];
  const idle = [...pool];
  try {
    await forEachBounded(sources, width, async (source, index) => {
      signal?.throwIfAborted();
      // What comes piece by piece comes to this thread.
      const worker = isStream(source) ? undefined : idle.pop();
      answers[index] = worker
        ? await ask(worker, { source, alone, ...options })
        : await answer({ source, alone, ...options }, detectors, signal, live);
      if (worker) idle.push(worker);
      onDone?.();
    });
  } finally {
    await Promise.all(pool.map((worker) => worker.terminate()));
  }
  return {
    results: answers.flatMap((one) => ('result' in one ? [one.result] : [])),
    failed: answers.flatMap((one) => ('failed' in one ? [one.failed] : [])),
  };
}

/** Whether a source comes piece by piece. */
export function isStream(source: Source | undefined): boolean {
  return typeof source === 'object' && 'parts' in source && source.parts !== undefined;
}

/** Examines one file; what cannot be read is told, not thrown. */
export async function answer(
  { source, alone, keepObservations, host }: Task,
  detectors: readonly Detector[],
  signal?: AbortSignal,
  live?: Live,
): Promise<Answer> {
  try {
    const options = {
      keepRecords: keepObservations,
      ...(host === undefined ? {} : { host }),
      ...(signal ? { signal } : {}),
    };
    const result =
      typeof source === 'object' && 'capture' in source
        ? await examineCapture(source, detectors, { ...options, alone, ...(live ? { live } : {}) })
        : await examineStored(source, detectors, options);
    return { result: keepObservations ? result : { ...result, observations: [] } };
  } catch (error) {
    signal?.throwIfAborted();
    const name = nameOfSource(source);
    if (!(error instanceof LongwatchError)) {
      const detail = `Longwatch failed on ${name}: ${error instanceof Error ? error.message : String(error)}`;
      return { failed: { host: name, reason: 'unsupported', detail, hint: 'Please report this.' } };
    }
    return { failed: { host: name, reason: reasonOf(error), detail: error.message, hint: error.hint } };
  }
}

async function examineStored(
  source: Stored,
  detectors: readonly Detector[],
  { host, signal }: { host?: string; signal?: AbortSignal },
): Promise<HostResult> {
  const { evidence, issues } = await readStored(source, host);
  return examine(evidence, { parsers, detectors }, { issues, ...(signal ? { signal } : {}) });
}

function reasonOf({ code, cause }: LongwatchError): UnseenReason {
  const errno = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (errno === 'ENOENT' || errno === 'ENOTDIR') return 'absent';
  if (errno === 'EACCES' || errno === 'EPERM') return 'denied';
  return code === 'SNAPSHOT_DAMAGED' ? 'truncated' : 'unsupported';
}

function ask(worker: Worker, task: Task): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (said: Answer) => {
      worker.off('error', reject);
      resolve(said);
    });
    worker.postMessage(task);
  });
}
