import { expect, it } from 'vitest';
import type { Process } from '../../model/observations/process.ts';
import { unseen } from '../../model/unseen.ts';
import { observed } from '../../testing/evidence.ts';
import { healthyHost } from '../../testing/host.ts';
import { standingOf } from './standing.ts';

const PATH = '/usr/sbin/statd';
const BEGAN = '2026-02-03T05:00:00.000Z';
const some = healthyHost().flatMap((row) => (row.kind === 'process' ? [row.process] : []))[0] as Process;

const standing = (process: Partial<Process>, installedAt?: string) => {
  const owned = {
    path: PATH,
    package: 'statd',
    algorithm: 'md5' as const,
    digest: 'aa',
    ...(installedAt === undefined ? {} : { installedAt }),
  };
  const owners = new Map([[PATH, observed({ kind: 'package_file', owned })]]);
  const row = observed({
    kind: 'process',
    process: { ...some, exe: PATH, exeDeleted: false, sameRoot: true, exeMd5: 'aa', ...process },
  });
  return standingOf(row, { owners, unowned: new Set(), packagesKnown: true }, (path) => path, BEGAN).is;
};

it.each([
  ['the program of its package', {}, undefined, 'verified'],
  ['another one at that path', { exeMd5: 'bb' }, undefined, 'altered'],
  ['one whose digest was not taken', { exeMd5: unseen('absent') }, undefined, 'packaged'],
  ['an earlier version, upgraded since', { exeMd5: 'bb', exeDeleted: true }, '2026-02-03T06:00:00.000Z', 'packaged'],
  ['the same version, reinstalled', { exeDeleted: true }, '2026-02-03T04:00:00.000Z', 'verified'],
  [
    'a deleted one of another content, without an upgrade',
    { exeMd5: 'bb', exeDeleted: true },
    '2026-02-03T04:00:00.000Z',
    'unpackaged',
  ],
  ['a deleted one, where no time is known', { exeMd5: 'bb', exeDeleted: true }, undefined, 'packaged'],
] as const)('of %s', (_, process, installedAt, expected) => {
  expect(standing(process, installedAt)).toBe(expected);
});

it.each([
  ['where every path was asked for', true, [], 'unpackaged'],
  ['where it was asked for', false, [PATH], 'unpackaged'],
  ['where others were asked for', false, ['/usr/sbin/other'], 'unknown'],
])('of a path without an owner, %s', (_, packagesKnown, asked, expected) => {
  const row = observed({ kind: 'process', process: { ...some, exe: PATH, exeDeleted: false, sameRoot: true } });

  expect(standingOf(row, { owners: new Map(), unowned: new Set(asked), packagesKnown }, (path) => path, BEGAN).is).toBe(
    expected,
  );
});
