import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oddityWatcher, type OddityFamily } from '../hunt/oddities/oddity.ts';
import { mutationsOf } from './mutations.ts';
import { eventsOf } from './watched.ts';
import { pcap, type MadeFrame } from './wire.ts';

/** An oddity with frames of which the last one makes it, and frames of an honest twin. */
export type OddityCase = readonly [name: string, odd: readonly MadeFrame[], honest: readonly MadeFrame[]];

/** Ethernet, IPv4 and the first two bytes of what it carries. */
const NO_TRANSPORT = 36;
const MOST_CUTS = 24;

/** Each oddity of a family is told of frames that show it, not of honest ones, and not of damaged ones. */
export function tellsOddities(family: OddityFamily, cases: readonly OddityCase[]): void {
  const watcher = oddityWatcher(family);
  const names = async (frames: readonly MadeFrame[] | Uint8Array) =>
    (await eventsOf([watcher], frames)).map(({ name }) => name);

  describe.each(cases)('%s', (name, odd, honest) => {
    it('is told', async () => expect(await names(odd)).toContain(name));

    it('is not told of an honest twin', async () => expect(await names(honest)).not.toContain(name));

    it('is not told where its last packet is cut, wherever that is', async () => {
      const { at = 0, bytes } = odd.at(-1)!;
      const before = odd.slice(0, -1);
      const cut = (size: number) => [...before, { at, bytes: bytes.subarray(0, size), wire: bytes.length }];
      const step = Math.max(1, Math.ceil((bytes.length - NO_TRANSPORT) / MOST_CUTS));
      for (let size = NO_TRANSPORT; size < bytes.length; size += step) await names(cut(size));

      expect(await names(cut(NO_TRANSPORT))).not.toContain(name);
    });
  });

  it('never throws, whatever was done to the packets', async () => {
    const captures = cases.map(([, odd]) => pcap(odd.slice(-60)));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...captures).chain(mutationsOf), async (bytes) => void (await names(bytes))),
      { numRuns: 200 },
    );
  });
}

/** Names of a family's kinds that no case has, so that none goes untested. */
export const untested = (family: OddityFamily, cases: readonly OddityCase[]): string[] =>
  family.kinds.map(({ name }) => name).filter((name) => cases.every(([own]) => own !== name));
