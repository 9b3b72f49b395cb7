import { concat } from '../../lib/bytes.ts';
import { sha256 } from '../../lib/hash.ts';
import type { EvidenceStore } from '../../model/ports/evidence-store.ts';

/** Evidence in memory. `kept` is where it lies, for tests that change it. */
export function memoryEvidenceStore(kept = new Map<string, Uint8Array>()): EvidenceStore {
  return {
    async put(bytes, signal) {
      const parts: Uint8Array[] = [];
      for await (const part of bytes) {
        signal?.throwIfAborted();
        parts.push(part.slice());
      }
      signal?.throwIfAborted();
      const whole = concat(parts);
      const name = sha256(whole);
      if (!kept.has(name)) kept.set(name, whole);
      return { sha256: name, sizeBytes: whole.length };
    },
    async get(name) {
      const found = kept.get(name);
      return found && partsOf(found.slice());
    },
    async stat(name) {
      const found = kept.get(name);
      return found && { sha256: name, sizeBytes: found.length };
    },
    async verify(name) {
      const found = kept.get(name);
      return found === undefined ? 'absent' : sha256(found) === name ? 'sound' : 'changed';
    },
    async close() {
      kept.clear();
    },
  };
}

async function* partsOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
