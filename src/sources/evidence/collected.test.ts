import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../lib/bytes.ts';
import { foreignSamples } from '../../testing/foreign-samples.ts';
import { anyBytes, mutationsOf } from '../../testing/mutations.ts';
import { sharedPath } from '../../testing/shared.ts';
import { unpack } from './archive.ts';
import { collectedFrom, HOST_ARTIFACTS } from './collected.ts';
import { FORMAT_ARTIFACTS } from './formats.ts';
import { Members } from './members.ts';
import { TREE_ARTIFACTS } from './tree.ts';
import { SOS_ARTIFACTS } from './sos.ts';
import { UAC_ARTIFACTS } from './uac.ts';

const FALLBACK = '2020-01-01T00:00:00.000Z';
const membersOf = (files: Readonly<Record<string, string>>, links: Readonly<Record<string, string>> = {}) => {
  const members = new Members();
  for (const [path, text] of Object.entries(files))
    members.add(path, { type: 'file', bytes: utf8(text), cut: false, sizeBytes: text.length });
  for (const [path, target] of Object.entries(links)) members.add(path, { type: 'link', target });
  return members;
};
const read = (members: Members, broken?: string) =>
  collectedFrom(members, { name: 'given.tar.gz', fallbackAt: FALLBACK, ...(broken === undefined ? {} : { broken }) });
const textOf = (found: Awaited<ReturnType<typeof read>>, artifact: string) =>
  new TextDecoder().decode(found?.evidence.artifacts.get(artifact)?.bytes);

const UAC = {
  'uac.log':
    '2026-11-24 23:54:39 +0000 INF Unix-like Artifacts Collector 3.3.0\n2026-11-24 23:54:39 +0000 INF Hostname: hss1\n2026-11-24 23:54:39 +0000 INF Running as: root\n2026-11-24 23:54:39 +0000 INF Current PID: 250\n',
  'live_response/process/ps_auxwww.txt': foreignSamples['foreign/ps'] ?? '',
  'live_response/process/proc/1/stat.txt': '1 (init) S 0\n',
  'live_response/process/proc/1/status.txt': 'Name:\tinit\nPid:\t1\n',
  'live_response/process/proc/1/environ.txt': 'HOME=/\n',
  'live_response/process/proc/1/maps.txt': '55d0-55d1 r-xp 0 08:01 2 /sbin/init\n',
  'live_response/process/proc/1/stack.txt': '[<0>] do_syscall_64+0x5c/0x90\n[<0>] entry_SYSCALL_64+0x6e/0xd8\n',
  'live_response/process/proc/1/fd.txt': 'total 0\nlrwx------ 1 root root 64 Nov 24 23:54 3 -> socket:[173648]\n',
  'live_response/process/proc/1/cmdline.txt': 'PID COMMAND\n',
  'live_response/network/ss_-0bp.txt': foreignSamples['foreign/ss'] ?? '',
  'live_response/network/hostname.txt': 'hss1\n',
  'bodyfile/bodyfile.txt': foreignSamples['foreign/bodyfile'] ?? '',
  '[root]/etc/shells': '/bin/sh\n',
  '[root]/etc/machine-id': '00000000000000000000000000000a01\n',
  '[root]/etc/hostname': 'hss1\n',
  '[root]/etc/os-release': 'PRETTY_NAME="Debian"\n',
  '[root]/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
  '[root]/var/lib/dpkg/diversions': '/a\n/b\nc\n',
  '[root]/etc/systemd/system/x.service': '[Service]\nExecStart=/usr/sbin/x\n',
  '[root]/etc/systemd/system/x.service.d/y.conf': '[Service]\nPIDFile=/run/x.pid\n',
};

