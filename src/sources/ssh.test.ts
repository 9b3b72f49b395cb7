import { expect, it } from 'vitest';
import { isSshTarget, sshCommand, sshEnvironment } from './ssh.ts';

it.each([
  ['root@hss1', true],
  ['svc.audit@192.0.2.7', true],
  ['root@2001:db8::7', true],
  ['hss1', false],
  ['-oProxyCommand=touch@x', false],
  ['root@-oProxyCommand=x', false],
  ['root@-x', false],
  ['root@hss1;id', false],
  ['root@hss1 id', false],
  ['root@$(id)', false],
  ['', false],
])('%j is a target: %s', (word, expected) => {
  expect(isSshTarget(word)).toBe(expected);
});

it('forwards nothing, runs nothing here, refuses unknown keys, and ends its options before the target', () => {
  const argv = sshCommand({ name: 'root@hss1:2222', ssh: 'root@hss1', port: 2222, config: '/x/config' }, 'exec sh -s');

  expect(argv.slice(0, 9)).toEqual(['ssh', '-a', '-x', '-k', '-T', '-F', '/x/config', '-p', '2222']);
  for (const option of [
    'ClearAllForwardings=yes',
    'PermitLocalCommand=no',
    'StrictHostKeyChecking=yes',
    'BatchMode=yes',
    'RemoteCommand=none',
    'ControlPath=none',
  ]) {
    expect(argv[argv.indexOf(option) - 1]).toBe('-o');
  }
  expect(argv.slice(-3)).toEqual(['--', 'root@hss1', 'exec sh -s']);
});

it('keeps what bastions may need of the environment, and leaves out what would be sent to the host', () => {
  const own = { HOME: '/root', LC_ALL: 'de_DE', LANG: 'de_DE', AWS_PROFILE: 'core', TOKEN: 'secret' };

  expect(sshEnvironment(own, ['LANG', 'LC_*', 'T?KEN'])).toEqual({
    HOME: '/root',
    AWS_PROFILE: 'core',
    SSH_ASKPASS_REQUIRE: 'never',
  });
  expect(sshEnvironment(own, ['*'])).toEqual({ HOME: '/root', SSH_ASKPASS_REQUIRE: 'never' });
});
