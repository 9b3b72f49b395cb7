// Builds dist/, or the folder that is given: JavaScript and declarations from src/, and beside them, as they are, the files that
// are no TypeScript.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const [src, dist] = [join(root, 'src'), resolve(process.argv[2] ?? join(root, 'dist'))];

rmSync(dist, { recursive: true, force: true });
const compiler = join(root, 'node_modules/typescript7/bin/tsc');
const { status } = spawnSync(
  process.execPath,
  [compiler, '--project', join(root, 'tsconfig.build.json'), '--outDir', dist],
  { stdio: 'inherit' },
);
if (status !== 0) process.exit(1);

for (const path of readdirSync(src, { recursive: true })) {
  if (/\.(ts|md)$/.test(path) || path.startsWith('testing/') || !/\.[a-z]+$/.test(path)) continue;
  cpSync(join(src, path), join(dist, path));
}
chmodSync(join(dist, 'bin.mjs'), 0o755);
