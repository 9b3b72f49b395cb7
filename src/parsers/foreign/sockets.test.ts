import { expect, it } from 'vitest';
import { unseen } from '../../model/unseen.ts';
import { artifactOf } from '../../testing/artifact.ts';
import { bodiesOf, parseBeside, type Contents } from '../../testing/evidence.ts';
import { inodeOfSocket, madeUpInode, netnsAt } from './held.ts';
import { foreignInetSockets } from './inet-sockets.ts';
import { foreignPacketSockets } from './packet-sockets.ts';
import { foreignProcesses } from './processes.ts';
import { foreignSocketFilters } from './socket-filters.ts';

const HEADER = 'Netid Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\n';
const ROW = 'p_dgr 0      0                 ip:*                *     users:(("netdiagd",pid=75,fd=3))\n';
const FILTER = '\tbpf filter (1):  0x06 0 0 0,   \n';
const LSOF =
  'COMMAND   PID USER   FD      TYPE             DEVICE SIZE/OFF   NODE NAME\nnetdiagd   75 root    3u     pack             202942      0t0     IP type=SOCK_DGRAM\n';
const PACKET =
  'sk               RefCnt Type Proto  Iface R Rmem   User   Inode\n00000000e386fb0a 3      2    0800   0     1 0      0      202942\n';

const packets = (contents: Contents) =>
  bodiesOf(parseBeside(foreignPacketSockets, contents)).flatMap((one) =>
    one.kind === 'packet_socket' ? [one.socket] : [],
  );
const inets = (contents: Contents) =>
  bodiesOf(parseBeside(foreignInetSockets, contents)).flatMap((one) =>
    one.kind === 'inet_socket' ? [one.socket] : [],
  );
const filters = (contents: Contents) =>
  bodiesOf(parseBeside(foreignSocketFilters, contents)).flatMap((one) =>
    one.kind === 'socket_filter' ? [one.filter] : [],
  );
const inodesOf = (contents: Contents) =>
  bodiesOf(parseBeside(foreignProcesses, contents)).flatMap((one) =>
    one.kind === 'process' ? [one.process.socketInodes] : [],
  );

it('reads a socket of ss that has no inode, and gives it, its filter and its holder the same number', () => {
  const ss = { 'foreign/ss': HEADER + ROW + FILTER };
  const inode = madeUpInode(75, 3);

  expect(packets(ss)).toEqual([{ type: 2, protocol: 0x0800, ifindex: 0, uid: unseen('absent'), inode, netns: 0 }]);
  expect(filters(ss)).toEqual([{ inode, type: 'classic', instructions: [[6, 0, 0, 0]], pid: 75, by: 'ss' }]);
  expect(inodesOf(ss)).toEqual([[inode]]);
  expect(inode).toBeGreaterThan(2 ** 43);
});

it('takes the inode of its descriptor where a listing shows it', () => {
  const contents = { 'foreign/ss': HEADER + ROW + FILTER, 'foreign/lsof': LSOF };

  expect([packets(contents)[0]?.inode, filters(contents)[0]?.inode, inodesOf(contents)]).toEqual([202942, 202942, []]);
  expect(inodesOf({ 'foreign/lsof': LSOF, 'foreign/ss': HEADER + ROW })).toEqual([[202942]]);
  expect(
    packets({
      'foreign/ss': HEADER + ROW,
      'foreign/proc-links': 'lrwx------ 1 root root 64 Nov 24 23:54 /proc/75/fd/3 -> socket:[77]\n',
    })[0]?.inode,
  ).toBe(77);
});

it('tells a socket once, with the fullest table that shows it', () => {
  const contents = { 'foreign/net-packet': PACKET, 'foreign/ss': HEADER + ROW, 'foreign/lsof': LSOF };

  expect(packets(contents)).toEqual([{ type: 2, protocol: 0x0800, ifindex: 0, uid: 0, inode: 202942, netns: 0 }]);
  // The artifact that is parsed comes first, the others lie beside it.
  const from = (name: keyof typeof contents) =>
    packets(Object.fromEntries([[name, contents[name]], ...Object.entries(contents)]));
  expect([from('foreign/ss'), from('foreign/lsof')]).toEqual([[], []]);
});

it('tells of a packet socket in another network namespace that it is there', () => {
  const elsewhere =
    'COMMAND PID USER FD TYPE DEVICE SIZE/OFF NODE NAME\nx 75 root 3u sock 0,9 0t0 6003 protocol: PACKET\nx 75 root 4u sock 0,9 0t0 6004 protocol: UDP\n';

  expect(packets({ 'foreign/lsof': elsewhere })).toEqual([
    {
      type: unseen('absent'),
      protocol: unseen('absent'),
      ifindex: unseen('absent'),
      uid: unseen('absent'),
      inode: 6003,
      netns: 0,
    },
  ]);
});

