import { parentPort, workerData } from 'node:worker_threads';
import { watchSecondShare } from './capture-share.ts';

parentPort?.postMessage(await watchSecondShare(String(workerData)));
