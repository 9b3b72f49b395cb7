import { stateStoreContract } from '../contract/state-store.contract.ts';
import { memoryStateStore } from './state-store.ts';

stateStoreContract('a journal in memory', async () => memoryStateStore());
