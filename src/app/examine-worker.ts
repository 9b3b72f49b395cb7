import { parentPort } from 'node:worker_threads';
import { answer, type Task } from './examine-paths.ts';

parentPort?.on('message', (task: Task) => void answer(task).then((said) => parentPort?.postMessage(said)));
