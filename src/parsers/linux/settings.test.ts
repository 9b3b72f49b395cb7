import { expect, it } from 'vitest';
import { bodiesOf, parseBeside } from '../../testing/evidence.ts';
import { samples } from '../../testing/samples.ts';
import { accounts, authorizedKeys, nameServices, pam, privileges } from './access.ts';
import { logins } from './logins.ts';
import { unseen } from '../../model/unseen.ts';
import { metadata } from './metadata.ts';
import { startup } from './startup.ts';

const of = (name: string, content = samples[name] ?? '') => ({ [name]: content });

it('tells what starts, by which mechanism, as whom, and which paths it names', () => {
  const rows = bodiesOf(parseBeside(startup, of('files/settings'))).flatMap((body) =>
    body.kind === 'startup' ? [body.startup] : [],
  );

  expect(rows).toEqual([
    { mechanism: 'cron', path: '/etc/crontab', key: 'SHELL', text: '/bin/sh', names: ['/bin/sh'] },
    {
      mechanism: 'cron',
      path: '/etc/crontab',
      key: '',
      text: 'cd / && run-parts --report /etc/cron.hourly',
      user: 'root',
      names: ['/etc/cron.hourly'],
    },
    {
      mechanism: 'cron',
      path: '/etc/cron.d/0hwclock',
      key: '',
      text: '/usr/sbin/smartadm --init >/dev/null 2>&1',
      user: 'root',
      names: ['/usr/sbin/smartadm', '/dev/null'],
    },
    {
      mechanism: 'cron',
      path: '/var/spool/cron/crontabs/oper',
      key: '',
      text: '/home/oper/bin/start',
      user: 'oper',
      names: ['/home/oper/bin/start'],
    },
    { mechanism: 'daemon_defaults', path: '/etc/sysconfig/network', key: 'HOSTNAME', text: 'amf1', names: [] },
    {
      mechanism: 'daemon_defaults',
      path: '/etc/sysconfig/network',
      key: '',
      text: '[ -f /usr/sbin/smartadm ] && /usr/sbin/smartadm',
      names: ['/usr/sbin/smartadm'],
    },
    {
      mechanism: 'preload',
      path: '/etc/ld.so.preload',
      key: '',
      text: '/usr/lib/libcext.so.2',
      names: ['/usr/lib/libcext.so.2'],
    },
    {
      mechanism: 'preload',
      path: '/etc/ld.so.preload',
      inRootOf: 300,
      key: '',
      text: '/usr/lib/libother.so',
      names: ['/usr/lib/libother.so'],
    },
    {
      mechanism: 'udev',
      path: '/etc/udev/rules.d/70-x.rules',
      key: 'RUN',
      text: '/usr/lib/udev/x %k',
      names: ['/usr/lib/udev/x'],
    },
    { mechanism: 'modprobe', path: '/etc/modprobe.d/x.conf', key: 'install', text: '/bin/true', names: ['/bin/true'] },
  ]);
});

it.each([
  ['/etc/inittab', 'lw:2345:respawn:/sbin/agent -d', { mechanism: 'init', key: '', text: '/sbin/agent -d' }],
  [
    '/etc/anacrontab',
    '1 5 cron.daily nice run-parts /etc/cron.daily',
    { mechanism: 'anacron', text: 'nice run-parts /etc/cron.daily' },
  ],
  ['/etc/rc.d/rc.local', '/opt/x &', { mechanism: 'init', text: '/opt/x &' }],
  [
    '/root/.bashrc',
    'export LD_PRELOAD="/tmp/x.so"',
    { mechanism: 'shell_profile', key: 'LD_PRELOAD', text: '/tmp/x.so' },
  ],
  [
    '/home/a/.config/systemd/user/x.service',
    'ExecStart=-/home/a/x',
    { mechanism: 'systemd_user', key: 'ExecStart', names: ['/home/a/x'] },
  ],
  ['/etc/apt/apt.conf.d/99x', 'APT::Update::Pre-Invoke {"/tmp/x";};', { mechanism: 'package_hook', names: ['/tmp/x'] }],
  ['/etc/NetworkManager/dispatcher.d/10-x', '/usr/bin/x', { mechanism: 'network_hook' }],
  ['/root/.ssh/rc', '/dev/shm/x', { mechanism: 'ssh_rc', names: ['/dev/shm/x'] }],
])('reads %s: %s', (path, text, wanted) => {
  const [row] = bodiesOf(parseBeside(startup, of('files/settings', `${path}:${text}\n`)));

  expect(row).toMatchObject({ kind: 'startup', startup: { path, ...wanted } });
});

