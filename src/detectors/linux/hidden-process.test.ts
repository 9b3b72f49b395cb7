import { expect, it } from 'vitest';
import type { ObservationBody } from '../../model/observations/index.ts';
import { healthyHost, mount } from '../../testing/host.ts';
import { judged, told } from '../../testing/judged.ts';
import { hiddenProcess } from './hidden-process.ts';

const by = [hiddenProcess];

const cases: readonly [name: string, fact: ObservationBody, subject: object | undefined][] = [
  ['a mount over a process', mount('/proc/811', 'tmpfs'), { pid: 811, path: '/proc/811' }],
  ['a mount over what a process holds open', mount('/proc/811/fd', 'tmpfs'), { pid: 811, path: '/proc/811/fd' }],
  [
    'a mount over the network tables of a process',
    mount('/proc/811/net/packet', 'ext4'),
    { pid: 811, path: '/proc/811/net/packet' },
  ],
  [
    'a process in no listing',
    { kind: 'hidden_process', hidden: { pid: 811, comm: 'flushd' } },
    { pid: 811, comm: 'flushd' },
  ],
  ['a mount over a file of the system', mount('/proc/kcore', 'devtmpfs'), undefined],
  ['the tables of binary formats', mount('/proc/sys/fs/binfmt_misc', 'binfmt_misc'), undefined],
  ['the processes of a container', mount('/srv/jail/proc/811', 'tmpfs'), undefined],
  ['a path that only begins with a number', mount('/proc/811x', 'tmpfs'), undefined],
];

it.each(cases)('%s', (_, fact, subject) => {
  expect(told(judged([...healthyHost(), fact], { by }).findings)).toEqual(
    subject === undefined ? [] : [['linux/hidden-process', 'high', subject]],
  );
});

it('knows a covered process again, whatever its number and that of the one which covers it', () => {
  const idOf = (point: string, root: string) =>
    judged([mount(point, 'proc', { root })], { by }).findings.map(({ id }) => id);

  expect(idOf('/proc/811', '/1/task')).toEqual(idOf('/proc/5', '/97/task'));
  expect(idOf('/proc/811', '/1')).not.toEqual(idOf('/proc/811', '/sys'));
});

it.each(['mount', 'pid_sweep'] as const)('is not clear without %s', (kind) => {
  expect(judged(healthyHost(), { by }).verdicts.get(hiddenProcess.id)?.verdict).toBe('clear');
  expect(judged(healthyHost(), { by, missing: [kind] }).verdicts.get(hiddenProcess.id)?.verdict).toBe('not_covered');
});
