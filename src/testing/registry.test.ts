import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { faultsOf } from './registry.ts';

let root: string;
const folder = () => pathToFileURL(`${root}/`);
const isPlugIn = (value: object) => 'parse' in value;
const load = async (path: string) =>
  Object.values((await import(pathToFileURL(join(root, path)).href)) as Record<string, { id: string }>);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'longwatch-registry-'));
  await mkdir(join(root, 'linux'));
  await writeFile(join(root, 'index.ts'), 'export const notLookedAt = { parse: 1, id: "x" };\n');
  await writeFile(
    join(root, 'linux/a.ts'),
    'export const a = { id: "linux/a", parse: 1 };\nexport const helper = { id: "helper" };\n',
  );
  await writeFile(
    join(root, 'linux/two.ts'),
    'export const b = { id: "linux/b", parse: 1 };\nexport const c = { id: "linux/c", parse: 1 };\n',
  );
  await writeFile(join(root, 'linux/a.test.ts'), 'throw new Error("tests are not loaded");\n');
});
afterAll(() => rm(root, { recursive: true }));

it('finds nothing wrong with a list of all that is exported', async () => {
  const [a] = await load('linux/a.ts');
  expect(await faultsOf(folder(), [...(a ? [a] : []), ...(await load('linux/two.ts'))], isPlugIn)).toEqual([]);
});

it('finds what is not listed, listed twice, listed from elsewhere', async () => {
  const [a] = await load('linux/a.ts');
  const other = { id: 'linux/other' };

  expect(await faultsOf(folder(), a ? [a, a, other] : [], isPlugIn)).toEqual([
    'linux/two.ts: linux/b is not listed',
    'linux/two.ts: linux/c is not listed',
    'linux/other is listed and no file of the folder exports it',
    'the id linux/a is listed twice',
  ]);
});

it('finds an id that is not its path', async () => {
  await writeFile(join(root, 'linux/wrong.ts'), 'export const d = { id: "windows/d", parse: 1 };\n');

  expect(
    (await faultsOf(folder(), await load('linux/wrong.ts'), isPlugIn)).filter((fault) =>
      fault.startsWith('linux/wrong.ts'),
    ),
  ).toEqual([
    'linux/wrong.ts: the id is windows/d, not linux/wrong',
    'linux/wrong.ts: the id windows/d names another folder',
  ]);
});