it('takes the lines of services that name a program', () => {
  const lines = '/etc/exportd.conf:hook = /usr/lib/hook -q\n/etc/exportd.conf:level = 3\n';

  expect([...parseBeside(startup, of('command/units', lines))].map((one) => ('body' in one ? one.body : one))).toEqual([
    {
      kind: 'startup',
      startup: {
        mechanism: 'service_settings',
        path: '/etc/exportd.conf',
        key: '',
        text: 'hook = /usr/lib/hook -q',
        names: ['/usr/lib/hook'],
      },
    },
  ]);
});

it('takes no comment, no time without a command and no file that starts nothing', () => {
  const lines =
    '/etc/crontab:# x\n/etc/crontab:* * * *\n/etc/hosts:/bin/x\n/etc/cron.d/a:\ngrep: /etc/cron.d/b: Permission denied\n';

  expect(parseBeside(startup, of('files/settings', lines))).toEqual([]);
});

it('tells who may enter, by which modules and keys, and no password', () => {
  const bodies = [pam, nameServices, authorizedKeys, privileges].flatMap((parser) =>
    bodiesOf(parseBeside(parser, of('files/settings'))),
  );

  expect(bodies).toEqual([
    {
      kind: 'pam_entry',
      pam: {
        path: '/etc/pam.d/sshd',
        service: 'sshd',
        type: 'include',
        control: 'include',
        module: 'common-auth',
        arguments: [],
      },
    },
    {
      kind: 'pam_entry',
      pam: {
        path: '/etc/pam.d/sshd',
        service: 'sshd',
        type: 'auth',
        control: '[success=1 default=ignore]',
        module: 'pam_unix.so',
        arguments: ['nullok', 'try_first_pass'],
      },
    },
    { kind: 'name_service', nss: { database: 'passwd', services: ['files', 'sss'] } },
    {
      kind: 'authorized_key',
      key: {
        path: '/root/.ssh/authorized_keys',
        type: 'ssh-ed25519',
        // Computed with ssh-keygen -lf.
        fingerprint: expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/) as string,
        comment: 'ops@bastion',
        options: 'from="192.0.2.7"',
      },
    },
    {
      kind: 'privilege_rule',
      privilege: {
        path: '/etc/sudoers',
        who: '%sudo',
        text: '%sudo ALL=(ALL:ALL) NOPASSWD: ALL',
        withoutPassword: true,
        everything: true,
      },
    },
    {
      kind: 'privilege_rule',
      privilege: {
        path: '/etc/doas.conf',
        who: 'oper',
        text: 'permit nopass oper as root cmd /usr/bin/id',
        withoutPassword: true,
        everything: false,
      },
    },
  ]);
  const users = bodiesOf(parseBeside(accounts, { ...of('/etc/passwd'), ...of('command/shadow-states') })).map((body) =>
    body.kind === 'account' ? [body.account.name, body.account.password] : [],
  );
  expect(users).toEqual([
    ['root', 'set'],
    ['daemon', 'locked'],
    ['oper', 'none'],
  ]);
  const [root] = bodiesOf(parseBeside(accounts, of('/etc/passwd')));
  expect(root).toMatchObject({ account: { password: { unseen: 'absent' } } });
});

