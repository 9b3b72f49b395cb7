import { expect, it } from 'vitest';
import type { ObservationBody } from '../../model/observations/index.ts';
import { emptyFile, healthyHost } from '../../testing/host.ts';
import { judged, told } from '../../testing/judged.ts';
import { orphanMarker } from './orphan-marker.ts';

const by = [orphanMarker];
const of = (path: string, more: Partial<{ uid: number; sizeBytes: number }> = {}): ObservationBody => {
  const row = emptyFile(path, 900);
  return row.kind === 'file' ? { ...row, file: { ...row.file, ...more } } : row;
};
const pidFile = (value: string): ObservationBody => ({
  kind: 'unit',
  unit: { name: 'statd.service', path: '/etc/systemd/system/statd.service', key: 'PIDFile', value },
});

const cases: readonly [name: string, facts: readonly ObservationBody[], path: string | undefined][] = [
  ['a pid file of nobody', [of('/run/haldd.pid')], '/run/haldd.pid'],
  ['a lock of nobody', [of('/run/lock/initx.lock')], '/run/lock/initx.lock'],
  ['a pid file of a daemon that runs', [of('/run/rsyslogd.pid')], undefined],
  ['a pid file of a daemon by the beginning of its name', [of('/run/lldpd-ctl.pid')], undefined],
  ['a pid file that a unit names', [of('/run/statx.pid'), pidFile('/run/statx.pid')], undefined],
  ['a pid file that a unit names by its old path', [of('/run/statx.pid'), pidFile('/var/run/statx.pid')], undefined],
  ['a pid file of a user', [of('/run/user/statx.pid', { uid: 1000 })], undefined],
  ['a pid file with a number in it', [of('/run/statx.pid', { sizeBytes: 5 })], undefined],
  ['another empty file', [of('/run/statx.state')], undefined],
];

it.each(cases)('%s', (_, facts, path) => {
  expect(told(judged([...healthyHost(), ...facts], { by }).findings)).toEqual(
    path === undefined ? [] : [['linux/orphan-marker', 'low', { path }]],
  );
});

it('is not clear without files', () => {
  expect(judged(healthyHost(), { by, missing: ['file'] }).verdicts.get(orphanMarker.id)?.verdict).toBe('not_covered');
});
