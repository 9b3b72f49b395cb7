import { expect, it } from 'vitest';
import type { ObservationBody } from '../../model/observations/index.ts';
import { unseen } from '../../model/unseen.ts';
import { judged, told } from '../../testing/judged.ts';
import { kernelState, security } from '../../testing/kernel-cases.ts';
import { relaxedSecurityModule } from './relaxed-security-module.ts';

const started = (commandLine: string) => kernelState({ commandLine });
const by = [relaxedSecurityModule];
const SETTING = { setting: '/etc/selinux/config' };

it.each([
  ['permissive', 'ro quiet', 'low'],
  ['permissive', 'ro enforcing=0 quiet', 'informational'],
  ['disabled', 'ro quiet enforcing=0', 'medium'],
  ['disabled', 'selinux=0', 'informational'],
] as const)('tells that SELinux is %s where it is to enforce, started with %s', (now, commandLine, level) => {
  expect(told(judged([security(now, 'enforcing'), started(commandLine)], { by }).findings)).toEqual([
    ['linux/relaxed-security-module', level, SETTING],
  ]);
});

const inContainer: ObservationBody = {
  kind: 'machine',
  machine: {
    vendor: unseen('absent'),
    product: unseen('absent'),
    chassis: unseen('absent'),
    hypervisor: true,
    container: 'podman',
  },
};

it.each([
  ['it enforces', [security('enforcing', 'enforcing')]],
  ['it is set so', [security('permissive', 'permissive')]],
  ['nothing is set', [security('disabled', unseen('absent'))]],
  ['the mode was not seen', [security(unseen('absent'), 'enforcing')]],
  ['the settings are those of an image', [security('disabled', 'enforcing'), inContainer]],
] as const)('says nothing where %s', (_, host) => {
  expect(told(judged(host, { by }).findings)).toEqual([]);
});

it('is not clear without what it needs', () => {
  expect(
    judged([security(unseen('denied'), 'enforcing')], { by }).verdicts.get(relaxedSecurityModule.id)?.verdict,
  ).toBe('not_covered');
  expect(judged([], { by, missing: ['security_module'] }).verdicts.get(relaxedSecurityModule.id)?.verdict).toBe(
    'not_covered',
  );
});
