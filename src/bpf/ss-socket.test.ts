import { expect, it } from 'vitest';
import { parseSsSocket } from './ss-socket.ts';

const plain = { interface: undefined, inode: undefined, uid: undefined, holders: [] };

it('reads protocol, interface and holders', () => {
  expect(
    parseSsSocket(
      'p_raw 0      0      [2054]:eth0   *     users:(("arpwatch",pid=141,fd=1),("arp watch",pid=140,fd=2))  ',
    ),
  ).toEqual({
    type: 'raw',
    protocol: 0x0806,
    interface: 'eth0',
    inode: undefined,
    uid: undefined,
    holders: [
      { comm: 'arpwatch', pid: 141, fd: 1 },
      { comm: 'arp watch', pid: 140, fd: 2 },
    ],
  });
});

it('reads details, and the state where there is one', () => {
  expect(parseSsSocket('p_dgr UNCONN 0 0 ip:* * users:(("a",pid=1,fd=3)) uid:7 ino:28337 sk:1001 <->')).toEqual({
    type: 'datagram',
    protocol: 0x0800,
    interface: undefined,
    inode: 28337,
    uid: 7,
    holders: [{ comm: 'a', pid: 1, fd: 3 }],
  });
});

it.each([
  ['*:*', 3],
  ['[2048]:*', 0x0800],
  ['802.1Q:*', 0x8100],
  ['homeplug:*', undefined],
])('reads the protocol of %s', (local, protocol) => {
  expect(parseSsSocket(`p_dgr 0 0 ${local} *`)).toEqual({ ...plain, type: 'datagram', protocol });
});

it.each([
  ['an old version', 'users:(("dhclient",75,6),("b",76,7))'],
  [
    'a version that shows contexts',
    'users:(("dhclient",pid=75,proc_ctx=u:r:t:s0,fd=6),("b",pid=76,proc_ctx=x,fd=7,sock_ctx=y))',
  ],
])('reads the holders that %s prints', (_, users) => {
  expect(parseSsSocket(`p_raw UNCONN 0 0 *:eth0 * ${users}`)?.holders).toEqual([
    { comm: 'dhclient', pid: 75, fd: 6 },
    { comm: 'b', pid: 76, fd: 7 },
  ]);
});

it('is not misled by what a process calls itself, in the form of an old version either', () => {
  expect(parseSsSocket('p_raw 0 0 *:* * users:(("a",1,3),("b",pid=75,fd=3))')?.holders).toEqual([
    { comm: 'a",1,3),("b', pid: 75, fd: 3 },
  ]);
});

it('is not misled by what a process calls itself', () => {
  const forged = 'p_raw 0 0 *:* * users:(("",pid=1,fd=3)) ",pid=75,fd=3),("x ino:1",pid=76,fd=4)) ino:9 sk:2';

  expect(parseSsSocket(forged)).toMatchObject({
    inode: 9,
    holders: [
      { comm: '",pid=1,fd=3)) ', pid: 75, fd: 3 },
      { comm: 'x ino:1', pid: 76, fd: 4 },
    ],
  });
});

it.each([
  '',
  'Netid Recv-Q Send-Q',
  'tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*',
  'p_raw 0 0 x *',
  '\tbpf filter (1):  0x06 0 0 0,',
])('passes over %j', (line) => {
  expect(parseSsSocket(line)).toBeUndefined();
});
