import { parentPort } from 'node:worker_threads';
import { answer, type Task } from './examine-paths.ts';
import { rulebook, type Rulebook } from './rulebook.ts';

let book: Promise<Rulebook> | undefined;

async function work(task: Task): Promise<void> {
  book ??= rulebook(task.rules, task.indicators);
  parentPort?.postMessage(await answer(task, (await book).detectors));
}

parentPort?.on('message', (task: Task) => void work(task));
