import { observationStoreContract } from '../contract/observation-store.ts';
import { memoryObservationStore } from './observation-store.ts';

observationStoreContract('observations in memory', async () => memoryObservationStore());
