import { mkdirSync, symlinkSync } from 'node:fs';
import { expect, it } from 'vitest';
import { directoryOf } from '../testing/files.ts';
import { runInMemory } from '../testing/io.ts';
import { run as analyze } from './analyze.ts';
import { run as scan } from './scan.ts';

const rootTree = () => {
  const root = directoryOf({ 'root/etc/hostname': 'hlr7\n', 'root/usr/bin/x': '', secret: 'outside' });
  symlinkSync('../../secret', `${root}/root/etc/machine-id`);
  return `${root}/root`;
};
const linesOf = (out: string) =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { record: string; [key: string]: unknown });

it('judges the root folder of a host, keeps its evidence, and judges the same from that', async () => {
  const root = rootTree();
  const kept = `${root}/../kept.lwsnap`;
  const first = await runInMemory(scan, ['--root', root, '--save', kept, '--format', 'ndjson']);
  const second = await runInMemory(analyze, [kept, '--format', 'ndjson']);

  expect([first.status, second.status, first.err]).toEqual([0, 0, '']);
  expect(linesOf(second.out).slice(0, -1)).toEqual(linesOf(first.out).slice(0, -1));
  expect(linesOf(first.out)).toContainEqual(
    expect.objectContaining({
      record: 'gap',
      host: 'hlr7',
      artifact: 'the running system',
      hides: expect.arrayContaining(['linux/hidden-process']) as string[],
    }),
  );
  expect(first.out).not.toContain('outside');
});

it('finds such a folder by what it holds', async () => {
  const { status, out } = await runInMemory(analyze, [rootTree(), '--format', 'ndjson', '--host', 'hlr8']);

  expect(status).toBe(0);
  expect(linesOf(out)[0]).toMatchObject({ record: 'gap', host: 'hlr8', artifact: 'the running system' });
});

it('tells people what an image does not show, and what would', async () => {
  const { out } = await runInMemory(scan, ['--root', rootTree()]);
  const said = out.replace(/\s+/g, ' ');

  expect(said).toContain('an image shows no processes, no sockets and no kernel');
  expect(said).toContain('look at the host while it runs');
});

it('refuses what is no root folder, and targets beside one', async () => {
  const empty = directoryOf({});
  mkdirSync(`${empty}/etc`);
  const failed = (args: readonly string[]) =>
    runInMemory(scan, args).then(
      () => 'done',
      (error: unknown) => error,
    );

  expect(await failed(['--root', empty])).toMatchObject({ code: 'INPUT_UNKNOWN' });
  expect(await failed(['--root', `${empty}/none`])).toMatchObject({ code: 'INPUT_UNREADABLE' });
  expect(await failed(['--root', empty, 'root@hss1'])).toMatchObject({ code: 'USAGE' });
  expect(await failed(['--root', empty, '--script'])).toMatchObject({ code: 'USAGE' });
});
