import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { memoryTree, type Planted } from '../../testing/memory-tree.ts';
import { anyBytes, mutationsOf } from '../../testing/mutations.ts';
import { ndbOf, rpmHeader } from '../../testing/rpm-database.ts';
import { evidenceOfTree, isRootTree, type TreeOptions } from './evidence.ts';

const AT = '2026-11-23T04:05:06.000Z';
const digest = (algorithm: string, content: string) => createHash(algorithm).update(content).digest('hex');
const md5 = (content: string) => digest('md5', content);
const ELF = '\x7fELF program';

const STATUS = `Package: util-linux
Status: install ok installed
Conffiles:
 /etc/pam.d/login ${md5('as packaged\n')}
 /etc/default/old ${md5('')} obsolete

Package: gone
Status: deinstall ok config-files
`;

/** A small Debian: /bin is /usr/bin, the files are as their packages brought them. */
const DEBIAN: Readonly<Record<string, Planted>> = {
  '/bin': { link: 'usr/bin' },
  '/sbin': { link: 'usr/sbin' },
  '/etc/hostname': 'amf1\n',
  '/etc/machine-id': `${'0'.repeat(32)}\n`,
  '/etc/os-release': { link: '../usr/lib/os-release' },
  '/usr/lib/os-release': 'ID=debian\n',
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nop:x:1000:1000::/srv/op:/bin/sh\n',
  '/etc/shadow': 'root:!:19000::::::\nop:$6$salt$hash:19000::::::\nguest::19000::::::\nbin:*:19000::::::\n',
  '/etc/pam.d/login': 'as packaged\n',
  '/usr/sbin/agetty': { content: ELF, mode: 0o755 },
  '/usr/bin/su': { content: `${ELF} su`, mode: 0o4755 },
  '/usr/share/doc/util-linux/copyright': 'all of it',
  '/var/lib/dpkg/status': STATUS,
  '/var/lib/dpkg/info/util-linux.list': {
    content:
      '/.\n/sbin\n/sbin/agetty\n/bin\n/bin/su\n/etc\n/etc/pam.d\n/etc/pam.d/login\n/usr\n/usr/share\n/usr/share/doc\n/usr/share/doc/util-linux\n/usr/share/doc/util-linux/copyright\n',
    modified: 1_690_000_000.5,
  },
  '/var/lib/dpkg/info/util-linux.md5sums': `${md5(ELF)}  sbin/agetty\n${md5(`${ELF} su`)}  bin/su\n${md5('all of it')}  usr/share/doc/util-linux/copyright\n`,
  '/var/log/wtmp': new Uint8Array(384),
};

async function look(planted: Readonly<Record<string, Planted>>, options: Partial<TreeOptions> = {}) {
  const { evidence, issues } = await evidenceOfTree(memoryTree(planted), { observedAt: AT, ...options });
  const text = (name: string) => {
    const artifact = evidence.artifacts.get(name);
    return artifact && Buffer.from(artifact.bytes).toString('latin1');
  };
  return { evidence, issues, text, gaps: evidence.gaps.map(({ name, reason }) => `${name}: ${reason}`) };
}

const RUNNING = 'the running system: unsupported';

it('finds the root of a host by what lies in it', () => {
  expect(
    [DEBIAN, { '/etc/x': '', '/lib/apk/db/installed': '' }, { '/etc/x': '' }, { '/usr/x': '' }, {}].map((one) =>
      isRootTree(memoryTree(one)),
    ),
  ).toEqual([true, true, false, false, false]);
});

it('says who the host is, as of when, and that it does not run', async () => {
  const { evidence, gaps, text } = await look(DEBIAN);

  expect(evidence.host.name).toBe('amf1');
  expect(evidence.observedAt).toBe(AT);
  expect(text('/etc/os-release')).toBe('ID=debian\n');
  expect(text('foreign/host')).toBe('hostname amf1\n');
  expect(gaps).toEqual([RUNNING]);
  expect((await look(DEBIAN, { host: 'other' })).evidence.host.name).toBe('other');
});

