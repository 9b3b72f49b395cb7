import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HostResult } from '../model/result.ts';
import { anyBytes, mutationsOf } from '../testing/mutations.ts';
import { oddCapture } from '../testing/odd-capture.ts';
import { needsShared } from '../testing/tools.ts';
import { examineCapture } from './capture.ts';
import { rulebook } from './rulebook.ts';

const detectors = (await rulebook([])).filter(({ needs }) => needs.some((kind) => kind === 'network_event'));

function examined(bytes: Uint8Array): Promise<HostResult> {
  const parts = (async function* () {
    yield bytes;
  })();
  return examineCapture({ capture: 'capture', parts }, detectors);
}

/** What holds of any capture: nothing clear where something was not read, and no more frames than bytes. */
async function isSound(bytes: Uint8Array): Promise<void> {
  const started = performance.now();
  const { capture, issues, verdicts, gaps } = await examined(bytes);

  expect(performance.now() - started).toBeLessThan(2000);
  expect(capture!.frames).toBeLessThanOrEqual(bytes.length);
  if (issues.length > 0) expect(gaps).not.toEqual([]);
  if (gaps.length > 0) expect(verdicts.filter(({ verdict }) => verdict === 'clear')).toEqual([]);
}

it('ends on any bytes', async () => {
  await fc.assert(fc.asyncProperty(anyBytes(), isSound), { numRuns: 60 });
});

it('ends on damaged captures', async () => {
  await fc.assert(fc.asyncProperty(mutationsOf(oddCapture(5)), isSound), { numRuns: 150 });
}, 30_000);

it('says where a capture breaks off, at whichever byte', async () => {
  const whole = oddCapture(3);
  for (let end = 4; end < whole.length; end++) {
    const { issues, findings, capture } = await examined(whole.subarray(0, end));
    const frames = Math.max(0, Math.floor((end - 24) / 70));

    expect([capture!.frames, findings.length]).toEqual([frames, frames]);
    expect(issues).toHaveLength(end >= 24 && (end - 24) % 70 === 0 ? 0 : 1);
  }
}, 30_000);

const corpus = needsShared('corpus/pcap');

describe.skipIf(corpus.missing)(`the captures of a corpus ${corpus.label}`, () => {
  interface Listed {
    readonly files: readonly { readonly file: string; readonly bytes: number }[];
  }
  const listed = () =>
    (JSON.parse(readFileSync(join(corpus.path, 'MANIFEST.json'), 'utf8')) as Listed).files
      .filter(({ bytes }) => bytes < 1200)
      .map(({ file }) => readFileSync(join(corpus.path, file)));

  it('end cut anywhere', async () => {
    for (const [index, bytes] of listed().entries()) {
      if (index % 8 === 0)
        for (let end = index % 31; end < bytes.length; end += 31) await isSound(bytes.subarray(0, end));
    }
  }, 60_000);

  it('end with anything done to them', async () => {
    const captures = listed();
    const damaged = fc.nat(captures.length - 1).chain((index) => mutationsOf(captures[index]!));
    await fc.assert(fc.asyncProperty(damaged, isSound), { numRuns: 300 });
  }, 60_000);
});
