import { describe, expect, it } from 'vitest';
import { unseen } from '../../model/unseen.ts';
import { bodiesOf, parseBeside } from '../../testing/evidence.ts';
import { apkInstalled } from './apk-installed.ts';
import { codeDigests } from './code-digests.ts';
import { dpkg } from './dpkg.ts';
import { replacedFiles } from './paths.ts';
import { rpmFiles } from './rpm-files.ts';

const MD5 = 'ab'.repeat(16);
const OTHER = 'cd'.repeat(16);
const SHA1 = 'c'.repeat(40);
const SHA256 = 'ef'.repeat(32);
const owned = (path: string, name: string, algorithm: string, digest: unknown) => ({
  kind: 'package_file',
  owned: { path, package: name, algorithm, digest },
});

describe('dpkg', () => {
  const info = '/var/lib/dpkg/info';
  const read = (owners: string, sums = '', diversions = '') =>
    bodiesOf(
      parseBeside(dpkg, {
        'command/dpkg-owners': owners,
        'command/dpkg-md5sums': sums,
        '/var/lib/dpkg/diversions': diversions,
      }),
    );

  it('joins owner and recorded checksum, also of a package with an architecture', () => {
    expect(
      read(
        `${info}/libc6:amd64.list:/lib/x86_64-linux-gnu/libc.so.6\n`,
        `${info}/libc6:amd64.md5sums:${MD5}  lib/x86_64-linux-gnu/libc.so.6\n`,
      ),
    ).toEqual([owned('/lib/x86_64-linux-gnu/libc.so.6', 'libc6', 'md5', MD5)]);
  });

  it('keeps the spelling of each package where /bin is /usr/bin', () => {
    expect(
      read(
        `${info}/old.list:/bin/tool\n${info}/new.list:/usr/bin/tool\n`,
        `${info}/old.md5sums:${MD5}  bin/tool\n${info}/new.md5sums:${OTHER}  usr/bin/tool\n`,
      ),
    ).toEqual([owned('/bin/tool', 'old', 'md5', MD5), owned('/usr/bin/tool', 'new', 'md5', OTHER)]);
  });

  it('does not take the checksum that another package recorded for the path', () => {
    expect(read(`${info}/a.list:/usr/bin/tool\n`, `${info}/b.md5sums:${MD5}  usr/bin/tool\n`)).toEqual([
      owned('/usr/bin/tool', 'a', 'none', unseen('absent')),
    ]);
  });

  it('leaves a diverted path to the package that took it, and to nobody when the administrator did', () => {
    const owners = `${info}/dash.list:/bin/sh\n${info}/other.list:/bin/sh\n${info}/a.list:/usr/bin/b\n`;

    expect(read(owners, '', '/bin/sh\n/bin/sh.distrib\ndash\n/usr/bin/b\n/usr/bin/b.real\n:\n')).toEqual([
      owned('/bin/sh', 'dash', 'none', unseen('absent')),
    ]);
  });

  it('reads on after damage, and takes nothing that is no row of its own', () => {
    const owners = `${info}/a.list:/us\n${info}/../evil.list:/x\n/tmp/b.list:/usr/bin/b\n${info}/c.list:/usr/bin/c`;

    expect(read(owners, `${info}/c.md5sums:${MD5.slice(1)}  usr/bin/c\n`)).toEqual([
      owned('/us', 'a', 'none', unseen('absent')),
      owned('/usr/bin/c', 'c', 'none', unseen('absent')),
    ]);
  });
});

describe('apk', () => {
  const read = (content: string) => parseBeside(apkInstalled, { '/lib/apk/db/installed': content });

  it('reads files with and without a digest, of several packages', () => {
    const content =
      'C:Q1x=\nP:busybox\nV:1.36\nF:bin\nR:busybox\na:0:0:755\nZ:Q1vaVrsYVXfcgIUtgj3W6hz8cUQhU=\nF:etc\nR:securetty\n\nP:musl\nF:lib\nR:ld.so';

    expect(bodiesOf(read(content))).toEqual([
      owned('/bin/busybox', 'busybox', 'sha1', 'bda56bb185577dc80852d823dd6ea1cfc7144215'),
      owned('/etc/securetty', 'busybox', 'none', unseen('absent')),
      owned('/lib/ld.so', 'musl', 'none', unseen('absent')),
    ]);
  });

  it('reports a digest of the wrong length and reads on', () => {
    expect(read('P:a\nF:bin\nR:b\nZ:Q1vaVr\nR:c\n')).toEqual([
      { issue: true, reason: 'not a SHA-1', offset: 14, line: 4 },
      { body: owned('/bin/b', 'a', 'none', unseen('absent')), at: { offset: 10, line: 3 } },
      { body: owned('/bin/c', 'a', 'none', unseen('absent')), at: { offset: 23, line: 5 } },
    ]);
  });
});

