import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { askFiles } from './ask-files.ts';
import type { FilesWanted } from './files.ts';

const onLinux = existsSync('/proc/self/fd');

/** A container that is none: this process, with its own root. */
const wanted = (more: Partial<FilesWanted['container']> = {}): FilesWanted => ({
  container: {
    id: 'web',
    short: 'web',
    group: '',
    runtime: 'lxc',
    init: process.pid,
    startTicks: 1,
    mntns: 1,
    pids: new Set([process.pid]),
    ...more,
  },
  mapped: new Set(),
  deleted: new Set(),
  programs: new Map([
    [process.pid, '0:0'],
    [0, '1:1'],
  ]),
  observedAt: '2026-11-23T04:05:06.000Z',
  profile: 'quick',
});

it.skipIf(!onLinux).each([
  ['another process that has the number of the first one by now', {}, 'absent', /ended after the look/],
  ['a process that is gone', { init: 2 ** 30 }, 'absent', /cannot be opened/],
])('does not take %s for the container', async (_, more, reason, detail) => {
  const files = await askFiles(wanted(more));

  expect(files).toMatchObject({ artifacts: [], issues: [], digests: '' });
  expect(files.gaps).toContainEqual({
    name: 'command/dpkg-owners',
    reason,
    detail: expect.stringMatching(detail) as string,
  });
});

it.skipIf(!onLinux)('does not wait for a reader that takes too long', async () => {
  const started = performance.now();
  const files = await askFiles(wanted(), undefined, 1);

  expect(files.gaps).toContainEqual(expect.objectContaining({ name: 'files/settings', reason: 'timed_out' }));
  expect(performance.now() - started).toBeLessThan(10_000);
});

it.skipIf(!onLinux)('stops when it is told to', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('enough')), 10);

  await expect(askFiles(wanted(), controller.signal)).rejects.toThrow('enough');
});
