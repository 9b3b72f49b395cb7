import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkout, directoryOf } from './files.ts';
import { run } from './run.ts';

// Each tool is started as a program of Node, without npx: npx swallows flags and may ask the network.
const tool = (path: string, args: readonly string[], cwd = checkout) =>
  run(process.execPath, [join(checkout, 'node_modules', path), ...args], { cwd });
const lint = (args: readonly string[], cwd?: string) =>
  tool('oxlint/bin/oxlint', ['--type-aware', '--deny-warnings', '--format=unix', ...args], cwd);
const typecheck = (cwd?: string) => tool('typescript7/bin/tsc', ['--noEmit', '--pretty', 'false'], cwd);

const CLEAN = { status: 0, err: '' };

it('type-checks', async () => {
  expect(await typecheck()).toEqual({ ...CLEAN, out: '' });
});

it('is free of lint', async () => {
  const { status, out, err } = await lint([]);

  expect({ status, err, found: out.split('\n').filter((line) => line.includes(': ')) }).toEqual({
    ...CLEAN,
    found: [],
  });
});

it('is formatted', async () => {
  expect(await tool('prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.'])).toEqual({ ...CLEAN, out: '' });
});

it('holds no unused file, export or dependency', async () => {
  expect(await tool('knip/bin/knip.js', ['--no-progress', '--no-config-hints'])).toEqual({ ...CLEAN, out: '' });
});

it('would notice a wrong type', async () => {
  const root = directoryOf({
    'package.json': '{ "type": "module" }',
    'tsconfig.json': JSON.stringify({
      extends: join(checkout, 'tsconfig.json'),
      compilerOptions: { types: [] },
      include: ['src'],
    }),
    'src/planted.ts': "export const planted: number = 'a text';\nexport enum Planted {}\n",
  });

  const { status, out } = await typecheck(root);

  expect(status).not.toBe(0);
  expect(out.match(/TS\d+/g)).toEqual(['TS2322', 'TS1294']);
});

it('would notice a floating promise, an any and an open switch', async () => {
  const root = directoryOf({
    'package.json': '{ "type": "module" }',
    'tsconfig.json': JSON.stringify({
      compilerOptions: { strict: true, target: 'esnext', module: 'nodenext', types: [] },
      include: ['src'],
    }),
    'src/planted.ts': `
async function wait(): Promise<void> {
  await Promise.resolve();
}
export function planted(one: 'a' | 'b'): unknown {
  wait();
  [1].forEach(async () => { await wait(); });
  switch (one) {
    case 'a':
      return 1 as any;
  }
  return undefined;
}
`,
  });
  symlinkSync(join(checkout, 'node_modules'), join(root, 'node_modules'));

  const { status, out } = await lint(['--config', join(checkout, '.oxlintrc.json'), 'src'], root);

  expect(status).not.toBe(0);
  expect([...out.matchAll(/\[Error\/[a-z-]+\(([a-z-]+)\)\]/g)].map(([, rule]) => rule)).toEqual(
    expect.arrayContaining([
      'no-floating-promises',
      'no-misused-promises',
      'no-explicit-any',
      'switch-exhaustiveness-check',
    ]),
  );
});
