import { describe, expect, it } from 'vitest';
import { unseen } from '../../model/unseen.ts';
import { parseBeside } from '../../testing/evidence.ts';
import { samples } from '../../testing/samples.ts';
import { host } from './host.ts';
import { mountinfo } from './mountinfo.ts';
import { loginShells } from './paths.ts';
import { pidSweep } from './pid-sweep.ts';
import { mayLookIntoOthers } from './privilege.ts';
import { programLinks } from './program-links.ts';
import { units } from './units.ts';
import { artifactOf } from '../../testing/artifact.ts';

describe('the host', () => {
  it('tells of itself', () => {
    const contents = Object.fromEntries(
      [...host.reads, ...(host.beside ?? [])].map((name) => [name, samples[name] ?? '']),
    );

    expect(parseBeside(host, contents)).toEqual([
      {
        body: {
          kind: 'host',
          about: {
            hostname: 'amf1',
            machineId: '00000000000000000000000000000a01',
            kernelRelease: '6.1.0-18-amd64',
            os: 'Debian GNU/Linux 12 (bookworm)',
            bootAt: '2026-11-23T02:13:20.000Z',
            euid: 0,
            lookPid: 4711,
            pidMax: 32768,
          },
        },
      },
    ]);
  });

  it('is known even where it tells little', () => {
    expect(
      parseBeside(host, { '/proc/self/status': '', '/etc/machine-id': 'uninitialized\n', '/proc/stat': 'btime x\n' }),
    ).toEqual([
      {
        body: {
          kind: 'host',
          about: {
            hostname: 'unknown',
            machineId: unseen('absent'),
            kernelRelease: unseen('absent'),
            os: unseen('absent'),
            bootAt: unseen('absent'),
            euid: 65534,
            lookPid: unseen('absent'),
            pidMax: unseen('absent'),
          },
        },
      },
    ]);
  });
});

it.each([
  ['000001ffffffffff', true],
  ['0000000000080000', true],
  ['fffffffffff7ffff', false],
  ['0000000000000000', false],
])('knows by the capabilities %s whether it may look into others: %s', (capabilities, may) => {
  expect(mayLookIntoOthers(artifactOf('/proc/self/status', `Name:\tgrep\nCapEff:\t${capabilities}\n`))).toBe(may);
});

it('reads mounts with blanks in their paths, and reads on after damage', () => {
  const content =
    '26 25 0:23 / /mnt/two\\040words rw,nosuid shared:3 - tmpfs tmpfs rw\n26 25 0:23 / /mnt\n27 21 8:1 /evil /proc/300 rw - ext4 /dev/sda1 rw\n';

  expect(parseBeside(mountinfo, { '/proc/self/mountinfo': content })).toEqual([
    {
      body: {
        kind: 'mount',
        mount: { point: '/mnt/two words', root: '/', type: 'tmpfs', source: 'tmpfs', options: 'rw,nosuid' },
      },
      at: { offset: 0, line: 1 },
    },
    { issue: true, reason: 'not a line of mountinfo', offset: 67, line: 2 },
    {
      body: {
        kind: 'mount',
        mount: { point: '/proc/300', root: '/evil', type: 'ext4', source: '/dev/sda1', options: 'rw' },
      },
      at: { offset: 85, line: 3 },
    },
  ]);
});

it('reads login shells and no comments', () => {
  expect(parseBeside(loginShells, { '/etc/shells': '# /bin/none\n/bin/sh\n  /bin/bash # usual\n\nno/path\n' })).toEqual(
    [
      { body: { kind: 'login_shell', shell: { path: '/bin/sh' } }, at: { offset: 12, line: 2 } },
      { body: { kind: 'login_shell', shell: { path: '/bin/bash' } }, at: { offset: 20, line: 3 } },
    ],
  );
});

describe('the sweep of process numbers', () => {
  const parse = (content: string) => parseBeside(pidSweep, { 'command/pid-sweep': content });

  it('finds a hidden process', () => {
    expect(parse('hidden 301 a b\nswept 32768 of 32768\n')).toEqual([
      { body: { kind: 'hidden_process', hidden: { pid: 301, comm: 'a b' } }, at: { offset: 0, line: 1 } },
      { body: { kind: 'pid_sweep', sweep: { upTo: 32768, pidMax: 32768 } }, at: { offset: 15, line: 2 } },
    ]);
  });

  it('says what it did not try', () => {
    expect(parse('swept 65536 of 4194304\nhidden\n')).toEqual([
      { body: { kind: 'pid_sweep', sweep: { upTo: 65536, pidMax: 4194304 } }, at: { offset: 0, line: 1 } },
      {
        gap: 'truncated',
        artifact: 'command/pid-sweep',
        detail: 'process numbers up to 65536 of 4194304 were tried',
        missing: 1 - 65536 / 4194304,
      },
      { issue: true, reason: 'not a line of the sweep', offset: 23, line: 2 },
    ]);
  });
});

it('reads links of programs in both forms', () => {
  const expected = [
    { kind: 'program_link', link: { path: '/bin', target: 'usr/bin' } },
    { kind: 'program_link', link: { path: '/usr/bin/two words', target: '/etc/alternatives/a' } },
  ];
  const listed =
    'lrwxrwxrwx 1 0 0 7 Nov 25  2025 /bin -> usr/bin\nlrwxrwxrwx 1 0 0 19 Nov 25 01:18 /usr/bin/two words -> /etc/alternatives/a\n-rw-r--r-- 1 0 0 0 Nov 25 01:18 /usr/bin/x -> y\n';

  expect(
    parseBeside(programLinks, {
      'command/program-links': '/bin\0usr/bin\0/usr/bin/two words\0/etc/alternatives/a\0/cut',
    }).map((one) => 'body' in one && one.body),
  ).toEqual(expected);
  expect(
    parseBeside(programLinks, { 'command/program-links': listed }).map((one) => 'body' in one && one.body),
  ).toEqual(expected);
});

it('reads what units start, from drop-ins and instances too, and no other lines', () => {
  const content = [
    '/etc/systemd/system/ifup@.service:ExecStart=/sbin/dhclient -4 eth0',
    '/usr/lib/systemd/system/hald.service.d/pid.conf:PIDFile=/run/hald.pid',
    '/run/systemd/system/dbus-:1.2-a.service:ExecStart=/tmp/x.service:ExecStart=y',
    '/etc/systemd/system/a.timer:ExecStart=/bin/true',
    'grep: /etc/systemd/system/b.service: No such file or directory',
    '',
  ].join('\n');

  expect(parseBeside(units, { 'command/units': content })).toEqual([
    {
      body: {
        kind: 'unit',
        unit: {
          name: 'ifup@.service',
          path: '/etc/systemd/system/ifup@.service',
          key: 'ExecStart',
          value: '/sbin/dhclient -4 eth0',
        },
      },
      at: { offset: 0, line: 1 },
    },
    {
      body: {
        kind: 'unit',
        unit: {
          name: 'hald.service',
          path: '/usr/lib/systemd/system/hald.service.d/pid.conf',
          key: 'PIDFile',
          value: '/run/hald.pid',
        },
      },
      at: { offset: 67, line: 2 },
    },
    {
      body: {
        kind: 'unit',
        unit: {
          name: 'dbus-:1.2-a.service',
          path: '/run/systemd/system/dbus-:1.2-a.service',
          key: 'ExecStart',
          value: '/tmp/x.service:ExecStart=y',
        },
      },
      at: { offset: 137, line: 3 },
    },
  ]);
});
