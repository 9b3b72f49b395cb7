// Outputs as the tools of other systems than Debian write them, made after their documentation and source: procps 3.2 and
// iproute2 2.6 of RHEL 6, procps-ng and iproute2 of RHEL 7 to 9 and SLES, busybox of Alpine.
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../lib/bytes.ts';
import { isUnseen } from '../../model/unseen.ts';
import { formatOf } from '../../sources/evidence/formats.ts';
import { bodiesOf, parseBeside, type Contents } from '../../testing/evidence.ts';
import { packageVerify } from '../linux/package-verify.ts';
import { rpmFiles } from '../linux/rpm-files.ts';
import { foreignProcesses } from './processes.ts';
import { foreignPacketSockets } from './packet-sockets.ts';
import { foreignSocketFilters } from './socket-filters.ts';
import { foreignInetSockets } from './inet-sockets.ts';

const seenOf = (thing: object) => Object.fromEntries(Object.entries(thing).filter(([, value]) => !isUnseen(value)));
const processesOf = (contents: Contents) =>
  bodiesOf(parseBeside(foreignProcesses, contents)).flatMap((one) =>
    one.kind === 'process' ? [seenOf(one.process)] : [],
  );

describe('ps', () => {
  it.each([
    [
      'RHEL 6, ps auxww',
      'USER       PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\nroot         1  0.0  0.1  19232  1488 ?        Ss   Nov20   0:01 /sbin/init\nroot         2  0.0  0.0      0     0 ?        S    Nov20   0:00 [kthreadd]\nroot      1432  0.0  0.2  66256  1212 ?        Ss   Nov20   0:00 /usr/sbin/sshd\n',
      [
        { pid: 1, kernelThread: false, cmdline: ['/sbin/init'] },
        { pid: 2, kernelThread: true, comm: 'kthreadd' },
        { pid: 1432, kernelThread: false, comm: 'sshd', cmdline: ['/usr/sbin/sshd'] },
      ],
    ],
    [
      'SLES, ps -ef',
      'UID        PID  PPID  C STIME TTY          TIME CMD\nroot         1     0  0 Nov20 ?        00:00:07 /usr/lib/systemd/systemd --switched-root --system --deserialize 24\npostfix   1702  1690  0 Nov20 ?        00:00:00 qmgr -l -t fifo -u\n',
      [
        { pid: 1, ppid: 0, uid: 0 },
        { pid: 1702, ppid: 1690, comm: 'qmgr', cmdline: ['qmgr', '-l', '-t', 'fifo', '-u'] },
      ],
    ],
    [
      'Alpine, ps',
      'PID   USER     TIME  COMMAND\n    1 root      0:00 /sbin/init\n    2 root      0:00 [kthreadd]\n 2101 root      0:00 /sbin/syslogd -t -n\n 2180 root      0:00 {sshd} sshd: /usr/sbin/sshd [listener] 0 of 10-100 startups\n',
      [
        { pid: 1, uid: 0, cmdline: ['/sbin/init'] },
        { pid: 2, comm: 'kthreadd' },
        { pid: 2101, comm: 'syslogd', cmdline: ['/sbin/syslogd', '-t', '-n'] },
        { pid: 2180, comm: 'sshd' },
      ],
    ],
  ])('of %s', (_, text, expected) => {
    expect(formatOf(utf8(text))).toBe('foreign/ps');
    expect(processesOf({ 'foreign/ps': text })).toMatchObject(expected);
  });
});

describe('ss and netstat', () => {
  // iproute2 before 2014 prints holders as ("name",pid,fd), and knows no filters (-b).
  const OLD =
    'Netid Recv-Q Send-Q     Local Address:Port       Peer Address:Port   \np_raw 0      0                      *:eth0                  *     users:(("dhclient",1287,5))\np_dgr 0      0                     ip:*                     *     users:(("hald-addon",2211,3))\n';

  it('of RHEL 6 show packet sockets with holders in the old form, and say that no filter was shown', () => {
    expect(formatOf(utf8(OLD))).toBe('foreign/ss');
    expect(
      bodiesOf(parseBeside(foreignPacketSockets, { 'foreign/ss': OLD })).map((one) =>
        one.kind === 'packet_socket' ? [one.socket.type, one.socket.protocol] : one.kind,
      ),
    ).toEqual([
      [3, 3],
      [2, 0x0800],
    ]);
    expect(processesOf({ 'foreign/ss': OLD }).map(({ pid, comm }) => [pid, comm])).toEqual([
      [1287, 'dhclient'],
      [2211, 'hald-addon'],
    ]);
    expect(parseBeside(foreignSocketFilters, { 'foreign/ss': OLD })).toMatchObject([{ gap: 'absent' }]);
  });

  it('of Alpine show ports', () => {
    const text =
      'Active Internet connections (servers and established)\nProto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name    \ntcp        0      0 0.0.0.0:22              0.0.0.0:*               LISTEN      2180/sshd\nudp        0      0 0.0.0.0:68              0.0.0.0:*                           1999/udhcpc\nraw        0      0 0.0.0.0:1               0.0.0.0:*               7           2300/xd\n';

    expect(formatOf(utf8(text))).toBe('foreign/netstat');
    expect(
      bodiesOf(parseBeside(foreignInetSockets, { 'foreign/netstat': text })).map((one) =>
        one.kind === 'inet_socket' ? [one.socket.protocol, one.socket.localPort] : one.kind,
      ),
    ).toEqual([
      ['tcp', 22],
      ['udp', 68],
      ['raw', 1],
    ]);
  });
});

