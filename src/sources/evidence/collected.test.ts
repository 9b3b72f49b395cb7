import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../lib/bytes.ts';
import { foreignSamples } from '../../testing/foreign-samples.ts';
import { sharedPath } from '../../testing/shared.ts';
import { unpack } from './archive.ts';
import { collectedFrom, HOST_ARTIFACTS } from './collected.ts';
import { Members } from './members.ts';
import { TREE_ARTIFACTS } from './settings.ts';
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
const textOf = (found: ReturnType<typeof read>, artifact: string) =>
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

it('reads a collection by UAC, with the place of each line', () => {
  const found = read(membersOf(UAC, { '[root]/usr/bin/vi': '/etc/alternatives/vi' }));
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
  expect(textOf(found, 'foreign/links')).toBe('/usr/bin/vi -> /etc/alternatives/vi\n');
  expect(textOf(found, 'foreign/host').split('\n')).toEqual(
    expect.arrayContaining(['look 250', 'euid 0', 'hostname hss1']),
  );
  expect([...UAC_ARTIFACTS, ...HOST_ARTIFACTS.slice(0, 2)].filter((name) => !evidence?.artifacts.has(name))).toEqual(
    [],
  );
});

it('reads it below a folder of its own as well', () => {
  const below = Object.fromEntries(Object.entries(UAC).map(([path, text]) => [`uac-hss1/${path}`, text]));

  expect(read(membersOf(below))?.evidence.host).toEqual(read(membersOf(UAC))?.evidence.host);
  expect(textOf(read(membersOf(below)), 'command/units')).toBe(textOf(read(membersOf(UAC)), 'command/units'));
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

it('reads a sos report, through its links and below its top folder', () => {
  const found = read(
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
  expect(textOf(found, 'foreign/links')).toBe('/lib -> usr/lib\n');
  expect(evidence?.artifacts.get('foreign/net-packet')?.origins?.[0]?.name).toBe('proc/42/net/packet');
  expect([...SOS_ARTIFACTS, ...HOST_ARTIFACTS].filter((name) => !evidence?.artifacts.has(name))).toEqual([]);
  expect([evidence?.artifacts.has('/proc/self/mountinfo'), evidence?.artifacts.has('foreign/mount')]).toEqual([
    true,
    false,
  ]);
});

it('reads outputs whatever their names are, and tells of what is none', () => {
  const found = read(
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

it('takes a lone name for that of the host where nothing else tells it', () => {
  expect(read(membersOf({ a: foreignSamples['foreign/ps'] ?? '', b: 'hss1\n' }))?.evidence.host.name).toBe('hss1');
  expect(read(membersOf({ a: foreignSamples['foreign/ps'] ?? '' }))?.evidence).toMatchObject({
    host: { name: 'unknown' },
    observedAt: FALLBACK,
  });
});

it('knows no evidence in a name alone, nor in prose', () => {
  expect(read(membersOf({ a: 'hss1\n' }))).toBeUndefined();
  expect(read(membersOf({ a: 'Dear colleague, here it is.\n' }))).toBeUndefined();
});

it('counts nothing of an archive that breaks off as seen whole', () => {
  const found = read(membersOf(UAC), 'it breaks off');

  expect(found?.issues).toEqual([{ artifact: 'given.tar.gz', reason: 'it breaks off' }]);
  expect(found?.evidence.gaps.map(({ name }) => name)).toEqual([...(found?.evidence.artifacts.keys() ?? [])]);
});

it('brings the artifacts of trees that it says it brings', () => {
  const all = new Set(
    [read(membersOf(UAC, { '[root]/bin': 'usr/bin' })), read(membersOf({ c: '==> /etc/crontab <==\nx\n' }))].flatMap(
      (one) => [...(one?.evidence.artifacts.keys() ?? [])],
    ),
  );

  expect(TREE_ARTIFACTS.filter((name) => !all.has(name))).toEqual([]);
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
    const found = 'members' in unpacked ? read(unpacked.members, unpacked.broken) : undefined;

    expect([found?.by, found?.evidence.host.name, found?.issues, found?.evidence.gaps]).toEqual([by, host, [], []]);
    expect(['foreign/ps', 'foreign/lsof'].filter((name) => !found?.evidence.artifacts.has(name))).toEqual([]);
    expect(found?.tree?.list('/etc/systemd/system')).toBeInstanceOf(Array);
  });
});
