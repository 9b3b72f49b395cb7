import { spillContract } from '../contract/spill.contract.ts';
import { memorySpill } from './spill.ts';

spillContract('a spill buffer in memory', async (capacityBytes) => memorySpill(capacityBytes));
