import { expect, it } from 'vitest';
import { isSshTarget, sshCommand } from './ssh.ts';

it.each([
  ['root@hss1', true],
  ['svc.audit@192.0.2.7', true],
  ['root@2001:db8::7', true],
  ['hss1', false],
  ['-oProxyCommand=touch@x', false],
  ['root@-oProxyCommand=x', false],
  ['root@hss1;id', false],
  ['root@hss1 id', false],
  ['root@$(id)', false],
  ['', false],
])('%j is a target: %s', (word, expected) => {
  expect(isSshTarget(word)).toBe(expected);
});

it('forwards nothing, runs nothing here, refuses unknown keys, and ends its options before the target', () => {
  const argv = sshCommand('root@hss1');

  expect(argv.slice(0, 4)).toEqual(['ssh', '-a', '-x', '-T']);
  for (const option of [
    'ClearAllForwardings=yes',
    'PermitLocalCommand=no',
    'StrictHostKeyChecking=yes',
    'BatchMode=yes',
  ]) {
    expect(argv[argv.indexOf(option) - 1]).toBe('-o');
  }
  expect(argv.slice(-3)).toEqual(['--', 'root@hss1', 'exec sh -s']);
});
