import { parentPort, workerData } from 'node:worker_threads';
import { watchCapture } from './capture-watchers.ts';

parentPort?.postMessage(await watchCapture(String(workerData)));
