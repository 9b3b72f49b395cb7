import { parentPort, workerData } from 'node:worker_threads';
import { digestOf, type DigestTask } from './digest.ts';

const { file, sizeBytes } = workerData as DigestTask;
parentPort?.postMessage(digestOf(file, sizeBytes));
