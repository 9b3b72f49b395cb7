import { parentPort } from 'node:worker_threads';
import type { Detector } from '../model/detector.ts';
import { answer, type Task } from './examine-paths.ts';
import { rulebook } from './rulebook.ts';

let detectors: Promise<readonly Detector[]> | undefined;

async function work(task: Task): Promise<void> {
  detectors ??= rulebook(task.rules, task.indicators);
  parentPort?.postMessage(await answer(task, await detectors));
}

parentPort?.on('message', (task: Task) => void work(task));
