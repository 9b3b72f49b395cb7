import { expect, it } from 'vitest';
import { unseen } from '../../../model/unseen.ts';
import type { Traits } from '../../../testing/host.ts';
import { readBy } from '../../../testing/signs.ts';
import { signals } from './signals.ts';

const STAYS = { exe: '/usr/sbin/statd', sigIgn: '0000000000311007' } as const;

const cases: readonly [name: string, traits: Traits, expected: readonly number[]][] = [
  ['all of them', STAYS, [1]],
  ['all of them and more', { ...STAYS, sigIgn: '0000000000391007' }, [1]],
  ['all of them, software of a vendor', { ...STAYS, exe: '/opt/nfs/statd' }, [0.5]],
  ['all of them, a program of a package', { ...STAYS, package: 'nfs-common' }, []],
  ['those of a job in the background', { ...STAYS, sigIgn: '0000000000000007' }, []],
  ['those of a daemon', { ...STAYS, sigIgn: '0000000000381000' }, []],
  ['what was not seen', { ...STAYS, sigIgn: unseen('denied') }, []],
  ['what is no mask', { ...STAYS, sigIgn: 'zz' }, []],
];

it.each(cases)('ignores %s', (_, traits, expected) => {
  expect(readBy(signals, traits)).toEqual(expected);
});
