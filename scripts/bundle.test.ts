import { generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkout, directoryOf } from '../src/testing/files.ts';
import { run, type Ran } from '../src/testing/run.ts';
import { needs, needsRoot } from '../src/testing/tools.ts';

const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as { version: string };
const name = `longwatch-${version}-linux-${process.arch}`;
const FILTER =
  '{ 0x28, 0, 0, 0x0000000c }, { 0x15, 0, 1, 0x00000800 }, { 0x06, 0, 0, 0x00040000 }, { 0x06, 0, 0, 0x00000000 },\n';

let place: string;
let installed: string;
/** No node and no npm: what the launcher takes from the system, and nothing else. */
let tools: string;

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'longwatch-bundle-test-'));
  const key = join(place, 'key.pem');
  writeFileSync(key, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const made = await run(process.execPath, ['scripts/bundle.ts', '--key', key, '--out', place]);
  if (made.status !== 0) throw new Error(made.err);
  mkdirSync(join(place, 'opt'), { mode: 0o755 });
  // As an operator whose umask closes what he makes.
  const unpacked = await run('sh', [
    '-c',
    'umask 077; exec tar -xzf "$1" -C "$2"',
    'sh',
    archive(),
    join(place, 'opt'),
  ]);
  if (unpacked.status !== 0) throw new Error(unpacked.err);
  installed = join(place, 'opt', name);
  tools = join(place, 'tools');
  mkdirSync(tools, { mode: 0o755 });
  for (const tool of ['sh', 'sed']) symlinkSync(join('/bin', tool), join(tools, tool));
  await run('chmod', ['755', place]);
}, 90_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

const archive = () => join(place, `${name}.tar.gz`);
const start = (args: readonly string[], root = installed, changes: NodeJS.ProcessEnv = {}): Promise<Ran> =>
  run(join(root, 'longwatch'), args, { cwd: '/', env: { PATH: tools, ...changes }, stdin: FILTER });

it('holds the program, Node, its packages and the rules, and nothing that only development needs', () => {
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });

  expect(files).toEqual(
    expect.arrayContaining([
      'dist/cli/scan.js',
      'docs/guides/air-gapped.md',
      `node_modules/node-linux-${process.arch}/bin/node`,
      'node_modules/zod/package.json',
      'rules/linux/ebpf-socket-filter-held.yml',
    ]),
  );
  expect(
    files.filter((path) => /\.ts$|\.map$|\.test\.|^src|testing\/|node_modules\/(vitest|typescript)/.test(path)),
  ).toEqual([]);
});

it('starts without node or npm on the path, and writes nothing where it lies', async () => {
  const before = readdirSync(installed, { recursive: true });

  expect(await start(['--version'])).toEqual({ status: 0, out: `${version}\n`, err: '' });
  expect(await start(['filter', '-'])).toMatchObject({ status: 0, err: '' });
  expect(readdirSync(installed, { recursive: true })).toEqual(before);
});

