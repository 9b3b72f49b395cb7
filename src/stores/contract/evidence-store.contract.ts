import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EvidenceStore } from '../../model/ports/evidence-store.ts';
import { collect } from '../../testing/artifact.ts';

const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

async function* streamOf(...parts: readonly (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield new TextEncoder().encode(part);
  }
}

/**
 * What every store of evidence keeps to.
 *
 * @param make Also gives a way to change the bytes behind the store's back, as a failing disk does.
 */
export function evidenceStoreContract(
  name: string,
  make: () => Promise<{ readonly store: EvidenceStore; readonly spoil: (sha256: string) => Promise<void> }>,
): void {
  describe(`${name}, by the contract`, () => {
    let store: EvidenceStore;
    let spoil: (sha256: string) => Promise<void>;
    beforeEach(async () => void ({ store, spoil } = await make()));
    afterEach(() => store.close());
    const textOf = async (sha256: string) => {
      const parts = await store.get(sha256);
      return parts && new TextDecoder().decode(Buffer.concat(await collect(parts)));
    };

    it('names bytes by their content, however they are cut, and keeps them once', async () => {
      expect(await store.put(streamOf('a', '', 'bc'))).toEqual({ sha256: ABC, sizeBytes: 3 });
      expect(await store.put(streamOf('abc'))).toEqual({ sha256: ABC, sizeBytes: 3 });
      expect(await store.put(streamOf())).toEqual({ sha256: NOTHING, sizeBytes: 0 });
      expect(await textOf(ABC)).toBe('abc');
      expect(await textOf(NOTHING)).toBe('');
      expect(await store.stat(ABC)).toEqual({ sha256: ABC, sizeBytes: 3 });
    });

    it('has nothing of another name, whatever it is', async () => {
      for (const other of [NOTHING, '', '../../etc/passwd', '__proto__', ABC.toUpperCase(), `${ABC}\0`]) {
        expect([other, await store.get(other), await store.stat(other), await store.verify(other)]).toEqual([
          other,
          undefined,
          undefined,
          'absent',
        ]);
      }
    });

    it('keeps nothing of a stream that failed or was stopped', async () => {
      await expect(store.put(streamOf('abc', new Error('the line broke')))).rejects.toThrow('the line broke');
      await expect(store.put(streamOf('abc'), AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
      expect(await store.stat(ABC)).toBeUndefined();
    });

    it('is not changed by what becomes of the bytes outside', async () => {
      const bytes = new TextEncoder().encode('abc');
      const put = store.put(
        (async function* () {
          yield bytes;
          bytes[0] = 0x58;
        })(),
      );
      expect((await put).sha256).toBe(ABC);
      for (const part of await collect((await store.get(ABC)) ?? streamOf())) part.fill(0);
      expect(await textOf(ABC)).toBe('abc');
    });

    it('finds out when bytes are no longer what their name says', async () => {
      await store.put(streamOf('abc'));
      expect(await store.verify(ABC)).toBe('sound');
      await spoil(ABC);
      expect(await store.verify(ABC)).toBe('changed');
    });
  });
}