it('reads metadata as stat of busybox prints it, and reports a line that is none', () => {
  const content =
    '89ed 100 0 0 1 77 1700000001 1600000000 1700000002 /usr/bin/a b\na1ff 3 0 0 1 78 1 2 3 /run/l\n41ed 40 0 0 2 79 1 2 3 /tmp//d/\n89ed 100 /x\n';
  const [file, ...others] = parseBeside(metadata, of('files/metadata', content));

  expect(bodiesOf([file ?? []].flat())).toEqual([
    {
      kind: 'file',
      file: {
        path: '/usr/bin/a b',
        type: 'file',
        sizeBytes: 100,
        uid: 0,
        gid: 0,
        mode: 0o4755,
        inode: 77,
        modifiedAt: '2020-09-13T12:26:40.000Z',
        changedAt: '2023-11-14T22:13:22.000Z',
        accessedAt: '2023-11-14T22:13:21.000Z',
        bornAt: unseen('unsupported'),
      },
    },
  ]);
  expect(others).toMatchObject([
    { body: { file: { path: '/run/l', type: 'link' } } },
    { body: { file: { path: '/tmp/d', type: 'directory' } } },
    { issue: true, line: 4 },
  ]);
});

it('reads metadata whatever a file is called, and reports a record that is none', () => {
  const record = 'f 0 0 0 644 1 1234 1795403000.0 1795403000.0 -5.5 - ';
  const content = ['/run/a\n/run/b', record, '/run/c', 'nonsense', ''].join('\0');
  const [file, issue] = parseBeside(metadata, of('files/metadata', content));

  expect(file).toMatchObject({
    body: {
      file: {
        path: '/run/a\n/run/b',
        type: 'file',
        mode: 0o644,
        inode: 1234,
        modifiedAt: '2026-11-23T03:03:20.000Z',
        changedAt: '1969-12-31T23:59:54.500Z',
        bornAt: { unseen: 'unsupported' },
      },
    },
    at: { offset: 0 },
  });
  expect(issue).toEqual({ issue: true, reason: 'not a record of find', offset: content.indexOf('/run/c') });
});

function record(type: number, seconds: number, size = 384): Uint8Array {
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setUint16(0, type, true);
  new DataView(bytes.buffer).setUint32(size === 384 ? 340 : 344, seconds, true);
  return bytes;
}

const logged = (...parts: readonly Uint8Array[]) =>
  Buffer.concat([Buffer.from('==> /var/log/wtmp <==\n'), ...parts]).toString('latin1');

it.each([
  ['of 64-bit x86', 384],
  ['of arm64', 400],
])('counts login records %s, and those that were wiped among them', (_, size) => {
  const start = 0x6a7b1c20; // every byte of it, and of what follows, stands for itself in UTF-8
  const parts = [
    record(7, start, size),
    new Uint8Array(size),
    record(8, start + 60, size),
    record(7, start - 512, size),
  ];
  const [log] = bodiesOf(parseBeside(logins, of('files/logins', logged(...parts))));

  expect(log).toEqual({
    kind: 'login_log',
    log: {
      path: '/var/log/wtmp',
      records: 4,
      zeroed: 1,
      zeroedBetween: [new Date(start * 1000).toISOString(), new Date((start + 60) * 1000).toISOString()],
      oddBytes: 0,
      backwards: 1,
      firstAt: new Date(start * 1000).toISOString(),
      lastAt: new Date((start - 512) * 1000).toISOString(),
    },
  });
});

it('says of a file that holds no login records that it does not', () => {
  expect(parseBeside(logins, of('files/logins', logged(new Uint8Array(800).fill(0x41))))).toMatchObject([
    { issue: true, reason: '/var/log/wtmp holds no records of utmp(5)' },
  ]);
});

it('takes a time that no calendar has for one that is not told', () => {
  const record = `f 0 0 0 644 1 1234 1795403000.0 1795403000.0 1795403000.0 ${'9'.repeat(20)} `;

  expect(bodiesOf(parseBeside(metadata, of('files/metadata', `/run/a\0${record}\0`)))).toMatchObject([
    { file: { path: '/run/a', bornAt: { unseen: 'unsupported' } } },
  ]);
});
