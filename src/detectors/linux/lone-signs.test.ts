import { expect, it } from 'vitest';
import type { Level } from '../../model/level.ts';
import type { Process } from '../../model/observations/process.ts';
import { unseen } from '../../model/unseen.ts';
import { GUEST } from '../../testing/cases.ts';
import { portFilter } from '../../testing/filter-shapes.ts';
import {
  changed,
  connection,
  digestOf,
  healthyHost,
  packetSocket,
  rawSocket,
  stillHost,
  without,
  withProcess,
  type Host,
  type Traits,
} from '../../testing/host.ts';
import { judged, told } from '../../testing/judged.ts';
import * as lone from './lone-signs.ts';

const by = Object.values(lone);
const statd = { exe: '/usr/sbin/statd', package: 'nfs-common' } as const;
const bash = { exe: '/usr/bin/bash', package: 'bash' } as const;

const cases: readonly [name: string, traits: Traits, expected: readonly (readonly [rule: string, level: Level])[]][] = [
  ['nothing', statd, []],
  ['a hint below 1', { exe: '/opt/nfs/statd' }, []],
  ['a program of no package', { exe: '/usr/sbin/statd' }, [['linux/program-origin', 'low']]],
  ['a program deleted from memory', { exe: '/run/statd', exeDeleted: true }, [['linux/program-origin', 'medium']]],
  ['a title', { ...statd, cmdline: ['mover: idle'] }, [['linux/claimed-name', 'low']]],
  ['a thread of the kernel', { ...statd, cmdline: ['[mover]'] }, [['linux/claimed-name', 'high']]],
  ['an ear', { exe: '/opt/nfs/statd', sockets: [rawSocket(1)] }, [['linux/ear-without-port', 'low']]],
  [
    'a root process without environment',
    { exe: '/opt/nfs/statd', environ: {}, environBytes: 0 },
    [['linux/emptied-environment', 'low']],
  ],
  [
    'an environment made for a visit',
    { ...bash, environ: { HISTFILE: '/dev/null', HISTSIZE: '0', HOME: '/tmp' } },
    [['linux/emptied-environment', 'medium']],
  ],
  [
    'a shell with a connection',
    { ...bash, sockets: [connection(40_000, '203.0.113.5', 443)] },
    [['linux/unattended-shell', 'high']],
  ],
  ['an altered program', { ...statd, exeMd5: digestOf('something else') }, [['linux/altered-code', 'high']]],
  [
    'a library deleted from memory',
    { ...statd, maps: [{ path: '/dev/shm/l', deleted: true }] },
    [['linux/altered-code', 'medium']],
  ],
  [
    'two families, of which another rule speaks',
    { exe: '/usr/sbin/statd', sockets: [packetSocket(portFilter({ protocol: 'tcp', destination: 25 }))] },
    [],
  ],
];

it.each(cases)('tells %s', (_, traits, expected) => {
  const known = new Set(judged(healthyHost(), { by }).findings.map(({ id }) => id));
  const { findings } = judged(withProcess(healthyHost(), { pid: GUEST, unit: null, ...traits }), { by });

  const { exe, comm = exe.slice(exe.lastIndexOf('/') + 1) } = traits;
  expect(told(findings.filter(({ id }) => !known.has(id)))).toEqual(
    expected.map(([rule, level]) => [rule, level, { pid: GUEST, comm, exe }]),
  );
});

const still = stillHost();
const withUnseen = (...fields: readonly (keyof Process)[]): Host =>
  changed(still, 352, Object.fromEntries(fields.map((field) => [field, unseen('denied')])));

const damage: readonly [name: string, host: Host, notCovered: readonly string[]][] = [
  ['nothing', still, []],
  [
    'the program',
    withUnseen('exe', 'exeDeleted'),
    [
      'linux/altered-code',
      'linux/claimed-name',
      'linux/emptied-environment',
      'linux/program-origin',
      'linux/unattended-shell',
    ],
  ],
  ['the arguments', withUnseen('cmdline'), ['linux/claimed-name', 'linux/unattended-shell']],
  ['the environment', withUnseen('environ', 'environBytes'), ['linux/emptied-environment']],
  ['the user', withUnseen('uid'), ['linux/emptied-environment']],
  ['the descriptors', withUnseen('socketInodes'), ['linux/ear-without-port', 'linux/unattended-shell']],
  ['the digest', withUnseen('exeMd5'), ['linux/altered-code']],
  ['the shells', without(still, 'login_shell'), ['linux/unattended-shell']],
  [
    'the packages',
    changed(without(still, 'package_file'), 510, { environ: { PATH: '/usr/bin' }, environBytes: 14 }),
    ['linux/altered-code', 'linux/claimed-name', 'linux/program-origin'],
  ],
  [
    'the filter of a socket',
    withProcess(still, { ...statd, sockets: [packetSocket('unread', { protocol: 0x88cc })] }),
    ['linux/ear-without-port'],
  ],
];

it.each(damage)('is not clear where %s was not seen', (_, host, notCovered) => {
  const { findings, verdicts } = judged(host, { by });

  expect(told(findings)).toEqual([]);
  expect(
    [...verdicts.values()].flatMap(({ rule, verdict }) => (verdict === 'not_covered' ? [rule] : [])).toSorted(),
  ).toEqual(notCovered);
});

it('tells how much it did not see', () => {
  const { verdicts } = judged(withUnseen('environ'), { by: [lone.emptiedEnvironment] });
  const total = still.filter((row) => row.kind === 'process' && !row.process.kernelThread).length;

  expect(verdicts.get(lone.emptiedEnvironment.id)).toEqual({
    rule: 'linux/emptied-environment',
    title: lone.emptiedEnvironment.title,
    host: 'core-1.example',
    verdict: 'not_covered',
    coverage: Number((1 - 1 / total).toFixed(3)),
    reason: `not seen: process.environ of 1 of ${total}`,
  });
});
