// Makes one signed archive with all that Longwatch runs on: `npm run bundle -- [--key FILE] [--out DIR]`. See docs/guides/air-gapped.md.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleMembers } from './bundle-files.ts';
import { signArchive, signingKey, writeArchive } from './signed-archive.ts';

const root = resolve(import.meta.dirname, '..');

async function make(keyFile: string | undefined, out: string): Promise<string> {
  const key = signingKey(keyFile);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const name = `longwatch-${version}-linux-${process.arch}`;
  const place = mkdtempSync(join(tmpdir(), 'longwatch-bundle-'));
  try {
    const dist = join(place, 'dist');
    const { status } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), dist], {
      stdio: ['ignore', 2, 2],
    });
    if (status !== 0) throw new Error('the program could not be built; see the messages above');
    const members = bundleMembers(root, dist, process.arch);
    mkdirSync(out, { recursive: true });
    const file = join(out, `${name}.tar.gz`);
    await writeArchive(
      file,
      members.map((member) => ({ ...member, name: `${name}/${member.name}` })),
    );
    const fingerprint = await signArchive(file, key);
    const kept = keyFile === undefined ? ' (made for this bundle; its private half is gone)' : '';
    return `${file}\nsigned by the key with SHA-256 ${fingerprint}${kept}\n`;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

try {
  const { values } = parseArgs({
    options: { key: { type: 'string' }, out: { type: 'string', default: join(root, 'bundle') } },
  });
  process.stdout.write(await make(values.key, resolve(values.out)));
} catch (error) {
  process.stderr.write(`bundle: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
