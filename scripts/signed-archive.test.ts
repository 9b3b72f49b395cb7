import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { chmodSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { directoryOf } from '../src/testing/files.ts';
import { run } from '../src/testing/run.ts';
import { needs } from '../src/testing/tools.ts';
import { signArchive, signingKey, writeArchive, type Member } from './signed-archive.ts';

const PEM = { type: 'pkcs8', format: 'pem' } as const;

const membersIn = (folder: string): readonly Member[] => [
  { name: 'top/bin/run', content: { path: join(folder, 'run') }, program: true },
  { name: 'top/NOTE', content: { text: 'noted\n' }, program: false },
];

it('writes the same bytes whatever the order, the times and the rights of the files were', async () => {
  const folder = directoryOf({ run: '#!/bin/sh\n' });
  const [first, second] = [join(folder, 'a.tar.gz'), join(folder, 'b.tar.gz')];

  await writeArchive(first, membersIn(folder));
  chmodSync(join(folder, 'run'), 0o700);
  utimesSync(join(folder, 'run'), 1, 1);
  await writeArchive(second, membersIn(folder).toReversed());

  expect(readFileSync(second).equals(readFileSync(first))).toBe(true);
});

const tar = needs('tar');
it.skipIf(tar.missing)(`lists folders before what lies in them, all of root and open to all ${tar.label}`, async () => {
  const folder = directoryOf({ run: '#!/bin/sh\n' });
  await writeArchive(join(folder, 'a.tar.gz'), membersIn(folder));
  const { out } = await run('tar', ['-tzvf', join(folder, 'a.tar.gz')], { env: { ...process.env, TZ: 'UTC' } });

  expect(out.split('\n').map((line) => line.replace(/ +/g, ' '))).toEqual([
    'drwxr-xr-x 0/0 0 2000-01-01 00:00 top',
    'drwxr-xr-x 0/0 0 2000-01-01 00:00 top/bin',
    '-rw-r--r-- 0/0 6 2000-01-01 00:00 top/NOTE',
    '-rwxr-xr-x 0/0 10 2000-01-01 00:00 top/bin/run',
    '',
  ]);
});

it('fails when a member is not there, and does not hang', async () => {
  const folder = directoryOf({});

  await expect(writeArchive(join(folder, 'a.tar.gz'), membersIn(folder))).rejects.toThrow('ENOENT');
});

it('signs the name together with the digest', async () => {
  const folder = directoryOf({ 'a.tar.gz': 'content' });
  const file = join(folder, 'a.tar.gz');
  await signArchive(file, signingKey(undefined));
  const signed = readFileSync(`${file}.sha256`);
  const good = (bytes: Buffer) =>
    verify(null, bytes, createPublicKey(readFileSync(`${file}.pub.pem`)), readFileSync(`${file}.sha256.sig`));

  expect(signed.toString()).toBe('ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73  a.tar.gz\n');
  expect(good(signed)).toBe(true);
  expect(good(Buffer.from(signed.toString().replace('a.tar', 'b.tar')))).toBe(false);
});

it('takes an Ed25519 key from a file, and says what is wrong with any other', () => {
  const folder = directoryOf({
    good: generateKeyPairSync('ed25519').privateKey.export(PEM),
    other: generateKeyPairSync('x25519').privateKey.export(PEM),
    none: 'no key',
  });

  expect(signingKey(join(folder, 'good')).asymmetricKeyType).toBe('ed25519');
  expect(() => signingKey(join(folder, 'other'))).toThrow('other holds no Ed25519 key');
  expect(() => signingKey(join(folder, 'none'))).toThrow('none holds no private key in PKCS#8 PEM');
});
