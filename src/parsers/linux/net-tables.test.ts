import { expect, it } from 'vitest';
import { bodiesOf, parseBeside } from '../../testing/evidence.ts';
import { samples } from '../../testing/samples.ts';
import { netTables } from './net-tables.ts';

const ROOT = samples['/proc/self/status'] ?? '';
const USER = 'CapEff:\t0000000000000000\n';
const LINKS = '1/ns/net\0net:[4026531840]\0';
const parse = (content: string, links = LINKS, status = ROOT) =>
  parseBeside(netTables, { '/proc/*/net': content, 'command/process-links': links, '/proc/self/status': status });
const rows = (content: string) => bodiesOf(parse(content));
const gaps = (...contents: Parameters<typeof parse>) => parse(...contents).filter((parsed) => 'gap' in parsed);

it('reads a packet socket; the protocol is hexadecimal, the inode decimal', () => {
  expect(parse('1/net/packet:0000000000000000 3      3    0800   2     1 0      0      28337\n')).toEqual([
    {
      body: {
        kind: 'packet_socket',
        socket: { type: 3, protocol: 0x0800, ifindex: 2, uid: 0, inode: 28337, netns: 4026531840 },
      },
      at: { offset: 0, line: 1 },
    },
  ]);
});

it('reports a truncated row and reads on', () => {
  expect(parse('1/net/packet:0000 3 3\n1/net/packet:0000 3 2 88cc 0 1 0 107 41\n')).toEqual([
    { issue: true, reason: 'not a row of /proc/net/packet', offset: 0, line: 1 },
    {
      body: {
        kind: 'packet_socket',
        socket: { type: 2, protocol: 0x88cc, ifindex: 0, uid: 107, inode: 41, netns: 4026531840 },
      },
      at: { offset: 22, line: 2 },
    },
  ]);
});

it.each([
  [
    'tcp',
    '0100007F:0035 00000000:0000 0A',
    {
      protocol: 'tcp',
      version: 4,
      localAddress: '127.0.0.1',
      localPort: 53,
      remoteAddress: '0.0.0.0',
      remotePort: 0,
      state: 10,
    },
  ],
  [
    'udp',
    '0A0200C0:0044 00000000:0000 07',
    {
      protocol: 'udp',
      version: 4,
      localAddress: '192.0.2.10',
      localPort: 68,
      remoteAddress: '0.0.0.0',
      remotePort: 0,
      state: 7,
    },
  ],
  [
    'raw',
    '00000000:0001 00000000:0000 07',
    {
      protocol: 'raw',
      version: 4,
      localAddress: '0.0.0.0',
      localPort: 1,
      remoteAddress: '0.0.0.0',
      remotePort: 0,
      state: 7,
    },
  ],
  [
    'tcp6',
    'B80D0120000000000000000001000000:01BB B80D0120000000000000000002000000:8235 01',
    {
      protocol: 'tcp',
      version: 6,
      localAddress: '2001:db8::1',
      localPort: 443,
      remoteAddress: '2001:db8::2',
      remotePort: 33333,
      state: 1,
    },
  ],
  [
    'udplite6',
    `${'0'.repeat(32)}:0001 ${'0'.repeat(32)}:0000 07`,
    { protocol: 'udplite', version: 6, localAddress: '::', localPort: 1, remoteAddress: '::', remotePort: 0, state: 7 },
  ],
  [
    'tcp6',
    '0000000000000000FFFF00000A0200C0:0016 0000000000000000FFFF0000076433C6:8235 01',
    {
      protocol: 'tcp',
      version: 6,
      localAddress: '::ffff:192.0.2.10',
      localPort: 22,
      remoteAddress: '::ffff:198.51.100.7',
      remotePort: 33333,
      state: 1,
    },
  ],
  [
    'icmp6',
    `${'0'.repeat(32)}:003A ${'0'.repeat(32)}:0000 07`,
    { protocol: 'icmp', version: 6, localAddress: '::', localPort: 58, remoteAddress: '::', remotePort: 0, state: 7 },
  ],
])('reads a row of %s', (table, row, socket) => {
  const content = `1/net/${table}:  sl  local_address rem_address   st\n1/net/${table}:   0: ${row} 00000000:00000000 00:00000000 00000000   101        0 7001 1 0000000000000000\n`;

  expect(rows(content)).toEqual([
    { kind: 'inet_socket', socket: { ...socket, uid: 101, inode: 7001, netns: 4026531840 } },
  ]);
});

