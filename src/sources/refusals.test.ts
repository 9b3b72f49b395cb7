import { describe, expect, it } from 'vitest';
import { becomeRefusal, lastWords, sshRefusal } from './refusals.ts';

const CHANGED = `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
Host key for hss1 has changed and you have requested strict checking.
Host key verification failed.
`;
const BASTION = `channel 0: open failed: connect failed: No route to host
stdio forwarding failed
Connection closed by UNKNOWN port 65535
`;

describe('what ssh says when it gives up', () => {
  it.each([
    ['root@hss1: Permission denied (publickey)', 'SSH_REFUSED', 'denied', false],
    ['Received disconnect from 192.0.2.7 port 22:2: Too many authentication failures', 'SSH_REFUSED', 'denied', false],
    ['Host key verification failed', 'HOST_KEY_UNKNOWN', 'denied', false],
    [
      'No ED25519 host key is known for hss1 and you have requested strict checking',
      'HOST_KEY_UNKNOWN',
      'denied',
      false,
    ],
    [CHANGED, 'HOST_KEY_CHANGED', 'denied', false],
    ['Unable to negotiate with 192.0.2.7 port 22: no matching host key type found', 'COLLECT_FAILED', 'denied', false],
    ['ssh: connect to host hss1 port 22: Connection refused', 'HOST_UNREACHABLE', 'absent', false],
    ['ssh: connect to host hss1 port 22: No route to host', 'HOST_UNREACHABLE', 'absent', false],
    ['ssh: Could not resolve hostname hss1: Name or service not known', 'HOST_UNREACHABLE', 'absent', false],
    ['ssh: Could not resolve hostname denied.timeout: Name or service not known', 'HOST_UNREACHABLE', 'absent', false],
    ['Connection closed by 192.0.2.7 port 22', 'HOST_UNREACHABLE', 'absent', true],
    ['kex_exchange_identification: read: Connection reset by peer', 'HOST_UNREACHABLE', 'absent', true],
    ['ssh: connect to host hss1 port 22: Connection timed out', 'HOST_UNREACHABLE', 'timed_out', true],
    ['Connection timed out during banner exchange', 'HOST_UNREACHABLE', 'timed_out', true],
    ['Timeout, server hss1 not responding', 'HOST_UNREACHABLE', 'timed_out', true],
    [BASTION, 'HOST_UNREACHABLE', 'absent', false],
    [
      `root@bastion: Permission denied (publickey).\n${BASTION.slice(BASTION.indexOf('Conn'))}`,
      'SSH_REFUSED',
      'denied',
      false,
    ],
    ['/root/.ssh/config: terminating, 1 bad configuration options', 'SSH_CONFIGURATION', 'unsupported', false],
    ['sh: not found', 'COLLECT_FAILED', 'absent', false],
    ['', 'COLLECT_FAILED', 'absent', false],
  ])('%s', (words, code, reason, passing) => {
    expect(sshRefusal(words)).toMatchObject({ code, reason, passing });
  });
});

describe('what sudo and doas say when they make nobody root', () => {
  it.each([
    ['sudo: a password is required', 'BECOME_TERMINAL'],
    ['sudo: interactive authentication is required', 'BECOME_TERMINAL'],
    ['doas: Authentication required', 'BECOME_TERMINAL'],
    ['doas: Authorization required', 'BECOME_TERMINAL'],
    ['Sorry, try again.\nsudo: no password was provided\nsudo: 1 incorrect password attempt', 'BECOME_PASSWORD'],
    ['sudo: Maximum 3 incorrect authentication attempts reached', 'BECOME_PASSWORD'],
    ['audit is not in the sudoers file.  This incident will be reported.', 'BECOME_REFUSED'],
    ["Sorry, user audit is not allowed to execute '/bin/sh -c echo' as root on hss1.", 'BECOME_REFUSED'],
    ["sudo: I'm sorry audit. I'm afraid I can't do that", 'BECOME_REFUSED'],
    ['doas: Operation not permitted', 'BECOME_REFUSED'],
    ['sudo: The "no new privileges" flag is set, which prevents sudo from running as root.', 'BECOME_REFUSED'],
    ['sudo: sorry, you must have a tty to run sudo', 'BECOME_TTY'],
    ['/usr/bin/env: ‘sudo’: No such file or directory', 'BECOME_ABSENT'],
    ["env: can't execute 'doas': No such file or directory", 'BECOME_ABSENT'],
    ['doas: doas is not enabled, /etc/doas.conf: No such file or directory', 'BECOME_ABSENT'],
    ['something else', 'COLLECT_FAILED'],
  ])('%s', (words, code) => {
    expect(becomeRefusal(words)).toMatchObject({ code, passing: false });
  });
});

it('quotes the line that says most, in one line of bounded length', () => {
  expect(lastWords(BASTION)).toBe('channel 0: open failed: connect failed: No route to host');
  expect(lastWords(CHANGED)).toBe('Host key for hss1 has changed and you have requested strict checking');
  expect(lastWords('Connection closed by UNKNOWN port 65535\r\n')).toBe('Connection closed by UNKNOWN port 65535');
  expect(lastWords('x'.repeat(5000))).toHaveLength(300);
  expect(lastWords(' \n')).toBe('');
});
