import { expect, it } from 'vitest';
import { unseen } from '../model/unseen.ts';
import { artifactOf } from '../testing/artifact.ts';
import { denialsIn, fileOf, perProcess } from './per-process.ts';

const read = (content: string) => perProcess(artifactOf('/proc/*/environ', content));

it('tells an empty file, a refused one and one whose process ended apart', () => {
  const all = read(
    '1/environ:A=1\0\n/usr/bin/grep: 2/environ: Permission denied\ngrep: 3/environ: No such file or directory\ngrep: 4/environ: Operation not permitted\n',
  );

  expect([1, 2, 3, 4, 5].map((pid) => fileOf(all, pid))).toEqual([
    'A=1\0',
    unseen('denied'),
    unseen('absent'),
    unseen('denied'),
    '',
  ]);
  expect(fileOf(undefined, 1)).toEqual(unseen('absent'));
});

it('joins the lines of one file, and knows where it began', () => {
  expect([...read('1/environ:A=1\n2/environ:B=\n1/environ:grep: 2/environ: Permission denied\n').files]).toEqual([
    [1, { raw: 'A=1\ngrep: 2/environ: Permission denied', offset: 0, line: 1 }],
    [2, { raw: 'B=', offset: 14, line: 2 }],
  ]);
});

it('counts what was denied, and nothing that ended', () => {
  const all = read('grep: 2/environ: Permission denied\ngrep: 3/environ: No such process\n');

  expect([...denialsIn('/proc/*/environ', all, 4)]).toEqual([
    { gap: 'denied', artifact: '/proc/*/environ', detail: '1 of 4 processes', missing: 0.25 },
  ]);
  expect([...denialsIn('/proc/*/environ', undefined, 4)]).toEqual([]);
});
