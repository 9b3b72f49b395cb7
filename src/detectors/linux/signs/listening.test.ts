import { expect, it } from 'vitest';
import { unseen } from '../../../model/unseen.ts';
import {
  accepting,
  echoReplyFilter,
  ETHERNET,
  etherTypeFilter,
  fieldFilter,
  NETWORK,
  portFilter,
  protocolFilter,
  wordFilter,
} from '../../../testing/filter-shapes.ts';
import {
  healthyHost,
  listener,
  packetSocket,
  rawSocket,
  withProcess,
  without,
  type Host,
  type SocketTrait,
  type Traits,
} from '../../../testing/host.ts';
import { readBy } from '../../../testing/signs.ts';
import { programOfWritten, type Written } from '../../../testing/written-filter.ts';
import { listening } from './listening.ts';

const of = (...sockets: readonly SocketTrait[]): Traits => ({ exe: '/usr/sbin/statd', sockets });
const webPort = portFilter({ protocol: 'tcp', destination: 443 });

const rowsOf = (written: Written) =>
  programOfWritten(written).program.map(({ code, jt, jf, k }): [number, number, number, number] => [code, jt, jf, k]);

/** DHCP answers, which have a cookie behind the fields of BOOTP; those of one transaction. */
const dhcpAnswers = rowsOf(['', 'udp dst port 68 and udp[244:4] = 0x63825363']);
const dhcpTransaction = rowsOf(['', 'udp dst port 68 and udp[12:4] = 0x3d1f8c52']);