it('reads a collection by UAC, with the place of each line', async () => {
  const found = await read(membersOf(UAC, { '[root]/usr/bin/vi': '/etc/alternatives/vi' }));
  const { evidence, by } = found ?? {};

  expect([by, evidence?.host.name, evidence?.observedAt, found?.issues]).toEqual([
    'uac',
    'hss1',
    '2026-11-24T23:54:39.000Z',
    [],
  ]);
  expect(textOf(found, 'foreign/proc-links')).toBe(
    'total 0\nlrwx------ 1 root root 64 Nov 24 23:54 /proc/1/fd/3 -> socket:[173648]\n',
  );
  expect(textOf(found, '/proc/*/stack')).toBe(
    '1/stack:[<0>] do_syscall_64+0x5c/0x90\n1/stack:[<0>] entry_SYSCALL_64+0x6e/0xd8\n',
  );
  expect(textOf(found, '/proc/*/maps')).toBe('1/maps:55d0-55d1 r-xp 0 08:01 2 /sbin/init\n');
  expect(textOf(found, 'command/units')).toBe(
    '/etc/systemd/system/x.service:ExecStart=/usr/sbin/x\n/etc/systemd/system/x.service.d/y.conf:PIDFile=/run/x.pid\n',
  );
  expect(
    evidence?.artifacts
      .get('command/units')
      ?.origins?.map(({ name, line, originalLine }) => [name, line, originalLine]),
  ).toEqual([
    ['[root]/etc/systemd/system/x.service', 1, 2],
    ['[root]/etc/systemd/system/x.service.d/y.conf', 2, 2],
  ]);
  expect(textOf(found, 'command/program-links')).toBe('/bin\0usr/bin\0/usr/bin/vi\0/etc/alternatives/vi\0');
  expect(textOf(found, 'foreign/host').split('\n')).toEqual(
    expect.arrayContaining(['look 250', 'euid 0', 'hostname hss1']),
  );
  expect([...UAC_ARTIFACTS, ...HOST_ARTIFACTS.slice(0, 2)].filter((name) => !evidence?.artifacts.has(name))).toEqual(
    [],
  );
});

it('reads it below a folder of its own as well', async () => {
  const below = Object.fromEntries(Object.entries(UAC).map(([path, text]) => [`uac-hss1/${path}`, text]));

  expect((await read(membersOf(below)))?.evidence.host).toEqual((await read(membersOf(UAC)))?.evidence.host);
  expect(textOf(await read(membersOf(below)), 'command/units')).toBe(
    textOf(await read(membersOf(UAC)), 'command/units'),
  );
});

const TABLE = /^foreign\/net-/;
const SOS = {
  'sosreport-x/version.txt': 'sosreport: 4.0\n',
  'sosreport-x/sos_commands/host/hostname': 'hss1\n',
  'sosreport-x/sos_commands/date/date': 'Tue Nov 24 23:56:07 UTC 2026\n',
  'sosreport-x/sos_commands/process/ps_auxwww': foreignSamples['foreign/ps'] ?? '',
  'sosreport-x/proc/1/status': 'Name:\tinit\n',
  'sosreport-x/proc/1/mountinfo': '25 1 8:1 / / rw - ext4 /dev/sda1 rw\n',
  'sosreport-x/sos_commands/filesys/mount_-l': foreignSamples['foreign/mount'] ?? '',
  'sosreport-x/etc/hostname': 'hss1\n',
  ...Object.fromEntries(
    SOS_ARTIFACTS.filter((name) => TABLE.test(name)).map((name) => [
      `sosreport-x/proc/42/net/${name.replace(TABLE, '')}`,
      foreignSamples[name] ?? '',
    ]),
  ),
};

it('reads a sos report, through its links and below its top folder', async () => {
  const found = await read(
    membersOf(SOS, {
      'sosreport-x/proc/self': '42',
      'sosreport-x/lib': 'usr/lib',
      'sosreport-x/date': 'sos_commands/date/date',
    }),
  );
  const { evidence, by } = found ?? {};

  expect([by, evidence?.host.name, evidence?.observedAt, found?.issues]).toEqual([
    'sos',
    'hss1',
    '2026-11-24T23:56:07.000Z',
    [],
  ]);
  expect(textOf(found, 'foreign/host')).toContain('look 42\n');
  expect(textOf(found, 'command/program-links')).toBe('/lib\0usr/lib\0');
  expect(evidence?.artifacts.get('foreign/net-packet')?.origins?.[0]?.name).toBe('proc/42/net/packet');
  expect([...SOS_ARTIFACTS, ...HOST_ARTIFACTS].filter((name) => !evidence?.artifacts.has(name))).toEqual([]);
  expect([evidence?.artifacts.has('/proc/self/mountinfo'), evidence?.artifacts.has('foreign/mount')]).toEqual([
    true,
    false,
  ]);
});

