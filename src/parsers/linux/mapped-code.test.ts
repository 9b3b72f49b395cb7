import { expect, it } from 'vitest';
import { parseBeside } from '../../testing/evidence.ts';
import { statLine } from '../../testing/stat-line.ts';
import { mappedCode } from './mapped-code.ts';

const parse = (content: string, stats = '') =>
  parseBeside(mappedCode, { '/proc/*/maps': content, ...(stats === '' ? {} : { '/proc/*/stat': stats }) });
const line = (pid: number, flags: string, path: string) =>
  `${pid}/maps:7f00-7f10 ${flags} 00000000 08:01 201   ${path}\n`;

it('tells each file of a process once, with what is odd about any of its mappings', () => {
  const content =
    line(1, 'r-xp', '/usr/lib/libc.so.6') +
    line(1, 'r-xp', '/usr/lib/libc.so.6') +
    line(1, 'rwxp', '/usr/lib/libc.so.6') +
    line(66, 'r-xp', '/dev/shm/x y (deleted)');

  expect(parse(content)).toEqual([
    {
      body: { kind: 'mapped_file', mapped: { pid: 1, path: '/usr/lib/libc.so.6', deleted: false, writable: true } },
      at: { offset: 0, line: 1 },
    },
    {
      body: { kind: 'mapped_file', mapped: { pid: 66, path: '/dev/shm/x y', deleted: true, writable: false } },
      at: { offset: 186, line: 4 },
    },
  ]);
});

it('takes memory without a file, and data, for no code of a file', () => {
  expect(
    parse(
      '66/maps:7f00-7f10 rwxp 00000000 00:00 0 \n66/maps:7f00-7f10 r-xp 00000000 00:00 0    [vdso]\n' +
        line(66, 'rw-p', '/usr/lib/a'),
    ),
  ).toEqual([]);
});

it('keeps the mark of the kernel for a line feed in a path', () => {
  expect(parse(line(66, 'r-xp', '/tmp/a\\0121/maps:7f00-7f10 r-xp 0 0:0 1 /sbin/init'))).toMatchObject([
    { body: { mapped: { pid: 66, path: '/tmp/a\\0121/maps:7f00-7f10 r-xp 0 0:0 1 /sbin/init' } } },
  ]);
});

it('says for how many processes it was denied', () => {
  const stats = [1, 2, 3, 4].map((pid) => `${pid}/stat:${statLine(pid, 'a')}\n`).join('');
  const content = `${line(1, 'r-xp', '/usr/bin/a')}grep: 2/maps: Permission denied\ngrep: 3/maps: No such process\n`;

  expect(parse(content, stats)[1]).toEqual({
    gap: 'denied',
    artifact: '/proc/*/maps',
    detail: '1 of 4 processes',
    missing: 0.25,
  });
  expect(parse(content)[1]).toMatchObject({ detail: '1 of 3 processes' });
});
