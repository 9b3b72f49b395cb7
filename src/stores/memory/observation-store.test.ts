import { observationStoreContract } from '../contract/observation-store.contract.ts';
import { memoryObservationStore } from './observation-store.ts';

observationStoreContract('observations in memory', async () => memoryObservationStore());
