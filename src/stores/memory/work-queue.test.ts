import { workQueueContract } from '../contract/work-queue.contract.ts';
import { memoryWorkQueue } from './work-queue.ts';

workQueueContract('work in memory', async (now) => memoryWorkQueue(now, 1_000_000));