it('takes the columns of SCTP where net/sctp/proc.c prints them', () => {
  const content = [
    '1/net/sctp/eps: ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS',
    '1/net/sctp/eps:00000000 00000000 2   10  29   38412    33  7003 192.0.2.10 192.0.2.11 ',
    '1/net/sctp/eps:00000000 00000000 2   7   30   36412     0  7005 2001:0db8:0000:0000:0000:0000:0000:0001 ',
    '1/net/sctp/assocs: ASSOC     SOCK   STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT RPORT LADDRS <-> RADDRS HBINT INS OUTS',
    '1/net/sctp/assocs:00000000 00000000 0   10  3  0       4       16       32      33  7003 38412  40001  192.0.2.11 *192.0.2.10 <-> 198.51.100.7 *198.51.100.8 \t    7500    10    10',
    '1/net/sctp/assocs:00000000 00000000 0   10  1  0       5        0        0      33  7004 38412  0 ',
    '',
  ].join('\n');
  const common = { protocol: 'sctp', uid: 33, inode: 7003, netns: 4026531840 };

  expect(parse(content)).toEqual([
    {
      body: {
        kind: 'inet_socket',
        socket: {
          ...common,
          version: 4,
          localAddress: '192.0.2.10',
          localPort: 38412,
          remoteAddress: '',
          remotePort: 0,
          state: 10,
        },
      },
      at: { offset: 71, line: 2 },
    },
    {
      body: {
        kind: 'inet_socket',
        socket: {
          ...common,
          uid: 0,
          inode: 7005,
          version: 6,
          localAddress: '2001:db8::1',
          localPort: 36412,
          remoteAddress: '',
          remotePort: 0,
          state: 7,
        },
      },
      at: { offset: 158, line: 3 },
    },
    {
      body: {
        kind: 'inet_socket',
        socket: {
          ...common,
          version: 4,
          localAddress: '192.0.2.10',
          localPort: 38412,
          remoteAddress: '198.51.100.8',
          remotePort: 40001,
          state: 1,
        },
      },
      at: { offset: 397, line: 5 },
    },
    { issue: true, reason: 'not a row of /proc/net/sctp/assocs', offset: 576, line: 6 },
  ]);
});

it('gives every row the namespace of the process whose table it is', () => {
  const links = `${LINKS}500/ns/net\0net:[4026532000]\0`;
  const parsed = parse(
    '1/net/packet:sk\n1/net/packet:0 3 3 0003 0 1 0 0 1\n500/net/packet:0 3 3 0003 0 1 0 0 2\n',
    links,
  );

  expect(
    bodiesOf(parsed).map((body) => body.kind === 'packet_socket' && [body.socket.inode, body.socket.netns]),
  ).toEqual([
    [1, 4026531840],
    [2, 4026532000],
  ]);
  expect(parsed.filter((one) => 'gap' in one)).toEqual([]);
});

it('tells of a namespace whose tables did not come', () => {
  const links = `${LINKS}500/ns/net\0net:[4026532000]\0`;

  expect(gaps('1/net/packet:sk\ngrep: 500/net/packet: No such file or directory\n', links)).toEqual([
    { gap: 'absent', artifact: '/proc/*/net', detail: 'the sockets of 1 of 2 network namespaces', missing: 0.5 },
  ]);
});

it('tells for how many processes the namespace is not known, without root', () => {
  const links = [LINKS.slice(0, -1), '2/ns/net', '', '3/ns/net', '', '4/ns/net', 'net:[4026531840]', ''].join('\0');

  expect(gaps('1/net/packet:sk\n', links, USER)).toEqual([
    { gap: 'denied', artifact: '/proc/*/net', detail: 'the network namespace of 2 of 4 processes', missing: 0.5 },
  ]);
});

it('does not take an empty artifact for a host without sockets', () => {
  expect(parse('')).toEqual([{ gap: 'absent', artifact: '/proc/*/net', detail: 'no table came', missing: 1 }]);
  expect(parse('grep: 1/net/packet: Permission denied\n')).toEqual([
    { gap: 'absent', artifact: '/proc/*/net', detail: 'no table came', missing: 1 },
  ]);
});

it('reads Unix sockets, bound to a path with a blank and to none', () => {
  const content =
    '1/net/unix:Num       RefCount Protocol Flags    Type St Inode Path\n' +
    '1/net/unix:0000000000000000: 00000002 00000000 00010000 0001 01  8001 /run/dbus/system bus\n' +
    '1/net/unix:0000000000000000: 00000003 00000000 00000000 0002 03  8002\n' +
    '1/net/unix:0000000000000000: 00000003\n';

  expect(rows(content)).toEqual([
    {
      kind: 'unix_socket',
      socket: { type: 1, state: 1, inode: 8001, path: '/run/dbus/system bus', netns: 4026531840 },
    },
    { kind: 'unix_socket', socket: { type: 2, state: 3, inode: 8002, path: null, netns: 4026531840 } },
  ]);
  expect(parse(content)).toContainEqual(
    expect.objectContaining({ issue: true, reason: 'not a row of /proc/net/unix' }),
  );
});
