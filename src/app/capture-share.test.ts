import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { shares, watchers } from '../hunt/watchers/index.ts';
import { directoryOf } from '../testing/files.ts';
import { pcap, tcpFrame, TCP } from '../testing/wire.ts';
import { isOfSecondShare, SecondShare, watchSecondShare } from './capture-share.ts';

const NODE = ['192.0.2.1', 2123] as const;
const PEER = ['198.51.100.2', 9] as const;
const odd = tcpFrame(NODE, PEER, { flags: TCP.rst | TCP.ack, urgent: 1 });
const stored = (frames: number): string => {
  const path = join(directoryOf({}), 'capture');
  writeFileSync(path, pcap(Array.from({ length: frames }, (_, at) => ({ at, bytes: odd }))));
  return path;
};

it('tells of each event to which share it belongs', () => {
  const names = (kinds: typeof watchers) => kinds.flatMap(({ tells }) => tells);
  const isSecond = names(watchers).map((name) => isOfSecondShare({ name } as never));

  expect(new Set(names(watchers)).size).toBe(names(watchers).length);
  expect(isSecond.filter((second) => second)).toHaveLength(names(shares[1]).length);
});

it('tells what its watchers tell', async () => {
  const { events, watched, beyond } = await watchSecondShare(stored(3));

  expect([events.map(({ name }) => name), watched, beyond]).toEqual([['tcp-reset-urgent-pointer'], 0, 0]);
});

it('begins no thread for what is small, or is not there', async () => {
  expect(await SecondShare.worthwhile(stored(3))).toBeUndefined();
  expect(await SecondShare.worthwhile('/nowhere')).toBeUndefined();
});