it('tells owners, recorded digests and times as a live host does', async () => {
  const { text } = await look(DEBIAN);

  expect(text('command/dpkg-owners')).toBe(
    ['/sbin/agetty', '/bin/su', '/etc/pam.d/login']
      .map((path) => `/var/lib/dpkg/info/util-linux.list:${path}\n`)
      .join(''),
  );
  expect(text('command/dpkg-md5sums')).toBe(
    `/var/lib/dpkg/info/util-linux.md5sums:${md5(ELF)}  sbin/agetty\n/var/lib/dpkg/info/util-linux.md5sums:${md5(`${ELF} su`)}  bin/su\n`,
  );
  expect(text('command/dpkg-times')).toBe('1690000000 /var/lib/dpkg/info/util-linux.list\n');
});

it('finds nothing changed where nothing was', async () => {
  const { text } = await look(DEBIAN, { profile: 'deep' });

  expect(text('command/package-verify')).toBe('');
  expect(text('command/code-digests')).toBe('');
});

it('tells what differs from its package: programs, configuration as such, what is gone, and documents only where all is asked', async () => {
  const { '/usr/bin/su': _, ...rest } = DEBIAN;
  const changed = {
    ...rest,
    '/usr/sbin/agetty': { content: `${ELF} of another`, mode: 0o755 },
    '/usr/bin/': '',
    '/etc/pam.d/login': 'auth sufficient pam_permit.so\n',
    '/usr/share/doc/util-linux/copyright': 'none of it',
  };
  const lines = 'missing     /usr/bin/su\n??5?????? c /etc/pam.d/login\n';

  expect((await look(changed)).text('command/package-verify')).toBe(`??5??????   /usr/sbin/agetty\n${lines}`);
  expect((await look(changed, { profile: 'deep' })).text('command/package-verify')).toBe(
    `??5??????   /usr/sbin/agetty\n${lines}??5??????   /usr/share/doc/util-linux/copyright\n`,
  );
  const quick = await look(changed, { profile: 'quick' });
  expect(quick.text('command/package-verify')).toBe(undefined);
  expect(quick.gaps).toEqual([RUNNING, 'command/package-verify: unsupported']);
});

it('compares a diverted file where it was put', async () => {
  const diverted = {
    ...DEBIAN,
    '/usr/sbin/agetty': { content: 'ours', mode: 0o755 },
    '/usr/sbin/agetty.distrib': { content: ELF, mode: 0o755 },
    '/var/lib/dpkg/diversions': '/sbin/agetty\n/sbin/agetty.distrib\nmingetty\n',
  };

  expect((await look(diverted)).text('command/package-verify')).toBe('');
});

it('tells programs of no package in the folders of packages by digest and metadata, whatever their name', async () => {
  const module = '/usr/lib/x86_64-linux-gnu/security/pam_x.so';
  const { text } = await look({
    ...DEBIAN,
    [module]: ELF,
    '/usr/bin/script': { content: '#!/bin/sh\n', mode: 0o755 },
    '/usr/bin/note': 'no program',
    '/usr/local/bin/own': { content: ELF, mode: 0o755 },
    '/usr/local/bin/risen': { content: ELF, mode: 0o6755 },
  });

  expect(text('command/code-digests')).toBe(
    `${digest('sha256', '#!/bin/sh\n')}  /usr/bin/script\n${digest('sha256', ELF)}  ${module}\n`,
  );
  const listed = text('files/metadata')?.split('\0') ?? [];
  expect(listed.filter((_, index) => index % 2 === 0)).toEqual(
    expect.arrayContaining([module, '/usr/bin/script', '/usr/bin/su', '/usr/local/bin/risen', '/var/log/wtmp']),
  );
  expect(listed).not.toContain('/usr/local/bin/own');
  expect(listed[listed.indexOf('/usr/bin/su') + 1]).toBe(`f ${ELF.length + 3} 0 0 4755 - - - 1700000000.000000 - - `);
});

it('does not believe a list of files of which dpkg knows no package', async () => {
  const { text, issues } = await look({
    ...DEBIAN,
    '/var/lib/dpkg/info/forged.list': '/usr/bin/implant\n',
    '/usr/bin/implant': { content: ELF, mode: 0o755 },
  });

  expect(text('command/dpkg-owners')).not.toContain('implant');
  expect(text('command/code-digests')).toContain('/usr/bin/implant');
  expect(issues).toEqual([
    { artifact: '/var/lib/dpkg/info/forged.list', reason: 'dpkg knows of no such package; it owns nothing' },
  ]);
});