it('gives all holders of one socket one number, and one that nobody holds none', () => {
  const shared = ROW.replace('users:(("netdiagd",pid=75,fd=3))', 'users:(("a",pid=144,fd=1),("a",pid=117,fd=1))');

  expect(inodesOf({ 'foreign/ss': HEADER + shared })).toEqual([[madeUpInode(117, 1)], [madeUpInode(117, 1)]]);
  expect(packets({ 'foreign/ss': HEADER + ROW.replace(/users:.*/, '') })[0]?.inode).toBe(0);
});

it('reads sockets of the internet families from ss, netstat, lsof and tables, each once', () => {
  const ss =
    'Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port  Process\nraw   UNCONN 0      0         0.0.0.0:112              0.0.0.0:*      users:(("k",pid=111,fd=14))\nudp   UNCONN 0      0         127.0.0.53%lo:53              0.0.0.0:*\ntcp   LISTEN 0      128         [::]:22                  [::]:*      users:(("sshd",pid=81,fd=4)) ino:9 sk:1\nudp   UNCONN 0      0         0.0.0.0:bootpc              0.0.0.0:*\n';
  const netstat =
    'Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name    \nraw        0      0 0.0.0.0:112             0.0.0.0:*               7           111/keepalived      \ntcp        0      0 192.0.2.20:22           192.0.2.10:52560        ESTABLISHED 235/sshd: root@nott \n';
  const words = (all: ReturnType<typeof inets>) =>
    all.map(
      (one) =>
        `${one.protocol}${one.version} ${one.localAddress} ${one.localPort} ${one.remoteAddress} ${one.remotePort} ${one.state}`,
    );

  expect(words(inets({ 'foreign/ss': ss }))).toEqual([
    'raw4 0.0.0.0 112 0.0.0.0 0 7',
    'udp4 127.0.0.53 53 0.0.0.0 0 7',
    'tcp6 :: 22 :: 0 10',
  ]);
  expect(words(inets({ 'foreign/netstat': netstat, 'foreign/ss': ss }))).toEqual([
    'tcp4 192.0.2.20 22 192.0.2.10 52560 1',
  ]);
  expect(words(inets({ 'foreign/lsof': 'x 82 root 3u IPv4 114534 0t0 TCP *:22 (LISTEN)\n' }))).toEqual([
    'tcp4 :: 22 :: 0 10',
  ]);
});

it('takes the family from the command where ss does not say it', () => {
  const text =
    'State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\nUNCONN 0      0            0.0.0.0:1         0.0.0.0:*    users:(("x",pid=110,fd=14))\n';
  const read = (name: string) => {
    const origins = [{ name, sha256: '', offset: 0, line: 1, originalLine: 1 }];
    return [...foreignInetSockets.parse({ ...artifactOf('foreign/ss', text), origins }, () => undefined)].flatMap(
      (one) => ('body' in one ? [one.body.socket.protocol] : []),
    );
  };

  expect([read('ss_-wapbn.txt'), read('ss -uanp'), read('notes.txt')]).toEqual([['raw'], ['udp'], []]);
});

it('says what a table alone does not show', () => {
  expect(parseBeside(foreignInetSockets, { 'foreign/net-raw': '' })).toEqual([
    { gap: 'absent', artifact: 'foreign/net-raw', detail: 'this table shows raw alone', missing: 0.5 },
  ]);
  expect(parseBeside(foreignSocketFilters, { 'foreign/ss': HEADER + ROW })).toMatchObject([
    { gap: 'absent', missing: 1 },
  ]);
});

it('keeps network namespaces apart that a path names', () => {
  const at = (name: string) =>
    netnsAt(
      { ...artifactOf('foreign/ss', 'x'), origins: [{ name, sha256: '', offset: 0, line: 1, originalLine: 1 }] },
      0,
    );

  expect(at('sos_commands/networking/ss_-peaonmi')).toBe(0);
  expect(at('sos_commands/networking/namespaces/blue/ip_netns_exec_blue_ss_-peaonmi')).toBe(
    madeUpInode('netns', 'blue'),
  );
});

it('prefers the inode that ss prints', () => {
  const row = {
    offset: 0,
    line: 1,
    what: { family: 'packet', type: 3, anywhere: true },
    inode: 5,
    holders: [],
  } as const;

  expect(inodeOfSocket(row, new Map())).toBe(5);
});
