import { expect, it } from 'vitest';
import { bodiesOf, parseBeside } from '../../testing/evidence.ts';
import { samples } from '../../testing/samples.ts';
import { machine, securityModules } from './machine.ts';

const of = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, samples[name] ?? '']));
const DMI = ['sys_vendor', 'product_name', 'chassis_type'].map((name) => `/sys/class/dmi/id/${name}`);
const absent = { unseen: 'absent' };

it('tells what the host runs on', () => {
  expect(bodiesOf(parseBeside(machine, of('command/virtualization', ...DMI)))).toEqual([
    {
      kind: 'machine',
      machine: {
        vendor: 'QEMU',
        product: 'Standard PC (Q35 + ICH9, 2009)',
        chassis: 1,
        hypervisor: true,
        container: null,
      },
    },
  ]);
});

it.each([
  ['container podman\n', '', 'podman'],
  ['container none\n', '2/environ:container=lxc\0\n1/environ:A=b\0container=lxc\0\n', 'lxc'],
  ['container none\n', '2/environ:container=lxc\0\n1/environ:A=b\0\n', null],
  ['', '', absent],
])('knows a container by its marks: %j, %j', (marks, environs, container) => {
  const [found] = bodiesOf(parseBeside(machine, { 'command/virtualization': marks, '/proc/*/environ': environs }));

  expect(found).toMatchObject({
    machine: { container, vendor: absent, product: absent, chassis: absent, hypervisor: { unseen: 'unsupported' } },
  });
});

it('reads what the security modules do, and what they are to do', () => {
  expect(bodiesOf(parseBeside(securityModules, of('command/security-modules', '/etc/selinux/config')))).toEqual([
    {
      kind: 'security_module',
      security: {
        active: ['lockdown', 'capability', 'selinux'],
        selinux: 'permissive',
        selinuxConfigured: 'enforcing',
        apparmor: { enforcing: 12, complaining: 3 },
      },
    },
  ]);
});

it.each([
  ['selinuxfs no\n', 'SELINUX=Enforcing # set by hand\n', 'disabled', 'enforcing'],
  ['selinuxfs yes\n', '#SELINUX=enforcing\nSELINUX=wrong\n', absent, absent],
  ['enforce 7\n', 'SELINUX=permissive\nSELINUX=disabled\n', absent, 'disabled'],
])('takes what is not said for unseen: %j, %j', (said, settings, selinux, selinuxConfigured) => {
  const contents = { 'command/security-modules': said, '/etc/selinux/config': settings };

  expect(bodiesOf(parseBeside(securityModules, contents))).toMatchObject([
    { security: { selinux, selinuxConfigured, active: absent, apparmor: absent } },
  ]);
});