describe('rpm', () => {
  it.each([
    [
      'RHEL 6',
      "S.5....T.  c /etc/sysconfig/iptables\nmissing    /var/run/pm-utils\n..5....T.    /usr/sbin/sshd\nprelink: /usr/bin/ssh: at least one of file's dependencies has changed since prelinking\n",
      [
        ['/etc/sysconfig/iptables', ['size', 'digest', 'time'], true],
        ['/var/run/pm-utils', ['missing'], false],
        ['/usr/sbin/sshd', ['digest', 'time'], false],
      ],
    ],
    [
      'SLES',
      'S.5....T.  c /etc/pam.d/common-auth\n.......T.  d /usr/share/doc/packages/x/README\n....L....    /usr/lib64/libx.so.1\n',
      [
        ['/etc/pam.d/common-auth', ['size', 'digest', 'time'], true],
        ['/usr/share/doc/packages/x/README', ['time'], false],
        ['/usr/lib64/libx.so.1', ['link'], false],
      ],
    ],
  ])('-Va of %s', (_, text, expected) => {
    expect(formatOf(utf8(text))).toBe('command/package-verify');
    expect(
      bodiesOf(parseBeside(packageVerify, { 'command/package-verify': text })).flatMap((one) =>
        one.kind === 'package_change' ? [[one.change.path, one.change.differs, one.change.configuration]] : [],
      ),
    ).toEqual(expected);
  });

  // RHEL 6 records SHA-256 and RHEL 5 packages that were kept MD5; links and folders have none.
  it('-qf prints digests of the age of the package', () => {
    const text = `bash\t1416000000\t${'ab'.repeat(32)}\t/bin/bash\nkept\t1316000000\t${'cd'.repeat(16)}\t/usr/sbin/kept\nbash\t1416000000\t\t/bin/sh\nfile /usr/sbin/x is not owned by any package\nerror: file /gone: No such file or directory\n`;

    expect(
      bodiesOf(parseBeside(rpmFiles, { 'command/rpm-files': text })).flatMap((one) =>
        one.kind === 'package_file' ? [[one.owned.path, one.owned.package, one.owned.algorithm]] : [],
      ),
    ).toEqual([
      ['/bin/bash', 'bash', 'sha256'],
      ['/usr/sbin/kept', 'kept', 'md5'],
      ['/bin/sh', 'bash', 'none'],
    ]);
  });

  it('that owns nothing at all has not found its database', () => {
    const text = 'file /bin/bash is not owned by any package\nfile /usr/sbin/sshd is not owned by any package\n';

    expect(parseBeside(rpmFiles, { 'command/rpm-files': text })).toMatchObject([{ gap: 'unsupported', missing: 1 }]);
  });
});

it.each([
  ['rpm -qa', 'bash-5.1.8-9.el9.x86_64\ntzdata-2024a-1.el9.noarch\ngpg-pubkey-fd431d51-4ae0493b\n'],
  [
    'rpm -qa --last',
    'kernel-2.6.32-754.el6.x86_64                  Tue 24 Nov 2015 11:00:01 PM UTC\nbash-4.1.2-48.el6.x86_64                      Tue 24 Nov 2015 10:00:01 PM UTC\nglibc-2.12-1.212.el6.x86_64                   Tue 24 Nov 2015 10:00:00 PM UTC\n',
  ],
  [
    'apk list --installed',
    'busybox-1.36.1-r29 x86_64 {busybox} (GPL-2.0-only) [installed]\nmusl-1.2.5-r0 x86_64 {musl} (MIT) [installed]\napk-tools-2.14.4-r0 x86_64 {apk-tools} (GPL-2.0-only) [installed]\n',
  ],
  [
    'apk info -vv',
    'busybox-1.36.1-r29 - Size optimized toolbox of many common UNIX utilities\nmusl-1.2.5-r0 - the musl c library (libc) implementation\nzlib-1.3.1-r1 - A compression/decompression Library\n',
  ],
])('knows the list of %s, which names no file', (_, text) => {
  expect(formatOf(utf8(text))).toBe('known');
});
