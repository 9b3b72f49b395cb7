import { evidenceStoreContract } from '../contract/evidence-store.contract.ts';
import { memoryEvidenceStore } from './evidence-store.ts';

evidenceStoreContract('evidence in memory', async () => {
  const kept = new Map<string, Uint8Array>();
  return { store: memoryEvidenceStore(kept), spoil: async (sha256) => void kept.get(sha256)?.fill(0) };
});