it('reads outputs whatever their names are, and tells of what is none', async () => {
  const found = await read(
    membersOf({
      a: foreignSamples['foreign/ps'] ?? '',
      'b.txt': 'hss1\nTue Nov 24 23:54:37 UTC 2026\nLinux hss1 6.1.0 #1 SMP x86_64 GNU/Linux\n',
      c: '==> /etc/crontab <==\n# m h\n17 * * * * root run-parts\n\n==> /etc/cron.d/x <==\n* * * * * root /usr/sbin/x\n',
      d: '-rw-r--r-- 1 root root 20 Nov 24 23:54 /etc/ld.so.preload\n/usr/lib/libx.so\n',
      e: "ls: cannot access '/etc/ld.so.preload': No such file or directory\n",
      f: 'Dear colleague, here it is.\nYours\n',
      g: '',
    }),
  );

  expect([found?.by, found?.evidence.host.name, found?.evidence.observedAt]).toEqual([
    'plain',
    'hss1',
    '2026-11-24T23:54:37.000Z',
  ]);
  expect(textOf(found, 'files/settings')).toBe(
    '/etc/crontab:# m h\n/etc/crontab:17 * * * * root run-parts\n/etc/crontab:\n/etc/cron.d/x:* * * * * root /usr/sbin/x\n/etc/ld.so.preload:/usr/lib/libx.so\n',
  );
  expect(
    found?.evidence.artifacts.get('files/settings')?.origins?.map(({ name, originalLine }) => [name, originalLine]),
  ).toEqual([
    ['c', 2],
    ['c', 6],
    ['d', 2],
  ]);
  expect(found?.issues).toEqual([{ artifact: 'f', reason: 'not an output that Longwatch knows; it is not judged' }]);
});

it('takes a lone name for that of the host where nothing else tells it', async () => {
  expect((await read(membersOf({ a: foreignSamples['foreign/ps'] ?? '', b: 'hss1\n' })))?.evidence.host.name).toBe(
    'hss1',
  );
  expect((await read(membersOf({ a: foreignSamples['foreign/ps'] ?? '' })))?.evidence).toMatchObject({
    host: { name: 'unknown' },
    observedAt: FALLBACK,
  });
});

it('knows no evidence in a name alone, nor in prose', async () => {
  expect(await read(membersOf({ a: 'hss1\n' }))).toBeUndefined();
  expect(await read(membersOf({ a: 'Dear colleague, here it is.\n' }))).toBeUndefined();
});

it('counts nothing of an archive that breaks off as seen whole', async () => {
  const found = await read(membersOf(UAC), 'it breaks off');

  expect(found?.issues).toEqual([{ artifact: 'given.tar.gz', reason: 'it breaks off' }]);
  const missing = found?.evidence.gaps.map(({ name }) => name);
  expect([...(found?.evidence.artifacts.keys() ?? [])].filter((name) => missing?.includes(name) !== true)).toEqual([]);
});

const digestOf = (algorithm: string) => createHash(algorithm).update('\x7fELF').digest('hex');
const STATUS = 'Package: x\nStatus: install ok installed\n\nPackage: gone\nStatus: purge ok not-installed\n';
const row = (path: string, mode: string, uid = 0, size = 4) =>
  `0|${path}|7|${mode}|${uid}|0|${size}|1700000001|1600000000|1700000002|1700000003\n`;
/** The files of a host with a package database, and the listing beside them. */
const ROOT = {
  ...UAC,
  '[root]/etc/shadow': 'root:!:19000::::::\n',
  '[root]/etc/cron.d/x': '# m h\n* * * * * root /usr/sbin/x\n',
  '[root]/usr/sbin/x': '\x7fELF',
  '[root]/usr/sbin/other': '\x7fELF',
  '[root]/var/log/wtmp': '\0'.repeat(384),
  '[root]/var/lib/dpkg/status': STATUS,
  '[root]/var/lib/dpkg/info/x.list': '/.\n/usr\n/usr/sbin\n/usr/sbin/x\n/usr/sbin/gone\n',
  '[root]/var/lib/dpkg/info/x.md5sums': `${digestOf('md5')}  usr/sbin/x\n${'0'.repeat(32)}  usr/sbin/gone\n`,
  'bodyfile/bodyfile.txt': `${row('/usr/sbin/other', '-rwsr-xr-x', 4)}${row('/var/lib/dpkg/info/x.list', '-rw-r--r--')}`,
};
const placesOf = (found: Awaited<ReturnType<typeof read>>, artifact: string) =>
  found?.evidence.artifacts
    .get(artifact)
    ?.origins?.map(({ name, line, originalLine }) => `${line}: ${name} ${originalLine}`);

