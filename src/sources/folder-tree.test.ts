import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { directoryOf } from '../testing/files.ts';
import { folderTree } from './folder-tree.ts';

const text = (read: ReturnType<ReturnType<typeof folderTree>['read']>) =>
  typeof read === 'string' ? read : new TextDecoder().decode(read.bytes);

/** A tree beside a secret that it must never show. */
function hostile() {
  const folder = directoryOf({
    secret: 'outside',
    'root/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
    'root/usr/lib/os-release': 'ID=inside\n',
    'root/usr/bin/ls': 'program',
  });
  const root = `${folder}/root`;
  const link = (target: string, path: string) => symlinkSync(target, `${root}/${path}`);
  link('usr/bin', 'bin');
  link('../usr/lib/os-release', 'etc/os-release');
  link('/usr/lib/os-release', 'etc/absolute');
  link('../../../../../../secret', 'etc/up');
  link(`${folder}/secret`, 'etc/named');
  link('../..', 'etc/above');
  link('circle', 'etc/circle');
  link('pong', 'etc/ping');
  link('ping', 'etc/pong');
  return { folder, root, tree: folderTree(root) };
}

it('follows links as if the tree were all there is', () => {
  const { tree } = hostile();

  expect(text(tree.read('/etc/os-release', 100))).toBe('ID=inside\n');
  expect(text(tree.read('/etc/absolute', 100))).toBe('ID=inside\n');
  expect(text(tree.read('/bin/ls', 100))).toBe('program');
  expect(text(tree.read('/bin/../etc/./passwd', 4))).toBe('absent'); // `..` of /usr/bin
  expect(text(tree.read('/bin/../../etc//passwd', 4))).toBe('root');
  expect(tree.list('/bin')).toEqual(['ls']);
  expect(tree.list('/etc/above')).toEqual(['bin', 'etc', 'usr']);
});

it('never leads out of the tree', () => {
  const { tree, root } = hostile();

  expect(
    ['/etc/up', '/etc/named', '/../secret', `${root}/../secret`].map((path) => text(tree.read(path, 100))),
  ).toEqual(Array(4).fill('absent'));
  expect(tree.list('/etc/above/..')).toEqual(['bin', 'etc', 'usr']);
});

it('ends where links go in circles', () => {
  const { tree } = hostile();

  expect([tree.read('/etc/circle', 9), tree.list('/etc/ping'), tree.stat('/etc/pong/x')]).toEqual(
    Array(3).fill('unsupported'),
  );
});

it('tells a link as a link, and what a listing of find would', () => {
  const { tree, root } = hostile();
  chmodSync(`${root}/usr/bin/ls`, 0o4755);
  utimesSync(`${root}/usr/bin/ls`, 1_700_000_000.5, 1_700_000_001.25);
  linkSync(`${root}/usr/bin/ls`, `${root}/usr/bin/dir`);

  expect(tree.stat('/etc/up')).toMatchObject({ type: 'link', target: '../../../../../../secret' });
  expect(tree.stat('/bin')).toMatchObject({ type: 'link', target: 'usr/bin' });
  expect(tree.stat('/bin/ls')).toMatchObject({
    type: 'file',
    sizeBytes: 7,
    mode: 0o4755,
    links: 2,
    accessed: 1_700_000_000.5,
    modified: 1_700_000_001.25,
  });
  expect(tree.stat('/')).toMatchObject({ type: 'directory' });
  expect([tree.stat('/none'), tree.stat('/etc/passwd/x'), tree.list('/etc/passwd'), tree.list('/none')]).toEqual(
    Array(4).fill('absent'),
  );
});

it('opens nothing but regular files, and says what it cut', () => {
  const { tree, root } = hostile();
  execFileSync('mkfifo', [`${root}/pipe`]);

  expect(tree.stat('/pipe')).toMatchObject({ type: 'other' });
  expect([tree.read('/pipe', 9), tree.read('/etc', 9)]).toEqual(['unsupported', 'unsupported']);
  expect(tree.read('/usr/bin/ls', 3)).toMatchObject({ cut: true });
  expect(tree.read('/usr/bin/ls', 7)).toMatchObject({ cut: false });
});

it('leaves the time of access of what it reads', () => {
  const { tree, root } = hostile();
  utimesSync(`${root}/etc/passwd`, 1_000_000_000, 1_500_000_000);
  tree.read('/etc/passwd', 100);

  expect(statSync(`${root}/etc/passwd`).atimeMs).toBe(1_000_000_000_000);
});

it('names files whatever their bytes, apart and in the order of bytes', () => {
  const root = Buffer.from(directoryOf({}));
  const names = ['a', 'ä', 'b\n', '\u{1f600}', '\uff5e'].map((name) => Buffer.from(name));
  const odd = [Buffer.from([0x61, 0xff]), Buffer.from([0x61, 0xfe]), Buffer.from([0xed, 0xb2, 0x80])];
  for (const name of [...names, ...odd]) writeFileSync(Buffer.concat([root, Buffer.from('/'), name]), name);
  const tree = folderTree(root.toString());
  const listed = tree.list('/') as string[];

  expect(listed).toHaveLength(8);
  const contents = listed.map((name) => {
    const read = tree.read(`/${name}`, 99);
    return typeof read === 'string' ? read : Buffer.from(read.bytes);
  });
  expect(contents).toEqual([...names, ...odd].sort((a, b) => Buffer.compare(a, b)));
});

it('gives an answer within the tree for any path', () => {
  const { tree } = hostile();
  const part = fc.constantFrom(
    '..',
    '.',
    '',
    'etc',
    'usr',
    'bin',
    'above',
    'up',
    'named',
    'circle',
    'secret',
    'root',
    'ls',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 12 }), (parts) => {
      const path = `/${parts.join('/')}`;
      expect(text(tree.read(path, 99))).not.toBe('outside');
      tree.list(path);
      tree.stat(path);
    }),
  );
});
