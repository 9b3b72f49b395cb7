import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkout } from './files.ts';
import { run } from './run.ts';

const word = (...parts: readonly string[]) => parts.join('');

// Put together from parts, so that this file does not hold what it looks for.
const FOREIGN = new RegExp(
  [
    word('/wo', 'rk/'),
    word('/fa', 'rm/'),
    word('registry\\.', '(npm|yarn)'),
    word('npm', 'mirror'),
    word('deb\\.', 'debian\\.'),
    word('security\\.', 'debian\\.'),
    word('pypi\\.', 'org'),
    word('crates\\.', 'io'),
    word('proxy\\.', 'golang'),
  ].join('|'),
);

/** Files that git tracks or would track. Without git (an unpacked release) there is nothing to guard. */
async function files(): Promise<readonly string[]> {
  const { out } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  return out
    .split('\0')
    .filter((path) => path !== '' && statSync(join(checkout, path), { throwIfNoEntry: false })?.isFile());
}

it('names no path of a developer’s machine and no package registry', async () => {
  const found: string[] = [];
  for (const path of await files()) {
    const lines = readFileSync(join(checkout, path), 'utf8').split('\n');
    lines.forEach((line, at) => FOREIGN.test(line) && found.push(`${path}:${at + 1}`));
  }

  expect(found).toEqual([]);
});

it('locks packages by their hash, not by where they were fetched, and none that runs a script to install', () => {
  const lock: {
    packages: Record<string, { integrity?: string; resolved?: string; link?: boolean; hasInstallScript?: boolean }>;
  } = JSON.parse(readFileSync(join(checkout, 'package-lock.json'), 'utf8'));
  const packages = Object.entries(lock.packages).filter(([path, { link }]) => path.includes('node_modules/') && !link);

  expect(packages.length).toBeGreaterThan(50);
  expect(packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([]);
  expect(packages.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
  expect(packages.filter(([, { integrity }]) => integrity === undefined).map(([path]) => path)).toEqual([]);
});