it('reads the files of a host as an image is read, each line with its place', async () => {
  const found = await read(membersOf(ROOT));

  expect(textOf(found, 'files/settings')).toBe('/etc/cron.d/x:# m h\n/etc/cron.d/x:* * * * * root /usr/sbin/x\n');
  expect(placesOf(found, 'files/settings')).toEqual(['1: [root]/etc/cron.d/x 1']);
  expect(textOf(found, 'command/shadow-states')).toBe('root:locked\n');
  expect(textOf(found, 'command/dpkg-owners')).toBe(
    ['x', 'gone'].map((name) => `/var/lib/dpkg/info/x.list:/usr/sbin/${name}\n`).join(''),
  );
  expect(placesOf(found, 'command/dpkg-owners')).toEqual(['1: [root]/var/lib/dpkg/info/x.list 4']);
  expect(placesOf(found, 'command/dpkg-md5sums')).toEqual(['1: [root]/var/lib/dpkg/info/x.md5sums 1']);
  expect(placesOf(found, '/etc/passwd')).toEqual(['1: [root]/etc/passwd 1']);
  expect(placesOf(found, 'files/logins')).toEqual(['1: [root]/var/log/wtmp 1']);
  expect(textOf(found, 'command/dpkg-times')).toBe('1600000000 /var/lib/dpkg/info/x.list\n');
  expect(textOf(found, 'command/code-digests')).toBe(
    `${digestOf('sha256')}  /usr/sbin/other\n${digestOf('md5')}  /usr/sbin/x\n`,
  );
  expect(found?.evidence.artifacts.has('files/metadata')).toBe(false);
});

it('takes nothing that was not collected for missing on the host', async () => {
  const found = await read(membersOf(ROOT));
  const gaps = new Map(found?.evidence.gaps.map(({ name, detail }) => [name, detail]));

  expect(textOf(found, 'command/package-verify')).not.toContain('gone');
  for (const name of ['files/settings', 'command/units', 'files/logins', 'command/code-digests'])
    expect([name, gaps.get(name)]).toEqual([name, 'there is only what the collector chose to take']);
  expect(gaps.has('/etc/passwd')).toBe(false);
  expect(gaps.has('the running system')).toBe(false);
});

it('tells a packaged program that is another one, and one whose content did not come along not', async () => {
  const changed = await read(membersOf({ ...ROOT, '[root]/usr/sbin/x': '\x7fELF of another' }));
  const left = membersOf(Object.fromEntries(Object.entries(ROOT).filter(([path]) => path !== '[root]/usr/sbin/x')));
  left.add('[root]/usr/sbin/x', { type: 'other' });

  expect(textOf(changed, 'command/package-verify')).toBe('??5??????   /usr/sbin/x\n');
  expect(textOf(await read(left), 'command/package-verify')).toBe('');
});

it('knows nothing to be of no package where the lists of some were not collected', async () => {
  const status = `${STATUS}\nPackage: y\nStatus: install ok installed\n`;
  const found = await read(membersOf({ ...ROOT, '[root]/var/lib/dpkg/status': status }));

  expect(found?.evidence.artifacts.has('command/dpkg-owners')).toBe(false);
  expect(found?.evidence.gaps.find(({ name }) => name === 'command/dpkg-owners')?.detail).toBe(
    'the archive lacks the files of 1 of 2 packages: nothing is known to be of none',
  );
});

it('believes of a report that hides passwords neither digests nor what differs from packages', async () => {
  const files = Object.entries(ROOT).filter(([path]) => path.startsWith('[root]/'));
  const inReport = files.map(([path, text]) => [path.replace('[root]', 'sosreport-x'), text]);
  const found = await read(membersOf({ ...SOS, ...(Object.fromEntries(inReport) as Record<string, string>) }));

  expect(
    ['command/package-verify', 'command/code-digests'].filter((name) => found?.evidence.artifacts.has(name)),
  ).toEqual([]);
  expect(placesOf(found, 'files/settings')).toEqual(['1: etc/cron.d/x 1']);
});

it('reads a folder twice that is a link on the host once, by the listing', async () => {
  const unit = '[Service]\nExecStart=/usr/sbin/x\n';
  const twice = { '[root]/lib/systemd/system/y.service': unit, '[root]/usr/lib/systemd/system/y.service': unit };
  const bodyfile = `${row('/lib -> usr/lib', 'lrwxrwxrwx')}${ROOT['bodyfile/bodyfile.txt']}`;
  const found = await read(membersOf({ ...ROOT, ...twice, 'bodyfile/bodyfile.txt': bodyfile }));

  expect(textOf(found, 'command/units').match(/y\.service/g)).toHaveLength(1);
});

