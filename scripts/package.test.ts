import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkout, directoryOf } from '../src/testing/files.ts';
import { run } from '../src/testing/run.ts';

const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as { version: string };
/** The commands that the overview lists and that exist. */
const overview = (await run(process.execPath, [join(checkout, 'src/boot.mjs'), '--help'])).out;
const commands = [...overview.matchAll(/^ {2}([a-z]+) +\S/gm)]
  .map(([, name]) => name ?? '')
  .filter((name) => existsSync(join(checkout, `src/cli/${name}.ts`)));
/** The machine's own Node, which is not the one that the project pins; else the pinned one. */
const machineNode =
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((directory) => !directory.includes('node_modules'))
    .map((directory) => join(directory, 'node'))
    .find((node) => existsSync(node)) ?? process.execPath;

let place: string;
let bin: string;

// Packs a copy of the checkout, as `npm publish` would, and installs the tarball elsewhere.
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'longwatch-package-'));
  const copy = join(place, 'copy');
  for (const path of readdirSync(checkout)) {
    if (['node_modules', 'dist', 'bundle', 'coverage', '.git'].includes(path)) continue;
    cpSync(join(checkout, path), join(copy, path), { recursive: true });
  }
  symlinkSync(join(checkout, 'node_modules'), join(copy, 'node_modules'));
  const packed = await run('npm', ['pack', '--loglevel=error', '--pack-destination', place], { cwd: copy });
  if (packed.status !== 0) throw new Error(`npm pack: ${packed.err}`);

  const user = join(place, 'user');
  mkdirSync(user);
  const installed = await run(
    'npm',
    [
      'install',
      '--ignore-scripts',
      '--prefer-offline',
      '--engine-strict=false',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      join(place, `longwatch-${version}.tgz`),
    ],
    { cwd: user, timeoutMs: 110_000 },
  );
  if (installed.status !== 0) throw new Error(`npm install: ${installed.err}`);
  bin = join(user, 'node_modules/.bin/longwatch');
}, 120_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

const installedFiles = () =>
  readdirSync(join(place, 'user/node_modules/longwatch'), { recursive: true, encoding: 'utf8' });

it('starts, whether the Node that starts it is old or pinned', async () => {
  for (const node of [machineNode, process.execPath]) {
    expect(await run(node, [bin, '--version'])).toEqual({ status: 0, out: `${version}\n`, err: '' });
  }
});

it('runs on the pinned Node', async () => {
  const asks = directoryOf({ 'ask.cjs': 'process.on("exit", () => console.log(process.version))' });

  const { out } = await run(machineNode, [bin, '--version'], {
    env: { ...process.env, NODE_OPTIONS: `--require ${join(asks, 'ask.cjs')}` },
  });
  expect(out.split('\n')).toContain('v26.10.0');
});

it('passes signals on and ends with the status of the program', async () => {
  const root = directoryOf({
    'dist/boot.mjs':
      'process.on("SIGTERM", () => { console.log("ended"); process.exit(7); }); console.log("ready"); setTimeout(() => {}, 9000);',
  });
  cpSync(join(checkout, 'src/bin.mjs'), join(root, 'dist/bin.mjs'));
  const child = spawn(process.execPath, [join(root, 'dist/bin.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (text: Buffer) => {
    out += text.toString();
    if (out === 'ready\n') child.kill('SIGTERM');
  });
  const status = await new Promise((resolve) => child.on('close', resolve));

  expect({ status, out }).toEqual({ status: 7, out: 'ready\nended\n' });
});

it('passes on the exit status', async () => {
  expect(await run(machineNode, [bin, 'no-such'])).toMatchObject({ status: 2, out: '' });
});

it.each(commands)('answers %s --help', async (name) => {
  expect(await run(machineNode, [bin, name, '--help'])).toMatchObject({ status: 0, err: '' });
});

for (const name of commands.filter((command) => command === 'rules')) {
  it(`finds its rules for ${name} list`, async () => {
    const { status, out } = await run(machineNode, [bin, name, 'list']);

    expect(status).toBe(0);
    expect(out).not.toBe('');
  });
}

it('brings the program and its declarations, and nothing that only development needs', () => {
  const files = installedFiles();

  expect(files).toEqual(
    expect.arrayContaining(['dist/boot.mjs', 'dist/bin.mjs', 'dist/cli/main.js', 'dist/cli/main.d.ts', 'LICENSE']),
  );
  expect(files.filter((path) => /^src|testing|\.test\.|(?<!\.d)\.ts$/.test(path))).toEqual([]);
});

const old = Number((await run(machineNode, ['-p', 'parseInt(process.versions.node)'])).out) < 26;
describe('where no Node is pinned', () => {
  const bare = () => {
    const root = directoryOf({ 'package.json': readFileSync(join(checkout, 'package.json'), 'utf8') });
    for (const file of ['bin.mjs', 'boot.mjs']) cpSync(join(checkout, 'src', file), join(root, 'dist', file));
    return join(root, 'dist/bin.mjs');
  };

  it('runs on the Node that starts it when that is new enough', async () => {
    expect(await run(process.execPath, [bare(), '--version'])).toEqual({ status: 0, out: `${version}\n`, err: '' });
  });

  // On a machine whose own Node is new enough there is none to be refused.
  if (old)
    it('says what is missing when that is too old', async () => {
      const { status, out, err } = await run(machineNode, [bare(), '--version']);

      expect({ status, out }).toEqual({ status: 2, out: '' });
      expect(err).toMatch(
        /no Node\.js is pinned for linux on \w+, and Node\.js [\d.]+ is too old; install Node\.js 26/,
      );
    });
});
