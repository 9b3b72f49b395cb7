import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { directoryOf } from '../testing/files.ts';
import { pcap, tcpFrame, TCP } from '../testing/wire.ts';
import { watchCapture, WatchersThread } from './capture-watchers.ts';

const NODE = ['192.0.2.1', 2123] as const;
const PEER = ['198.51.100.2', 9] as const;
const odd = tcpFrame(NODE, PEER, { flags: TCP.rst | TCP.ack, urgent: 1 });
const stored = (frames: number): string => {
  const path = join(directoryOf({}), 'capture');
  writeFileSync(path, pcap(Array.from({ length: frames }, (_, at) => ({ at, bytes: odd }))));
  return path;
};

it('tells what its watchers tell', async () => {
  const { events, watched, beyond } = await watchCapture(stored(3));

  expect([events.map(({ name }) => name), watched, beyond]).toEqual([['tcp-reset-urgent-pointer'], 0, 0]);
});

it('begins no thread for what is small, or is not there', async () => {
  expect(await WatchersThread.worthwhile(stored(3))).toBeUndefined();
  expect(await WatchersThread.worthwhile('/nowhere')).toBeUndefined();
});