const root = needsRoot();
const unshare = needs('unshare', 'util-linux');
const setpriv = needs('setpriv', 'util-linux');
describe.skipIf(root.missing || unshare.missing || setpriv.missing)(
  `without a network, from a read-only place ${root.label} ${unshare.label} ${setpriv.label}`,
  () => {
    const ALONE = `
      mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 99
      ! touch "$1/probe" 2>/dev/null && [ -z "$(sed -n '2,$p' /proc/net/route /proc/net/if_inet6)" ] || exit 98
      tools=$2; shift 2
      exec env -i PATH="$tools" "$@"`;
    const alone = (args: readonly string[], before: readonly string[] = []): Promise<Ran> =>
      run(
        'unshare',
        [
          '--net',
          '--mount',
          'sh',
          '-c',
          ALONE,
          'sh',
          installed,
          tools,
          ...before,
          join(installed, 'longwatch'),
          ...args,
        ],
        { cwd: '/', stdin: FILTER },
      );

    it('scans this host', async () => {
      const { status, out, err } = await alone(['scan', '--format', 'ndjson']);
      const summary = JSON.parse(out.trim().split('\n').at(-1) ?? '') as {
        record: string;
        hosts: number;
        observations: number;
      };

      expect({ status, err }).toEqual({ status: 0, err: '' });
      expect(summary).toMatchObject({ record: 'summary', hosts: 1 });
      expect(summary.observations).toBeGreaterThan(100);
    });

    it('explains a filter, as a user without rights', async () => {
      const asNobody = ['/usr/bin/setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
      const { status, out, err } = await alone(['filter', '--format', 'ndjson', '-'], asNobody);

      expect({ status, err }).toEqual({ status: 0, err: '' });
      expect(out).toContain('"expression":"ip"');
    });
  },
);

const openssl = needs('openssl');
describe.skipIf(openssl.missing)(`its signature, by the tools of any system ${openssl.label}`, () => {
  const signature = (folder: string) =>
    run(
      'openssl',
      [
        'pkeyutl',
        '-verify',
        '-rawin',
        '-pubin',
        '-inkey',
        `${name}.tar.gz.pub.pem`,
        '-in',
        `${name}.tar.gz.sha256`,
        '-sigfile',
        `${name}.tar.gz.sha256.sig`,
      ],
      { cwd: folder },
    );
  const digest = (folder: string) => run('sha256sum', ['-c', `${name}.tar.gz.sha256`], { cwd: folder });
  const copied = () => {
    const folder = directoryOf({});
    for (const end of ['', '.sha256', '.sha256.sig', '.pub.pem'])
      cpSync(archive() + end, join(folder, `${name}.tar.gz${end}`));
    return folder;
  };
  const spoil = (file: string, at: number) => {
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    writeFileSync(file, bytes);
  };

  it('is good', async () => {
    expect(await signature(place)).toMatchObject({ status: 0 });
    expect(await digest(place)).toMatchObject({ status: 0, out: `${name}.tar.gz: OK\n` });
  });

  it('refuses an archive in which one byte has changed', async () => {
    const folder = copied();
    spoil(join(folder, `${name}.tar.gz`), 1_000_000);

    expect(await digest(folder)).toMatchObject({ status: 1, out: `${name}.tar.gz: FAILED\n` });
  });

  it('refuses a digest that was written anew', async () => {
    const folder = copied();
    spoil(join(folder, `${name}.tar.gz`), 1_000_000);
    writeFileSync(
      join(folder, `${name}.tar.gz.sha256`),
      (await run('sha256sum', [`${name}.tar.gz`], { cwd: folder })).out,
    );

    expect(await digest(folder)).toMatchObject({ status: 0 });
    expect((await signature(folder)).status).not.toBe(0);
  });
});

describe('where a bundle cannot start, it says why and calls no npm', () => {
  const node = `node_modules/node-linux-${process.arch}/bin/node`;
  const broken = (files: Readonly<Record<string, string>>) => {
    const folder = directoryOf({
      BUNDLE: `longwatch ${version} ${process.arch}\n`,
      'bin/npm': '#!/bin/sh\necho npm >&2\n',
      ...files,
    });
    cpSync(join(checkout, 'longwatch'), join(folder, 'longwatch'));
    return folder;
  };

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['without Node', { 'dist/boot.mjs': '' }, 'this bundle is not whole; unpack its archive again'],
    ['without the program', { [node]: '' }, 'this bundle is not whole; unpack its archive again'],
    ['with an empty mark', { BUNDLE: '' }, 'this bundle is not whole; unpack its archive again'],
    [
      'where nothing may be run',
      { [node]: '', 'dist/boot.mjs': '' },
      'may not be run here; unpack the bundle where programs may be run',
    ],
  ])('%s', async (_, files, sentence) => {
    const { status, out, err } = await start(['scan'], broken(files));

    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/^longwatch: [^\n]*\n$/);
    expect(err).toContain(sentence);
  });

  it('with a Node of another processor or C library', async () => {
    const folder = broken({ [node]: '\x7fELF no program of this host', 'dist/boot.mjs': '' });
    await run('chmod', ['755', join(folder, node)]);
    const { status, err } = await start(['scan'], folder);

    expect(status).toBe(2);
    expect(err).toContain(`longwatch: this host cannot run the bundle for linux-${process.arch}: `);
  });

  it('with a library missing', async () => {
    const folder = broken({ [node]: '', 'dist/boot.mjs': '' });
    const program = readFileSync('/bin/true', 'latin1').replaceAll('libc.so.6', 'libq.so.6');
    writeFileSync(join(folder, node), program, { encoding: 'latin1', mode: 0o755 });
    await run('chmod', ['755', join(folder, node)]);

    expect(await start(['scan'], folder)).toEqual({
      status: 2,
      out: '',
      err: `longwatch: this host lacks what ${folder}/${node} needs: libq.so.6 => not found\n`,
    });
  });

  it.each(['test', 'npm'])('asked for %s', async (word) => {
    expect(await start([word])).toEqual({
      status: 2,
      out: '',
      err: `longwatch: this is a bundle: ${word} needs a checkout\n`,
    });
  });
});

it('refuses a key that it cannot sign with before it builds anything', async () => {
  const folder = directoryOf({ key: 'no key' });

  expect(await run(process.execPath, ['scripts/bundle.ts', '--key', join(folder, 'key'), '--out', folder])).toEqual({
    status: 2,
    out: '',
    err: `bundle: ${join(folder, 'key')} holds no private key in PKCS#8 PEM without a passphrase\n`,
  });
  expect(readdirSync(folder)).toEqual(['key']);
});
