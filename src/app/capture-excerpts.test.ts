import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { Finding } from '../model/finding.ts';
import { directoryOf } from '../testing/files.ts';
import { pcap } from '../testing/wire.ts';
import { withExcerpts } from './capture-excerpts.ts';

const FRAMES = pcap([1, 2, 3].map((value) => ({ bytes: new Uint8Array(100).fill(value) })));
/** Where in the capture the bytes of a frame begin. */
const placeOf = (frame: number): number => 40 + (frame - 1) * 116;

function stored(bytes: Uint8Array): string {
  const path = join(directoryOf({}), 'capture');
  writeFileSync(path, bytes);
  return path;
}

const finding = (...places: readonly (readonly [frame: number | undefined, offset?: number])[]): Finding => ({
  ...{ id: 'f', rule: 'r', title: '', level: 'high', host: 'h', message: '', subject: {}, attack: [] },
  ...{ benign: [], next: [], at: '' },
  evidence: places.map(([frame, offset]) => ({
    ...{ observation: 'o', artifact: 'a', text: '' },
    ...(frame === undefined ? {} : { frame }),
    ...(offset === undefined ? {} : { offset }),
  })),
});

const bytesIn = (findings: readonly Finding[]) => findings.map(({ evidence }) => evidence.map(({ bytes }) => bytes));

it.each([
  ['as it is', FRAMES],
  ['packed', gzipSync(FRAMES)],
])('shows what stood in frames of a capture %s', async (_, bytes) => {
  const findings = [finding([2, placeOf(2) + 90], [1, placeOf(1)]), finding([2, placeOf(2) + 98])];

  expect(bytesIn(await withExcerpts(stored(bytes), findings))).toEqual([['02'.repeat(10), '01'.repeat(48)], ['0202']]);
});

it.each([
  ['names no frame', finding([undefined, 3])],
  ['names no place', finding([1])],
  ['names a place outside of its frame', finding([1, placeOf(2)], [2, 0])],
  ['names a frame that is not there', finding([99, placeOf(1)])],
])('leaves evidence as it is that %s', async (_, one) => {
  expect(await withExcerpts(stored(FRAMES), [one])).toEqual([one]);
});

it('leaves findings as they are where the capture is gone', async () => {
  const one = finding([1, placeOf(1)]);

  expect(await withExcerpts(join(directoryOf({}), 'none'), [one])).toEqual([one]);
});

it('shows no more than the first frames of a finding', async () => {
  const [places] = bytesIn(
    await withExcerpts(stored(FRAMES), [finding(...Array.from({ length: 6 }, () => [3, placeOf(3) + 99] as const))]),
  );

  expect(places).toEqual(['03', '03', '03', '03', '03', '03']);
});