const cases: readonly [name: string, traits: Traits, expected: readonly (number | string)[], host?: Host][] = [
  ['no ear', of(listener('tcp', 5000), listener('udp', 5000)), []],
  ['every frame', of(packetSocket('none', { protocol: 3 })), [1.5]],
  ['IPv6', of(packetSocket('none', { protocol: 0x86dd })), [1.5]],
  ['one protocol of the link', of(packetSocket('none', { protocol: 0x88cc })), [0.5]],
  [
    'every frame, under a false name',
    { ...of(packetSocket('none', { protocol: 3 })), cmdline: ['/usr/sbin/cron -f'] },
    [2],
  ],
  ['every frame, under a title', { ...of(packetSocket('none', { protocol: 3 })), cmdline: ['worker: eth0'] }, [2]],
  [
    'every frame, under a title, in a container',
    { ...of(packetSocket('none', { protocol: 3 })), sameRoot: false, cmdline: ['worker: eth0'] },
    [1.5],
  ],
  [
    'every frame, filtered to one protocol of the link',
    of(packetSocket(etherTypeFilter(0x88cc), { protocol: 3 })),
    [1.5],
  ],
  ['a filter that lets nothing through', of(packetSocket(accepting(), { protocol: 3 })), [1.5]],
  ['a port of another program', of(packetSocket(webPort)), [2]],
  [
    'a port that it holds on the loopback alone',
    of(packetSocket(webPort), listener('tcp', 443, { localAddress: '127.0.0.77' })),
    [2],
  ],
  ['a port of nobody', of(packetSocket(portFilter({ protocol: 'udp', destination: 9 }))), [2]],
  [
    'a port of nobody, as a source',
    of(packetSocket(portFilter({ version: 6, protocol: 'udp', source: 9 }), { protocol: 0x86dd })),
    [2],
  ],
  ['its own port', of(packetSocket(portFilter({ protocol: 'udp', destination: 9 })), listener('udp', 9)), [0.5]],
  [
    'its own port, of another transport',
    of(packetSocket(portFilter({ protocol: 'udp', destination: 9 })), listener('tcp', 9)),
    [2],
  ],
  [
    'a port of its other half',
    of(packetSocket(portFilter({ protocol: 'udp', destination: 9 }))),
    [0.5],
    withProcess(healthyHost(), of(listener('udp', 9))),
  ],
  [
    'a port of its other half in another network',
    { ...of(packetSocket(portFilter({ protocol: 'udp', destination: 9 }))), netns: 7 },
    [2],
    withProcess(healthyHost(), of(listener('udp', 9))),
  ],
  ['one transport', of(packetSocket(protocolFilter(ETHERNET, 'sctp'))), [2]],
  ['a field of a header', of(packetSocket(fieldFilter(ETHERNET, 'tcp', 0x01020304))), [2.5]],
  ['content', of(packetSocket(wordFilter(ETHERNET, { tcp: 0x1234 }))), [2.5]],
  ['content, of datagrams', of(packetSocket(wordFilter(NETWORK, { udp: 0x1234 }), { type: 2 })), [2.5]],
  ['what a protocol has there', of(packetSocket(dhcpAnswers), listener('udp', 68)), [1]],
  ['what a peer of a protocol makes up', of(packetSocket(dhcpTransaction), listener('udp', 68)), [2]],
  ['raw ICMP', of(rawSocket(1)), [1.5]],
  ['answers to its own requests', of(rawSocket(1, echoReplyFilter(0x1234))), [2]],
  ['raw ICMP with content', of(rawSocket(1, wordFilter(NETWORK, { icmp: 0x1234 }))), [2.5]],
  ['a protocol of routing', of(rawSocket(89)), [0.5]],
  ['sending alone', of(rawSocket(255)), [0.5]],
  ['an eBPF program', of(packetSocket('ebpf')), [2]],
  ['an eBPF program on a port of its own', of({ ...listener('udp', 9), filter: 'ebpf' }), [2]],
  [
    'content, by a program of a package',
    { ...of(packetSocket(wordFilter(ETHERNET, { tcp: 0x1234 }))), package: 'nfs-common' },
    [1],
  ],
  ['an eBPF program, by a program of a package', { ...of(packetSocket('ebpf')), package: 'nfs-common' }, [1]],
  [
    'content, by a service of a package',
    { ...of(packetSocket(wordFilter(ETHERNET, { tcp: 0x1234 }))), package: 'nfs-common', unit: 'cron.service' },
    [0.5],
  ],
  [
    'content, by a service of no package',
    { ...of(packetSocket(wordFilter(ETHERNET, { tcp: 0x1234 }))), unit: 'cron.service' },
    [2.5],
  ],
  [
    'content, by a program of a package under a title',
    { ...of(packetSocket(wordFilter(ETHERNET, { tcp: 0x1234 }))), package: 'nfs-common', cmdline: ['worker'] },
    [2.5],
  ],
  ['a filter that was not read', of(packetSocket('unread', { protocol: 3 })), ['the filter of a socket', 1.5]],
];

it.each(cases)('listens for %s', (_, traits, expected, on = healthyHost()) => {
  expect(readBy(listening, traits, on)).toEqual(expected);
});

const NO_PACKAGES = without(healthyHost(), 'package_file');
const rare = portFilter({ protocol: 'udp', destination: 8953 });
it.each([
  ['nobody serves it and nobody asked for it', ['/usr/sbin/statd'], rare, NO_PACKAGES, 2.5],
  ['the arguments name it, as of a capture', ['statd', '-i', 'lo', 'udp', 'port', '8953'], rare, NO_PACKAGES, 2],
  ['no socket that serves one is listed', ['/usr/sbin/statd'], rare, without(NO_PACKAGES, 'inet_socket'), 2],
  ['a list of packages is there', ['/usr/sbin/statd'], rare, healthyHost(), 2],
])('weighs an ear for a port where %s', (_, cmdline, filter, host, expected) => {
  const [weight] = readBy(
    listening,
    { exe: '/usr/sbin/statd', cmdline, sockets: [packetSocket(filter, { protocol: 3 })] },
    host,
  );

  expect(weight).toBe(expected);
});

it('tells of an ear of which nothing more is shown', () => {
  const bare = packetSocket('none', { type: unseen('absent'), protocol: unseen('absent') });

  expect(readBy(listening, of(bare))).toEqual([1.5]);
});
