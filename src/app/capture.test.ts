import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Finding } from '../model/finding.ts';
import { concat } from '../lib/bytes.ts';
import { directoryOf } from '../testing/files.ts';
import { oddCapture, plainFrame } from '../testing/odd-capture.ts';
import { pcap } from '../testing/wire.ts';
import { examineCapture } from './capture.ts';
import type { Live } from './capture-live.ts';
import { rulebook } from './rulebook.ts';

const detectors = await rulebook([]);

function stored(bytes: Uint8Array): string {
  const path = join(directoryOf({}), 'one.pcap');
  writeFileSync(path, bytes);
  return path;
}

async function* piecesOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const hearing = (): Live & { readonly heard: Finding[] } => {
  const heard: Finding[] = [];
  return { heard, onFinding: (finding) => void heard.push(finding), ready: async () => undefined };
};

/** What tells findings apart but for the name of the capture. */
const essence = ({ id, rule, level, host, at, evidence }: Finding) => ({
  ...{ id, rule, level, host, at },
  frames: evidence.map(({ frame, offset, text }) => [frame, offset, text]),
});

it('says what a capture holds', async () => {
  const file = stored(oddCapture(3));
  const { capture, observedAt, artifacts } = await examineCapture({ capture: file }, detectors);

  expect({ capture, observedAt, artifacts }).toEqual({
    capture: {
      file,
      frames: 3,
      firstAt: '2026-01-01T00:00:00.000Z',
      lastAt: '2026-01-01T00:00:10.000Z',
      links: [{ name: 'ETHERNET', frames: 3, read: true }],
      addresses: 4,
      flows: 3,
    },
    observedAt: '2026-01-01T00:00:10.000Z',
    artifacts: 1,
  });
});

it.each([7, 1000])('finds in what comes in pieces of %i bytes what it finds in a file', async (size) => {
  const bytes = oddCapture(4);
  const file = await examineCapture({ capture: stored(bytes) }, detectors);
  const live = hearing();
  const stream = await examineCapture({ capture: 'pipe', parts: piecesOf(bytes, size) }, detectors, { live });

  expect(file.findings).toHaveLength(4);
  expect(stream.findings.map(essence)).toEqual(file.findings.map(essence));
  expect(new Set(live.heard.map(essence))).toEqual(new Set(file.findings.map(essence)));
  expect(live.heard.map(({ host }) => host)).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4']);
  expect(stream.verdicts).toEqual(file.verdicts.map((one) => ({ ...one, host: 'pipe' })));
});

it('tells of a finding while the capture still comes', async () => {
  const bytes = oddCapture(2);
  const live = hearing();
  const heardBefore: number[] = [];
  const parts = async function* () {
    for await (const part of piecesOf(bytes, 70)) {
      heardBefore.push(live.heard.length);
      yield part;
    }
    heardBefore.push(live.heard.length);
  };
  await examineCapture({ capture: 'pipe', parts: parts() }, detectors, { live });

  expect(heardBefore.at(-1)).toBe(1);
  expect(live.heard).toHaveLength(2);
});

it('judges no rule clear by frames whose beginning is not read', async () => {
  const unknown = pcap([{ bytes: plainFrame() }, { bytes: plainFrame() }], 147);
  const { gaps, verdicts, capture } = await examineCapture({ capture: stored(unknown) }, detectors);

  expect(capture?.links).toEqual([{ name: 'USER0', frames: 2, read: false }]);
  expect(gaps.map(({ reason, detail }) => [reason, detail])).toEqual([
    ['unsupported', '2 frames begin as USER0, which is not read'],
  ]);
  expect(new Set(verdicts.map(({ verdict, coverage }) => [verdict, coverage].join(' ')))).toEqual(
    new Set(['not_covered 0']),
  );
});

it('judges what comes before the damage, and says so', async () => {
  const broken = concat([oddCapture(1), new Uint8Array(16).fill(0xff)]);
  const { findings, issues, gaps } = await examineCapture({ capture: stored(broken) }, detectors);

  expect(findings).toHaveLength(1);
  expect(issues.map(({ reason }) => reason)).toEqual([
    'a record says that it holds 4294967295 bytes; nothing behind it is read',
  ]);
  expect(gaps.map(({ detail }) => detail)).toEqual(['it was not read to its end']);
});

it('takes up what was learned, keeps it, and repeats nothing', async () => {
  const kept: { state?: unknown; last: boolean }[] = [];
  const live = (state?: Parameters<NonNullable<Live['memory']>['keep']>[0]) => ({
    ...hearing(),
    memory: {
      recall: async () => state?.(),
      async keep(now: () => unknown, last: boolean) {
        kept.push(last ? { state: now(), last } : { last });
      },
    },
  });
  const parts = () => piecesOf(oddCapture(2), 4096);
  const first = await examineCapture({ capture: 'pipe', parts: parts() }, detectors, { live: live() });
  const state = kept.at(-1)?.state as { told: unknown; watchers: Record<string, unknown> };
  const again = await examineCapture({ capture: 'pipe', parts: parts() }, detectors, { live: live(() => state) });

  expect(kept[0]?.last).toBe(false);
  expect(state.told).toEqual([
    'tcp-reset-urgent-pointer 192.0.2.1 198.51.100.2',
    'tcp-reset-urgent-pointer 192.0.2.2 198.51.100.2',
  ]);
  expect([first.findings.length, again.findings.length]).toEqual([2, 0]);
});

it('can be interrupted', async () => {
  const abort = new AbortController();
  abort.abort(new Error('enough'));

  await expect(examineCapture({ capture: stored(oddCapture(1)) }, detectors, { signal: abort.signal })).rejects.toThrow(
    'enough',
  );
});