it('does not believe a line in the list of a package that came without a digest', async () => {
  const list = DEBIAN['/var/lib/dpkg/info/util-linux.list'] as { readonly content: string };
  const { text, issues } = await look({
    ...DEBIAN,
    '/var/lib/dpkg/info/util-linux.list': `${list.content}/usr/sbin/implant\n/usr/bin/link\n`,
    '/usr/sbin/implant': { content: ELF, mode: 0o755 },
    '/usr/bin/link': { link: 'su' },
  });

  expect(text('command/dpkg-owners')).not.toContain('implant');
  expect(text('command/dpkg-owners')).toContain(':/usr/bin/link\n');
  expect(text('command/code-digests')).toBe(`${digest('sha256', ELF)}  /usr/sbin/implant\n`);
  expect(issues.map(({ artifact }) => artifact)).toEqual(['/var/lib/dpkg/info/util-linux.list']);
});

it('brings each setting with its file, once, and asks for what the lines name', async () => {
  const { text } = await look({
    ...DEBIAN,
    '/etc/cron.d/job': '* * * * * root /opt/x/run >/dev/null\n\n',
    '/etc/cron.d/od:d': '* * * * * root /opt/x/other\n',
    '/opt/x/run': { content: '#!/bin/sh\n', mode: 0o755 },
    '/etc/rc.local': { link: 'rc.d/rc.local' },
    '/etc/rc.d/rc.local': '#!/bin/sh\n/usr/share/doc/util-linux/copyright\n',
    '/srv/op/.ssh/authorized_keys': 'ssh-ed25519 AAAA op\n',
    '/etc/init.d/binary': ELF,
  });
  const settings = text('files/settings');

  expect(settings).toBe(
    [
      '/etc/cron.d/job:* * * * * root /opt/x/run >/dev/null',
      '/etc/cron.d/job:',
      '/etc/rc.d/rc.local:#!/bin/sh',
      '/etc/rc.d/rc.local:/usr/share/doc/util-linux/copyright',
      '/etc/pam.d/login:as packaged',
      '/srv/op/.ssh/authorized_keys:ssh-ed25519 AAAA op',
      '',
    ].join('\n'),
  );
  expect(text('command/code-digests')).toBe(`${digest('sha256', '#!/bin/sh\n')}  /opt/x/run\n`);
  expect(text('command/dpkg-owners')).toContain('/usr/share/doc/util-linux/copyright');
  expect(text('files/metadata')).toContain('/etc/cron.d/od:d\0');
});

it('brings what units start, under the name of the unit and however it is spelt', async () => {
  const { text } = await look({
    ...DEBIAN,
    '/etc/systemd/system/multi-user.target.wants/x.service': { link: '/etc/systemd/system/x.service' },
    '/etc/systemd/system/x.service': '[Unit]\nDescription=x\n[Service]\n ExecStart = /usr/bin/x -d\nUser=root\n',
    '/srv/op/.config/systemd/user/y.timer': 'OnCalendar=daily\n',
  });

  expect(text('command/units')).toBe(
    '/etc/systemd/system/x.service: ExecStart = /usr/bin/x -d\n/etc/systemd/system/x.service:User=root\n/srv/op/.config/systemd/user/y.timer:OnCalendar=daily\n',
  );
});

it('takes no password along, and login records as they are', async () => {
  const { evidence, text } = await look(DEBIAN);

  expect(text('command/shadow-states')).toBe('root:locked\nop:set\nguest:none\nbin:locked\n');
  expect([...evidence.artifacts.values()].some(({ bytes }) => Buffer.from(bytes).includes('$6$'))).toBe(false);
  expect(text('files/logins')).toBe(`==> /var/log/wtmp <==\n${'\0'.repeat(384)}`);
});

const APK = { '/etc/hostname': 'upf\n', '/usr/bin/x': { content: ELF, mode: 0o755 } };
const installed = `P:x\nF:usr/bin\nR:x\nZ:Q1${createHash('sha1').update(ELF).digest('base64')}\n`;

it('reads the database of apk', async () => {
  const { text, gaps } = await look({
    ...APK,
    '/lib/apk/db/installed': installed,
    '/usr/bin/y': { content: ELF, mode: 0o755 },
  });

  expect(text('/lib/apk/db/installed')).toBe(installed);
  expect(text('command/package-verify')).toBe('');
  expect(text('command/code-digests')).toBe(`${digest('sha256', ELF)}  /usr/bin/y\n`);
  expect(gaps).not.toContain('command/dpkg-owners: absent');
});

