import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { utf8 } from '../lib/bytes.ts';
import { packSnapshot } from '../snapshot/archive.ts';
import { evidenceOf } from '../testing/evidence.ts';
import { samples } from '../testing/samples.ts';
import { answer, examinePaths } from './examine-paths.ts';
import { rulebook } from './rulebook.ts';

const folder = mkdtempSync(join(tmpdir(), 'longwatch-paths-'));
const paths = Array.from({ length: 9 }, (_, index) => join(folder, `${index}.lwsnap`));
beforeAll(async () => {
  for (const [index, path] of paths.entries()) {
    writeFileSync(path, await packSnapshot(evidenceOf(samples, { host: { id: `0${index}`, name: `amf${index}` } })));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const detectors = await rulebook([]);
const examined = (workers: number) =>
  examinePaths(paths, { workers, detectors, rules: [], indicators: [], keepObservations: true });

it('gives the same bytes with 1, 2 and 8 workers', async () => {
  const [one, two, eight] = [await examined(1), await examined(2), await examined(8)];

  expect(one.results.map(({ host }) => host.name)).toEqual(paths.map((_, index) => `amf${index}`));
  expect(one.results.every(({ findings, observations }) => findings.length > 0 && observations.length > 0)).toBe(true);
  expect(JSON.stringify(two)).toBe(JSON.stringify(one));
  expect(JSON.stringify(eight)).toBe(JSON.stringify(one));
});

it('tells of one bad file among several, in a worker as well', async () => {
  const { results, failed } = await examinePaths([paths[0] ?? '', join(folder, 'none')], {
    workers: 2,
    detectors,
    rules: [],
    indicators: [],
    keepObservations: false,
  });

  expect(results).toHaveLength(1);
  expect(results[0]?.observations).toEqual([]);
  expect(failed).toMatchObject([
    { host: join(folder, 'none'), detail: expect.stringContaining('none cannot be read (ENOENT)') },
  ]);
});

it('says why a file gives nothing', async () => {
  const closed = join(folder, 'closed');
  writeFileSync(closed, 'x', { mode: 0o000 });
  const whole = readFileSync(paths[0] ?? '');
  const reasonOf = async (source: string | { name: string; bytes: Uint8Array }) => {
    const said = await answer({ source, rules: [], indicators: [], keepObservations: false, alone: true }, detectors);
    return 'failed' in said ? said.failed.reason : said;
  };

  expect(await reasonOf(join(folder, 'none'))).toBe('absent');
  expect(await reasonOf(join(paths[0] ?? '', 'below'))).toBe('absent');
  if (process.getuid?.() !== 0) expect(await reasonOf(closed)).toBe('denied');
  expect(await reasonOf({ name: 'x', bytes: utf8('hello') })).toBe('unsupported');
  expect(await reasonOf(folder)).toBe('unsupported');
  expect(await reasonOf({ name: 'x', bytes: whole.subarray(0, 40) })).toBe('truncated');
});
