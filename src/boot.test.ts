import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkout } from './testing/files.ts';
import { run } from './testing/run.ts';

const boot = (...args: readonly string[]) => run(process.execPath, [join(checkout, 'src/boot.mjs'), ...args]);
const listed = async () =>
  [...(await boot('--help')).out.matchAll(/^ {2}([a-z]+) +\S/gm)].map(([, name]) => name ?? '');

it.each(['--version', '-V'])('prints the version for %s', async (option) => {
  const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));

  expect(await boot(option)).toEqual({ status: 0, out: `${version}\n`, err: '' });
});

it('shows the commands when asked, and fails with the same when nothing was asked', async () => {
  const help = await boot('--help');

  expect(help).toMatchObject({ status: 0, err: '' });
  expect(help.out).toMatch(/^Usage: longwatch COMMAND/m);
  expect(await boot()).toEqual({ ...help, status: 2 });
});

it.each(['no-such', 'toString', '../cli/main', ''])('refuses the command %j', async (name) => {
  expect(await boot(name)).toEqual({
    status: 2,
    out: '',
    err: `longwatch: there is no command ${JSON.stringify(name)}; longwatch --help lists them\n`,
  });
});

it('lists every command there is', async () => {
  const files = readdirSync(join(checkout, 'src/cli'))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .filter((name) =>
      /^export (async )?(const|function) run\b/m.test(readFileSync(join(checkout, 'src/cli', name), 'utf8')),
    );

  const shown = await listed();
  expect(files.map((name) => name.slice(0, -3)).filter((name) => !shown.includes(name))).toEqual([]);
});

it('gives each command a help of its own', async () => {
  for (const name of await listed()) {
    if (!existsSync(join(checkout, 'src/cli', `${name}.ts`))) continue;
    const { status, out, err } = await boot(name, '--help');
    expect({ name, status, err }).toEqual({ name, status: 0, err: '' });
    expect(out).toContain('Usage:');
  }
});