it('compares a link of apk by where it leads', async () => {
  const recorded = `P:x\nF:usr/bin\nR:sh\nZ:Q1${createHash('sha1').update('/usr/bin/x').digest('base64')}\n`;
  const tree = (target: string) => ({ ...APK, '/lib/apk/db/installed': recorded, '/usr/bin/sh': { link: target } });

  expect((await look(tree('/usr/bin/x'))).text('command/package-verify')).toBe('');
  expect((await look(tree('x'))).text('command/package-verify')).toBe('??5??????   /usr/bin/sh\n');
});

it('reads a database of rpm, and tells a replaced file by it', async () => {
  const header = rpmHeader({
    1000: 'x',
    1008: [1_690_000_000],
    1035: [digest('sha256', ELF)],
    1037: [0],
    1116: [0],
    1117: ['x'],
    1118: ['/usr/bin/'],
    5011: [8],
  });
  const tree = { ...APK, '/usr/lib/sysimage/rpm/Packages.db': ndbOf([header]) };
  const row = `x\t1690000000\t${digest('sha256', ELF)}\t/usr/bin/x\n`;

  expect((await look(tree)).text('command/rpm-files')).toBe(row);
  expect((await look(tree)).text('command/package-verify')).toBe('');
  expect((await look({ ...tree, '/usr/bin/x': 'other' })).text('command/package-verify')).toBe(
    '??5??????   /usr/bin/x\n',
  );
});

it('knows nothing to be of no package where there is no database, and says so', async () => {
  const none = await look(APK);
  const damaged = await look({ ...APK, '/var/lib/rpm/rpmdb.sqlite': 'nonsense' });

  expect(none.gaps).toEqual(
    expect.arrayContaining([RUNNING, 'command/dpkg-owners: absent', 'command/package-verify: absent']),
  );
  expect(damaged.gaps).toEqual(
    expect.arrayContaining(['command/rpm-files: unsupported', 'command/package-verify: absent']),
  );
  expect([none, damaged].map(({ text }) => text('command/code-digests'))).toEqual(['', '']);
});

it('says what was denied, and reads the rest', async () => {
  const denied = { unseen: 'denied' } as const;
  const { gaps, text } = await look({
    ...DEBIAN,
    '/etc/shadow': denied,
    '/var/spool/cron': denied,
    '/var/log/btmp': denied,
    '/usr/sbin/agetty': denied,
    '/usr/lib/closed': denied,
  });

  expect(gaps).toEqual([
    RUNNING,
    'files/settings: denied',
    'command/shadow-states: denied',
    'files/logins: denied',
    'command/program-links: denied',
    'command/code-digests: denied',
    'command/package-verify: truncated',
    'files/metadata: denied',
  ]);
  expect(text('command/package-verify')).toBe('');
});

it('stops when it is told to', async () => {
  await expect(look(DEBIAN, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
});

it('never fails, whatever the databases and settings hold', async () => {
  const sample = (path: string) => new TextEncoder().encode(DEBIAN[path] as string);
  const files = [
    '/var/lib/dpkg/status',
    '/var/lib/dpkg/info/util-linux.md5sums',
    '/etc/passwd',
    '/etc/shadow',
    '/etc/pam.d/login',
  ];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files), fc.gen(), async (path, gen) => {
      const bytes = gen(() => fc.oneof(anyBytes(), mutationsOf(sample(path))));
      const { evidence } = await look({ ...DEBIAN, [path]: bytes, '/var/lib/dpkg/diversions': bytes });
      expect(evidence.gaps[0]?.name).toBe('the running system');
    }),
    { numRuns: 60 },
  );
});

it('ends where links and folders of an image go in circles', async () => {
  const { evidence } = await look({
    ...DEBIAN,
    '/usr/lib/self': { link: '.' },
    '/usr/lib64': { link: '/lib64' },
    '/lib64': { link: 'usr/lib64' },
    '/etc/pam.d/loop': { link: 'loop' },
    '/root': { link: '/' },
  });

  expect(evidence.artifacts.has('command/package-verify')).toBe(true);
});
