import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Observation } from '../../model/observation.ts';
import type { ObservationStore } from '../../model/ports/observation-store.ts';
import { collect } from '../../testing/artifact.ts';
import { observed } from '../../testing/evidence.ts';

const shell = (id: string, host = 'amf1'): Observation => ({
  ...observed({ kind: 'login_shell', shell: { path: '/bin/sh' } }, id),
  host,
});
const sweep = (id: string, host = 'amf1'): Observation => ({
  ...observed({ kind: 'pid_sweep', sweep: { upTo: 9, pidMax: 9 } }, id),
  host,
});

/** What every store of observations keeps to. */
export function observationStoreContract(name: string, make: () => Promise<ObservationStore>): void {
  describe(`${name}, by the contract`, () => {
    let store: ObservationStore;
    beforeEach(async () => void (store = await make()));
    afterEach(() => store.close());
    const read = async (query: Parameters<ObservationStore['read']>[0] = {}) =>
      (await collect(store.read(query))).flat();

    it('gives back what was appended, in that order', async () => {
      const [a, b, c] = [shell('a'), sweep('b'), shell('c')];

      expect(await store.append({ id: '1', observations: [b, a] })).toEqual({
        id: '1',
        observations: 2,
        repeated: false,
      });
      expect(await store.append({ id: '0', observations: [c] })).toEqual({ id: '0', observations: 1, repeated: false });
      expect(await read()).toEqual([b, a, c]);
    });

    it('does not store a batch twice', async () => {
      await store.append({ id: '1', observations: [shell('a')] });

      expect(await store.append({ id: '1', observations: [shell('a')] })).toEqual({
        id: '1',
        observations: 1,
        repeated: true,
      });
      expect(await read()).toEqual([shell('a')]);
    });

    it('keeps the values that rows of a table would lose', async () => {
      const environ = JSON.parse('{"__proto__":"x","a.b":"","nul":"\\u0000","\\u202e":"\\ud83d\\ude00"}') as Record<
        string,
        string
      >;
      const body = { pid: 2 ** 32, exe: null, exeDeleted: { unseen: 'denied' }, cmdline: ['', '\n'], environ };
      const odd = {
        ...shell('odd'),
        kind: 'process',
        process: body,
        eventAt: '2026-11-23T04:05:06.789Z',
      } as unknown as Observation;
      await store.append({ id: '1', observations: [odd] });

      expect(JSON.stringify(await read())).toBe(JSON.stringify([odd]));
    });

    it('finds by host and by kind', async () => {
      await store.append({ id: '1', observations: [shell('a'), sweep('b'), shell('c', 'amf2')] });

      expect((await read({ hosts: ['amf2', 'other'] })).map(({ id }) => id)).toEqual(['c']);
      expect((await read({ kinds: ['pid_sweep'] })).map(({ id }) => id)).toEqual(['b']);
      expect((await read({ hosts: ['amf1'], kinds: ['login_shell'] })).map(({ id }) => id)).toEqual(['a']);
      expect(await read({ hosts: ["amf1' OR '1'='1"] })).toEqual([]);
      expect(await read({ hosts: [] })).toEqual([]);
    });

    it('yields batches, and none that is empty', async () => {
      await store.append({ id: '1', observations: [] });
      await store.append({ id: '2', observations: [shell('a')] });

      expect((await collect(store.read({}))).map((batch) => batch.length)).toEqual([1]);
    });

    it('stops when it is told to', async () => {
      await store.append({ id: '1', observations: [shell('a')] });

      await expect(collect(store.read({}, AbortSignal.abort()))).rejects.toMatchObject({ name: 'AbortError' });
    });
  });
}
