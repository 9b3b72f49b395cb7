import { stateStoreContract } from '../contract/state-store.ts';
import { memoryStateStore } from './state-store.ts';

stateStoreContract('a journal in memory', async () => memoryStateStore());
