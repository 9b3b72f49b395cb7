import { historyContract } from '../contract/history.contract.ts';
import { memoryHistory } from './history.ts';

historyContract('a history in memory', async (capacity) => memoryHistory(capacity));
