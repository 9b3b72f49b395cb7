import { gzipSync } from 'node:zlib';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { directoryOf } from '../testing/files.ts';
import { foreignSamples } from '../testing/foreign-samples.ts';
import { sharedPath } from '../testing/shared.ts';
import { examinePaths } from './examine-paths.ts';
import { gather } from './gather.ts';
import { rulebook } from './rulebook.ts';
import { nameOfSource, readStored, type Stored } from './stored.ts';

const PS = foreignSamples['foreign/ps'] ?? '';
const LSOF = foreignSamples['foreign/lsof'] ?? '';

const detectors = await rulebook([]);
const judged = async (paths: readonly string[]) => {
  const { results, failed } = await examinePaths(await gather(paths), {
    workers: 1,
    detectors,
    rules: [],
    indicators: [],
    keepObservations: true,
  });
  return { results, failed };
};

it('takes outputs that were given together for one look, in any order', async () => {
  const folder = directoryOf({ 'b/ps.txt': PS, 'a/lsof.txt': LSOF, 'c/about': 'hss1\n' });
  const paths = ['b/ps.txt', 'a/lsof.txt', 'c/about'].map((name) => join(folder, name));
  const [one, other] = [await judged(paths), await judged([...paths].reverse())];

  expect(one.results.map(({ host, artifacts }) => [host.name, artifacts])).toEqual([['hss1', 3]]);
  expect(JSON.stringify(other.results)).toBe(JSON.stringify(one.results));
});

it('keeps files of one name apart by their paths', async () => {
  const folder = directoryOf({ 'a/out.txt': PS, 'b/out.txt': LSOF });
  const [source] = await gather([join(folder, 'a/out.txt'), join(folder, 'b/out.txt')]);
  const { evidence, issues } = await readStored((source ?? '') as Stored);

  expect([[...evidence.artifacts.keys()], issues]).toEqual([['foreign/lsof', 'foreign/ps'], []]);
});

it('finds the pieces in a folder: archives one by one, outputs together, what was unpacked as a whole', async () => {
  const folder = directoryOf({
    'host1/ps.txt': PS,
    'host1/lsof.txt': LSOF,
    'host2/uac.log': 'x\n',
    'host2/live_response/process/ps.txt': PS,
    'host3/archive.tar.md5': '0cc175b9c0f1b6a831c399e269772661\n',
    'host4/uac.log': '2026-11-24 23:54:39 +0000 INF Hostname: hss1\n',
  });
  writeFileSync(join(folder, 'host3/ps.gz'), gzipSync(PS));
  writeFileSync(join(folder, 'host4/ps.gz'), gzipSync(PS));

  writeFileSync(join(folder, 'host3/lsof.txt'), LSOF);

  expect((await gather([folder])).map((source) => nameOfSource(source).slice(folder.length + 1))).toEqual([
    'host1',
    'host2',
    'host3/ps.gz',
    'host3',
    'host4/ps.gz',
  ]);
});

it('says in a sentence what it was given that is no evidence', async () => {
  const folder = directoryOf({
    'note.txt': 'Dear colleague,\nhere it is.\n',
    'empty/x': '',
    zero: '',
    'traces/readme': 'x',
  });
  const program = Buffer.from('7f454c46020101000000000000000000', 'hex');
  for (const name of ['traces/1', 'traces/2']) writeFileSync(join(folder, name), program);
  writeFileSync(join(folder, 'zeros.gz'), gzipSync(Buffer.alloc(1 << 20)));
  const { results, failed } = await judged(
    ['note.txt', 'zeros.gz', 'none', 'empty', 'traces'].map((name) => join(folder, name)),
  );

  expect(results).toEqual([]);
  expect(failed.map(({ detail }) => detail.replaceAll(`${folder}/`, ''))).toEqual([
    'note.txt is no evidence that Longwatch knows',
    'zeros.gz is no evidence that Longwatch knows; it looks like nothing but zeros',
    'none cannot be read (ENOENT)',
    'empty is no evidence that Longwatch knows',
    'traces is no evidence that Longwatch knows; it looks like 3 files of other kinds: a program (ELF) (2), text (1)',
  ]);
});

it('names the member of an archive from which a fact comes, by its own lines', async () => {
  const folder = directoryOf({ 'x/ss.txt': foreignSamples['foreign/ss'] ?? '', 'x/ps.txt': PS });
  const { results } = await judged([join(folder, 'x')]);
  const sources = results[0]?.observations.map(({ kind, source }) => [kind, source.artifact, source.line]);

  expect(sources).toContainEqual(['process', 'ps.txt', 2]);
  expect(sources).toContainEqual(['socket_filter', 'ss.txt', 3]);
});

it.skipIf(sharedPath('corpus/evidence') === undefined).each([
  ['clean/mail', []],
  ['clean/uac-sgw-pool3-a-linux-20261124235241.tar.gz', []],
  ['standin-a/mail', [142]],
  ['standin-a/uac-hss-fe-02-linux-20261124235439.tar.gz', [142]],
  ['standin-b/sosreport-dra-core-11-2026-11-24-fsbwtyj.tar.xz', [75]],
])('finds what is on the host of %s', async (path, pids) => {
  const { results, failed } = await judged([sharedPath('corpus/evidence', path) ?? '']);
  const loud = results.flatMap(({ findings }) => findings.filter(({ level }) => level !== 'low'));

  const loudPids = loud.flatMap(({ subject }) => (subject['pid'] === undefined ? [] : [subject['pid']]));
  expect([failed, [...new Set(loudPids)]]).toEqual([[], pids]);
});