it('does not lose a folder for a listing that calls it a link', async () => {
  const bodyfile = `${row('/etc -> /nowhere', 'lrwxrwxrwx')}${ROOT['bodyfile/bodyfile.txt']}`;

  expect(textOf(await read(membersOf({ ...ROOT, 'bodyfile/bodyfile.txt': bodyfile })), 'files/settings')).toContain(
    '/etc/cron.d/x:',
  );
});

it('takes /bin for a link to /usr/bin where nothing shows it, and for a folder where it is one', async () => {
  const apart = await read(membersOf({ ...ROOT, '[root]/usr/bin/y': 'y', '[root]/bin/z': 'z' }));
  const away = await read(membersOf({ ...ROOT, '[root]/usr/bin/y': 'y' }));

  expect(textOf(away, 'command/program-links')).toBe('/bin\0usr/bin\0/sbin\0usr/sbin\0');
  expect(textOf(apart, 'command/program-links')).toBe('/sbin\0usr/sbin\0');
});

it('takes no database of packages that is cut for a whole one', async () => {
  const members = membersOf(Object.fromEntries(Object.entries(ROOT).filter(([path]) => !path.endsWith('/status'))));
  members.add('[root]/var/lib/dpkg/status', { type: 'file', bytes: utf8(STATUS), cut: true, sizeBytes: 9999 });
  const found = await read(members);

  expect(found?.evidence.artifacts.has('command/dpkg-owners')).toBe(false);
  expect(found?.evidence.gaps.filter(({ reason }) => reason === 'truncated').map(({ name }) => name)).toEqual([
    'command/dpkg-owners',
  ]);
});

it('ends, and fails at nothing, whatever the listing and the databases say', async () => {
  const sample = (path: keyof typeof ROOT) => utf8(ROOT[path]);
  const files = ['bodyfile/bodyfile.txt', '[root]/var/lib/dpkg/status', '[root]/var/lib/dpkg/info/x.list'] as const;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files), fc.gen(), async (path, gen) => {
      const bytes = gen(() => fc.oneof(anyBytes(), mutationsOf(sample(path))));
      const members = membersOf(Object.fromEntries(Object.entries(ROOT).filter(([one]) => one !== path)));
      members.add(path, { type: 'file', bytes, cut: false, sizeBytes: bytes.length });
      expect((await read(members))?.by).toBe('uac');
    }),
    { numRuns: 60 },
  );
});

it('brings of the files of a host nothing but what it says it brings', async () => {
  const found = await read(membersOf(ROOT));
  const outputs = [...FORMAT_ARTIFACTS, ...UAC_ARTIFACTS, ...HOST_ARTIFACTS];

  expect(
    [...(found?.evidence.artifacts.keys() ?? [])].filter(
      (name) => !TREE_ARTIFACTS.includes(name) && !outputs.includes(name),
    ),
  ).toEqual([]);
});

describe('archives that were made by others', () => {
  const archives = [
    ['clean/uac-sgw-pool3-a-linux-20261124235241.tar.gz', 'uac', 'sgw-pool3-a'],
    ['standin-b/uac-dra-core-11-linux-20261124235523.zip', 'uac', 'dra-core-11'],
    ['standin-a/sosreport-hss-fe-02-2026-11-24-dtquaee.tar.gz', 'sos', 'hss-fe-02'],
    ['standin-b/sosreport-dra-core-11-2026-11-24-fsbwtyj.tar.xz', 'sos', 'dra-core-11'],
  ] as const;

  it.skipIf(sharedPath('corpus/evidence') === undefined).each(archives)('%s', async (path, by, host) => {
    const bytes = readFileSync(sharedPath('corpus/evidence', path) ?? '');
    const unpacked = await unpack({ bytes }, path);
    const found = 'members' in unpacked ? await read(unpacked.members, unpacked.broken) : undefined;

    expect([found?.by, found?.evidence.host.name, found?.issues]).toEqual([by, host, []]);
    expect(textOf(found, 'files/settings')).toContain('/etc/crontab:');
    expect(textOf(found, 'command/units')).toContain('/lib/systemd/system/');
    expect(found?.evidence.gaps.flatMap(({ name, reason }) => (reason === 'absent' ? [] : [name]))).toEqual(
      by === 'sos' ? ['command/code-digests'] : [],
    );
    expect(['foreign/ps', 'foreign/lsof'].filter((name) => !found?.evidence.artifacts.has(name))).toEqual([]);
  });
});
