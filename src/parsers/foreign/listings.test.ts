import { expect, it } from 'vitest';
import { unseen } from '../../model/unseen.ts';
import { bodiesOf, parseBeside } from '../../testing/evidence.ts';
import { bodyfile } from './bodyfile.ts';
import { fileOwners } from './file-owners.ts';
import { foreignHost } from './host.ts';
import { iptablesList } from './iptables-list.ts';
import { lsmod } from './lsmod.ts';
import { foreignMount } from './mount.ts';
import { processPackages } from './process-packages.ts';

it('reads metadata of what may run or start, and links among programs', () => {
  const text = [
    '0|/run/haldrund.pid|190|-rw-r--r--|0|0|0|1795564470|1795564471|1795564472|1795564473',
    '0|/usr/bin/vi -> /etc/alternatives/vi|5|lrwxrwxrwx|0|0|20|1|1|1|0',
    '0|/usr/share/doc/x|6|-rw-r--r--|0|0|20|1|1|1|0',
    '0|/srv/a|b|7|r/rrwsr-xr-x|0|0|20|1|1|1|0',
    'not a row',
  ].join('\n');
  const parsed = parseBeside(bodyfile, { 'foreign/bodyfile': text });

  expect(bodiesOf(parsed)).toMatchObject([
    {
      kind: 'file',
      file: {
        path: '/run/haldrund.pid',
        type: 'file',
        sizeBytes: 0,
        uid: 0,
        mode: 0o644,
        inode: 190,
        accessedAt: '2026-11-24T23:54:30.000Z',
        modifiedAt: '2026-11-24T23:54:31.000Z',
        changedAt: '2026-11-24T23:54:32.000Z',
        bornAt: '2026-11-24T23:54:33.000Z',
      },
    },
    { kind: 'program_link', link: { path: '/usr/bin/vi', target: '/etc/alternatives/vi' } },
    { kind: 'file', file: { path: '/srv/a|b', mode: 0o4755, bornAt: unseen('absent') } },
  ]);
  expect(parsed.filter((one) => 'issue' in one)).toHaveLength(1);
});

it('keeps the owners of single files apart from those of all', () => {
  const rows = bodiesOf(
    parseBeside(fileOwners, {
      'foreign/file-owners':
        'libc6:amd64: /lib/libc.so.6\nfile /opt/x is not owned by any package\nerror: something else\n',
    }),
  );

  expect(rows).toEqual([
    {
      kind: 'package_file',
      owned: {
        path: '/lib/libc.so.6',
        package: 'libc6',
        algorithm: 'none',
        digest: unseen('absent'),
        othersAsked: false,
      },
    },
    { kind: 'unowned_file', unowned: { path: '/opt/x' } },
  ]);
});

it('reads what sos asked of packages, each path once', () => {
  const text = JSON.stringify({
    1: { path: '/lib/systemd/systemd', package: ['systemd: /lib/systemd/systemd'] },
    2: { path: '/lib/systemd/systemd', package: ['systemd: /lib/systemd/systemd'] },
    75: { path: '/usr/sbin/statd', package: 'unknown' },
    76: { path: '/usr/sbin/sshd', package: 'openssh-server-8.7p1-38.el9.x86_64' },
  });
  const parsed = parseBeside(processPackages, { 'foreign/process-packages': text });

  expect(bodiesOf(parsed)).toMatchObject([
    { kind: 'package_file', owned: { path: '/lib/systemd/systemd', package: 'systemd', othersAsked: false } },
    { kind: 'unowned_file', unowned: { path: '/usr/sbin/statd' } },
    { kind: 'package_file', owned: { path: '/usr/sbin/sshd', package: 'openssh-server-8.7p1-38.el9.x86_64' } },
  ]);
  expect(parseBeside(processPackages, { 'foreign/process-packages': '{"1":2}' })).toMatchObject([
    { issue: true },
    { gap: 'unsupported', missing: 1 },
  ]);
});

it('reads rules of a firewall as iptables lists them', () => {
  const text = [
    'Chain PREROUTING (policy ACCEPT 0 packets, 0 bytes)',
    'num   pkts bytes target     prot opt in     out     source               destination         ',
    '1        0     0 REDIRECT   tcp  --  *      *       198.51.100.7         0.0.0.0/0            tcp dpt:443 redir ports 42391',
    '2        0     0 DNAT       6    --  *      *       0.0.0.0/0            0.0.0.0/0            tcp dpts:80:90 to:192.0.2.9:8080',
    'Chain INPUT (policy ACCEPT 0 packets, 0 bytes)',
    ' pkts bytes target     prot opt in     out     source               destination         ',
    '    0     0 ACCEPT     tcp  --  *      *       198.51.100.7         0.0.0.0/0            tcp dpt:42391',
    '    0     0            all  --  *      *       0.0.0.0/0            0.0.0.0/0           ',
  ].join('\n');

  expect(bodiesOf(parseBeside(iptablesList, { 'foreign/iptables-list': text }))).toMatchObject([
    {
      rule: {
        table: 'nat',
        chain: 'PREROUTING',
        action: 'redirect',
        sources: ['198.51.100.7'],
        protocol: 'tcp',
        ports: [[443, 443]],
        toPort: 42391,
      },
    },
    { rule: { action: 'dnat', sources: [], protocol: 'tcp', ports: [[80, 90]], toAddress: '192.0.2.9', toPort: 8080 } },
    { rule: { chain: 'INPUT', action: 'accept', sources: ['198.51.100.7'], ports: [[42391, 42391]] } },
    { rule: { action: 'other', sources: [], ports: [] } },
  ]);
});

it('reads modules, mounts and the host', () => {
  expect(
    bodiesOf(parseBeside(lsmod, { 'foreign/lsmod': 'Module                  Size  Used by\nloop  32768  1 a,b\n' })),
  ).toMatchObject([{ module: { name: 'loop', listed: true, sizeBytes: 32768, usedBy: ['a', 'b'] } }]);
  expect(bodiesOf(parseBeside(foreignMount, { 'foreign/mount': 'tmpfs on /a b type tmpfs (rw,size=1k)\n' }))).toEqual([
    { kind: 'mount', mount: { point: '/a b', root: '', type: 'tmpfs', source: 'tmpfs', options: 'rw,size=1k' } },
  ]);
  expect(
    bodiesOf(
      parseBeside(foreignHost, {
        'foreign/host': 'hostname hss1\nlook 250\n',
        '/etc/os-release': 'PRETTY_NAME="Debian 12"\n',
      }),
    ),
  ).toEqual([
    {
      kind: 'host',
      about: {
        hostname: 'hss1',
        machineId: unseen('absent'),
        kernelRelease: unseen('absent'),
        os: 'Debian 12',
        bootAt: unseen('absent'),
        euid: unseen('absent'),
        lookPid: 250,
        pidMax: unseen('absent'),
      },
    },
  ]);
});
