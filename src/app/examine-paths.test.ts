import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packSnapshot } from '../snapshot/archive.ts';
import { evidenceOf } from '../testing/evidence.ts';
import { samples } from '../testing/samples.ts';
import { examinePaths } from './examine-paths.ts';

const folder = mkdtempSync(join(tmpdir(), 'longwatch-paths-'));
const paths = Array.from({ length: 9 }, (_, index) => join(folder, `${index}.lwsnap`));
beforeAll(async () => {
  for (const [index, path] of paths.entries()) {
    writeFileSync(path, await packSnapshot(evidenceOf(samples, { host: { id: `0${index}`, name: `amf${index}` } })));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const examined = (workers: number) => examinePaths(paths, { workers, rules: [], keepObservations: true });

it('gives the same bytes with 1, 2 and 8 workers', async () => {
  const [one, two, eight] = [await examined(1), await examined(2), await examined(8)];

  expect(one.results.map(({ host }) => host.name)).toEqual(paths.map((_, index) => `amf${index}`));
  expect(one.results.every(({ findings, observations }) => findings.length > 0 && observations.length > 0)).toBe(true);
  expect(JSON.stringify(two)).toBe(JSON.stringify(one));
  expect(JSON.stringify(eight)).toBe(JSON.stringify(one));
});

it('tells of one bad file among several, in a worker as well', async () => {
  const { results, errors } = await examinePaths([paths[0] ?? '', join(folder, 'none')], {
    workers: 2,
    rules: [],
    keepObservations: false,
  });

  expect(results).toHaveLength(1);
  expect(results[0]?.observations).toEqual([]);
  expect(errors).toEqual([expect.stringContaining('none cannot be read (ENOENT)')]);
});
