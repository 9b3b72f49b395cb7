import { expect, it } from 'vitest';
import { pcap, udpFrame, type MadeFrame } from '../testing/wire.ts';
import { readCapture } from '../packets/capture/read.ts';
import { sourceOf } from '../testing/reading.ts';
import { Watch, type WatchState } from './watch.ts';
import { defineWatcher } from './watcher.ts';

/** Tells of each host that was not there in the first packets; what it knows outlives the capture. */
const newcomer = defineWatcher({
  id: 'test/newcomer',
  summary: '',
  protocols: ['udp'],
  tells: ['newcomer'],
  create(scene) {
    const known = new Set<string>();
    let seen = 0;
    return {
      packet({ source, micros }) {
        seen += 1;
        const host = scene.addresses.text(source);
        if (known.has(host)) return;
        if (known.size >= 2 || seen > 3) tellOf(host, micros);
        else known.add(host);
      },
      state: () => [...known],
      restore(state) {
        for (const host of state as string[]) known.add(host);
      },
    };
    function tellOf(host: string, micros: number): void {
      const at = new Date(micros / 1000).toISOString();
      scene.tell({
        ...{ name: 'newcomer', text: host, host, peer: '', protocol: 'udp', path: scene.path(0), first: at, last: at },
        ...{ measures: {}, frames: [], filter: '' },
      });
    }
  },
});

const from = (last: number): MadeFrame => ({
  at: last,
  bytes: udpFrame([`192.0.2.${last}`, 1000], ['198.51.100.1', 2000], new Uint8Array(4)),
});

async function watched(frames: readonly MadeFrame[], before?: WatchState): Promise<{ told: string[]; watch: Watch }> {
  const told: string[] = [];
  const watch = new Watch([newcomer], ({ host }) => void told.push(host));
  if (before) watch.restore(before);
  for await (const batch of readCapture(sourceOf(pcap(frames)), () => undefined)) watch.frames(batch);
  watch.end();
  return { told, watch };
}

const FRAMES = [1, 2, 1, 2, 3, 1, 4, 3, 5].map(from);

it('tells each thing once', async () => {
  const { told, watch } = await watched(FRAMES);

  expect(told).toEqual(['192.0.2.3', '192.0.2.4', '192.0.2.5']);
  expect([watch.frameCount, watch.flowCount, watch.addressCount]).toEqual([9, 5, 6]);
  expect([...watch.links.frames]).toEqual([[1, 9]]);
});

it.each([3, 5, 7])(
  'tells of two halves with what was learned between as of the whole, cut behind %i frames',
  async (cut) => {
    const first = await watched(FRAMES.slice(0, cut));
    const state = JSON.parse(JSON.stringify(first.watch.state())) as WatchState;
    const second = await watched(FRAMES.slice(cut), state);

    expect([...first.told, ...second.told]).toEqual((await watched(FRAMES)).told);
  },
);

it('goes on in time behind a frame whose time is none', async () => {
  const ticks: number[] = [];
  const clock = defineWatcher({
    ...{ id: 'test/clock', summary: '', protocols: [], tells: [] },
    create: () => ({ tick: (micros) => void ticks.push(micros) }),
  });
  const watch = new Watch([clock], () => undefined);
  const frames = [1, 2, 4_000_000_000, 3, 3, 4].map((at) => ({ ...from(1), at }));
  for await (const batch of readCapture(sourceOf(pcap(frames)), () => undefined)) watch.frames(batch);

  expect(ticks).toEqual([1e6, 2e6, 4e15, 3e6, 4e6]);
});

it('goes on in time while the wire is silent', async () => {
  const ticks: number[] = [];
  const clock = defineWatcher({
    ...{ id: 'test/clock', summary: '', protocols: [], tells: [] },
    create: () => ({ tick: (micros) => void ticks.push(micros) }),
  });
  const watch = new Watch([clock], () => undefined);
  watch.silence(5e6);
  for await (const batch of readCapture(sourceOf(pcap([from(1)])), () => undefined)) watch.frames(batch);
  watch.silence(0.5e6);
  watch.silence(1e6);
  watch.silence(1.5e6);
  watch.silence(2e6);

  expect(ticks).toEqual([1e6, 2e6, 3e6]);
});
