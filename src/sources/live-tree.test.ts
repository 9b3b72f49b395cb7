import { execFileSync, spawn } from 'node:child_process';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { directoryOf } from '../testing/files.ts';
import { liveTree } from './live-tree.ts';

const onLinux = existsSync('/proc/self/fd');
const text = (read: ReturnType<ReturnType<typeof liveTree>['read']>) =>
  typeof read === 'string' ? read : new TextDecoder().decode(read.bytes);

/** A tree beside a secret that it must never show. */
function hostile() {
  const folder = directoryOf({
    secret: 'outside',
    'root/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
    'root/usr/lib/os-release': 'ID=inside\n',
    'root/usr/bin/ls': 'program',
    'root/data/share/file': 'of another host',
  });
  const root = `${folder}/root`;
  const link = (target: string, path: string) => symlinkSync(target, `${root}/${path}`);
  link('usr/bin', 'bin');
  link('../usr/lib/os-release', 'etc/os-release');
  link('/usr/lib/os-release', 'etc/absolute');
  link('../../../../../../secret', 'etc/up');
  link(`${folder}/secret`, 'etc/named');
  link('/proc/self/root' + folder, 'etc/magic');
  link('../..', 'etc/above');
  link('circle', 'etc/circle');
  const tree = liveTree(
    root,
    new Map([
      ['/data/share', 'unsupported'],
      ['/usr/lib', 'empty'],
    ]),
  );
  onTestFinished(() => tree.close());
  return { root, tree };
}

it.skipIf(!onLinux)('follows links as if the tree were all there is, and none out of it', () => {
  const { tree } = hostile();

  expect(text(tree.read('/etc/passwd', 4))).toBe('root');
  expect(text(tree.read('/bin/ls', 100))).toBe('program');
  expect(tree.list('/etc/above')).toEqual(['bin', 'data', 'etc', 'usr']);
  expect(
    ['/etc/up', '/etc/named', '/etc/magic/secret', '/../secret'].map((path) => text(tree.read(path, 100))),
  ).toEqual(Array(4).fill('absent'));
  expect(tree.read('/etc/circle', 9)).toBe('unsupported');
  expect(tree.stat('/')).toMatchObject({ type: 'directory' });
});

it.skipIf(!onLinux)('does not touch what others serve', () => {
  const { tree } = hostile();

  expect([tree.stat('/data/share'), tree.list('/data/share'), tree.read('/data/share/file', 9)]).toEqual([
    { type: 'directory', sizeBytes: 0 },
    'unsupported',
    'unsupported',
  ]);
  expect([tree.list('/usr/lib'), tree.read('/etc/os-release', 9), tree.read('/etc/absolute', 9)]).toEqual([
    [],
    'unsupported',
    'unsupported',
  ]);
});

it.skipIf(!onLinux)('opens nothing but regular files', () => {
  const { tree, root } = hostile();
  execFileSync('mkfifo', [`${root}/pipe`]);

  expect(tree.stat('/pipe')).toMatchObject({ type: 'other' });
  expect([tree.read('/pipe', 9), tree.read('/etc', 9)]).toEqual(['unsupported', 'unsupported']);
  expect(tree.read('/usr/bin/ls', 3)).toMatchObject({ cut: true });
});

it.skipIf(!onLinux)('holds a bounded number of folders open', () => {
  const names = Array.from({ length: 600 }, (_, index) => `folder${index}`);
  const root = directoryOf(Object.fromEntries(names.map((name) => [`${name}/in/file`, name])));
  const tree = liveTree(root, new Map());
  onTestFinished(() => tree.close());
  const open = () => execFileSync('ls', [`/proc/${process.pid}/fd`], { encoding: 'utf8' }).split('\n').length;
  const before = open();

  expect(names.map((name) => text(tree.read(`/${name}/in/file`, 99)))).toEqual(names);
  expect(open() - before).toBeLessThanOrEqual(260);
});

it.skipIf(!onLinux)('is not led out by whoever puts links in the place of folders meanwhile', async () => {
  const { root } = hostile();
  const outside = directoryOf({ passwd: 'outside', 'cron.d/job': 'outside' });
  const swap = join(root, '../swap');
  writeFileSync(
    swap,
    `cd "$1"; ln -s "$2" link; while :; do mv -T etc real; mv -T link etc; mv -T etc link; mv -T real etc; done 2>/dev/null`,
  );
  const intruder = spawn('sh', [swap, root, outside], { stdio: 'ignore' });
  const done = new Promise((resolve) => intruder.once('exit', resolve));
  onTestFinished(async () => {
    intruder.kill('SIGKILL');
    await done;
  });
  const seen = new Set<string>();
  const until = performance.now() + 1500;
  while (performance.now() < until) {
    const tree = liveTree(root, new Map());
    seen.add(text(tree.read('/etc/passwd', 7)));
    seen.add(String(tree.list('/etc/cron.d')));
    tree.close();
  }

  expect(seen).toContain('root:x:');
  expect([...seen].filter((one) => /outside|job/.test(one))).toEqual([]);
});

it.skipIf(!onLinux)('gives an answer within the tree for any path', () => {
  const { tree } = hostile();
  const part = fc.constantFrom('..', '.', '', 'etc', 'usr', 'bin', 'above', 'up', 'named', 'magic', 'secret', 'ls');
  fc.assert(
    fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 12 }), (parts) => {
      const path = `/${parts.join('/')}`;
      expect(text(tree.read(path, 99))).not.toBe('outside');
      tree.list(path);
      tree.stat(path);
    }),
  );
});
