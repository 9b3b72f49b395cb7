import { Worker } from 'node:worker_threads';
import { moduleBeside } from '../lib/places.ts';
import { examine } from '../engine/examine.ts';
import { LongwatchError } from '../model/errors.ts';
import type { HostResult } from '../model/result.ts';
import { forEachBounded } from '../lib/async.ts';
import { parsers } from '../parsers/index.ts';
import { rulebook } from './rulebook.ts';
import { readStored, type Given } from './stored.ts';

export interface ExamineOptions {
  /** Threads; 1 works in this one. */
  readonly workers: number;
  /** Folders of further rules. */
  readonly rules: readonly string[];
  /** False drops the observations that no finding cites, so that they need not travel between threads. */
  readonly keepObservations: boolean;
  readonly host?: string;
  readonly signal?: AbortSignal;
  /** Is called as each path is done. */
  readonly onDone?: () => void;
}

/** What a worker is asked, and what it answers. */
export type Task = Omit<ExamineOptions, 'workers' | 'signal' | 'onDone'> & { readonly source: string | Given };
export type Answer = { readonly result: HostResult } | { readonly error: string };

/**
 * Examines stored evidence, one file after the other or on several threads. The results stand in the order of the sources,
 * whatever the number of workers; a source that cannot be read is an error and the others go on.
 */
export async function examinePaths(
  sources: readonly (string | Given)[],
  { workers, signal, onDone, ...options }: ExamineOptions,
): Promise<{ results: HostResult[]; errors: string[] }> {
  const answers: Answer[] = [];
  const width = Math.min(workers, sources.length);
  const pool =
    width > 1 ? Array.from({ length: width }, () => new Worker(moduleBeside('./examine-worker', import.meta.url))) : [];
  const idle = [...pool];
  try {
    await forEachBounded(sources, width, async (source, index) => {
      signal?.throwIfAborted();
      const worker = idle.pop();
      answers[index] = worker
        ? await ask(worker, { source, ...options })
        : await answer({ source, ...options }, signal);
      if (worker) idle.push(worker);
      onDone?.();
    });
  } finally {
    await Promise.all(pool.map((worker) => worker.terminate()));
  }
  return {
    results: answers.flatMap((one) => ('result' in one ? [one.result] : [])),
    errors: answers.flatMap((one) => ('error' in one ? [one.error] : [])),
  };
}

/** Examines one file; what cannot be read is told, not thrown. */
export async function answer({ source, rules, keepObservations, host }: Task, signal?: AbortSignal): Promise<Answer> {
  try {
    const { evidence, issues } = await readStored(source, host);
    const result = await examine(
      evidence,
      { parsers, detectors: await rulebook(rules) },
      { issues, ...(signal ? { signal } : {}) },
    );
    return { result: keepObservations ? result : { ...result, observations: [] } };
  } catch (error) {
    if (error instanceof LongwatchError && error.code !== 'INTERRUPTED')
      return { error: `${error.message}. ${error.hint}` };
    throw error;
  }
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