it('reads rows of rpm, of whatever digest, the first of a path, and passes over what rpm says in words', () => {
  const content = `a\t${SHA256}\t/usr/bin/a\nb\t${MD5}\t/usr/bin/b\nb\t\t/usr/share/b\nc\t${OTHER}\t/usr/bin/a\nfile /dev/shm/x is not owned by any package\nd\t${MD5}\n`;

  expect(parseBeside(rpmFiles, { 'command/rpm-files': content })).toEqual([
    { body: owned('/usr/bin/a', 'a', 'sha256', SHA256), at: { offset: 0, line: 1 } },
    { body: owned('/usr/bin/b', 'b', 'md5', MD5), at: { offset: 78, line: 2 } },
    { body: owned('/usr/share/b', 'b', 'none', unseen('absent')), at: { offset: 124, line: 3 } },
    { issue: true, reason: 'not a row of name, digest and path', offset: 230, line: 6 },
  ]);
});

it('reads digests of all kinds and says how many files were denied', () => {
  const content = [
    `${MD5}  /usr/sbin/sshd`,
    `${SHA256}  /opt/two words`,
    `\\${MD5}  /tmp/line\\nfeed`,
    'md5sum: /opt/agent: Permission denied',
    'md5sum: /opt/gone: No such file or directory',
    'nonsense',
    `${SHA1} */opt/agent.old`,
    '',
  ].join('\n');

  expect(parseBeside(codeDigests, { 'command/code-digests': content })).toEqual([
    {
      body: { kind: 'file_digest', file: { path: '/usr/sbin/sshd', md5: MD5, sha256: unseen('unsupported') } },
      at: { offset: 0, line: 1 },
    },
    {
      body: { kind: 'file_digest', file: { path: '/opt/two words', md5: unseen('unsupported'), sha256: SHA256 } },
      at: { offset: 49, line: 2 },
    },
    { issue: true, reason: 'not a line of md5sum, sha1sum or sha256sum', offset: 264, line: 6 },
    {
      body: {
        kind: 'file_digest',
        file: { path: '/opt/agent.old', md5: unseen('unsupported'), sha256: unseen('unsupported'), sha1: SHA1 },
      },
      at: { offset: 273, line: 7 },
    },
    { gap: 'denied', artifact: 'command/code-digests', detail: '1 of 4 files', missing: 1 / 4 },
  ]);
});

it('reads the files that an upgrade replaced', () => {
  expect(parseBeside(replacedFiles, { 'command/replaced-files': '/usr/sbin/sshd\nrelative\n/usr/lib/a b.so' })).toEqual(
    [
      { body: { kind: 'replaced_file', replaced: { path: '/usr/sbin/sshd' } }, at: { offset: 0, line: 1 } },
      { body: { kind: 'replaced_file', replaced: { path: '/usr/lib/a b.so' } }, at: { offset: 24, line: 3 } },
    ],
  );
});

it('tells when a package was last installed, by its list of files and by rpm', () => {
  const timed = (body: unknown) => (body as { owned: { installedAt?: string } }).owned.installedAt;
  const byDpkg = bodiesOf(
    parseBeside(dpkg, {
      'command/dpkg-owners':
        '/var/lib/dpkg/info/libc6:amd64.list:/lib/libc.so.6\n/var/lib/dpkg/info/dash.list:/bin/dash\n',
      'command/dpkg-times': '1700000000 /var/lib/dpkg/info/libc6:amd64.list\nnot a time /var/lib/dpkg/info/dash.list\n',
    }),
  );
  const byRpm = bodiesOf(parseBeside(rpmFiles, { 'command/rpm-files': `a\t1700000000\t${SHA256}\t/usr/bin/a\n` }));

  expect([...byDpkg, ...byRpm].map(timed)).toEqual(['2023-11-14T22:13:20.000Z', undefined, '2023-11-14T22:13:20.000Z']);
});
