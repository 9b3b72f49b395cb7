import { expect, it } from 'vitest';
import { detectors } from '../index.ts';
import { healthyHost, LOOK_PID, withProcess } from '../../testing/host.ts';
import { judged } from '../../testing/judged.ts';

const SHELL = { exe: '/usr/bin/dash', cmdline: ['sh', '-s'], environ: {}, environBytes: 0, tty: 0 };

it('leaves the shell of the look and what it starts in peace, and no other', () => {
  const found = (pid: number) =>
    judged(
      withProcess(withProcess(healthyHost(), { ...SHELL, pid }), {
        ...SHELL,
        pid: pid + 1,
        ppid: pid,
        cmdline: ['qmgr -l'],
      }),
      {
        by: detectors,
      },
    ).findings.flatMap(({ subject }) => (subject['pid'] === pid + 1 ? [subject['pid']] : []));

  expect(found(LOOK_PID)).toEqual([]);
  expect(found(LOOK_PID + 5)).not.toEqual([]);
});
