import { expect, it } from 'vitest';
import { emptyFile, healthyHost, without, type Host, type Traits } from '../../../testing/host.ts';
import { readBy } from '../../../testing/signs.ts';
import { marker } from './marker.ts';

const guest = { exe: '/usr/sbin/statd', startTicks: 500_000 } as const;
const host = healthyHost();

const cases: readonly [name: string, traits: Traits, expected: readonly number[], host: Host][] = [
  ['a lock of the moment in which it began', guest, [0.5], [...host, emptyFile('/run/initd.lock', 500_100)]],
  ['a pid file of that moment', guest, [0.5], [...host, emptyFile('/run/initd.pid', 499_800)]],
  ['a lock of another moment', guest, [], [...host, emptyFile('/run/initd.lock', 510_000)]],
  ['another empty file', guest, [], [...host, emptyFile('/run/initd.flag', 500_100)]],
  [
    'a lock, and a program of a package',
    { ...guest, package: 'nfs-common' },
    [],
    [...host, emptyFile('/run/initd.lock', 500_100)],
  ],
  [
    'a lock, on a host that does not tell when it began',
    guest,
    [],
    [...without(host, 'host'), emptyFile('/run/initd.lock', 500_100)],
  ],
];

it.each(cases)('left %s', (_, traits, expected, on) => {
  expect(readBy(marker, traits, on)).toEqual(expected);
});
