import { expect, it } from 'vitest';
import type { InetSocket } from '../model/observations/socket.ts';
import { inetSocketView, packetSocketView } from './socket-view.ts';

const packet = { ifindex: 0, uid: 0, inode: 1, netns: 1 };
const inet = (protocol: InetSocket['protocol'], version: 4 | 6, localPort: number) =>
  inetSocketView({
    protocol,
    version,
    localPort,
    localAddress: '::',
    remoteAddress: '::',
    remotePort: 0,
    state: 7,
    uid: 0,
    inode: 1,
    netns: 1,
  });

it('of a packet socket is the frame or the network header, and what it is bound to', () => {
  expect([
    packetSocketView({ ...packet, type: 3, protocol: 0x0003 }),
    packetSocketView({ ...packet, type: 3, protocol: 0x0800 }),
    packetSocketView({ ...packet, type: 2, protocol: 0x86dd }),
  ]).toEqual([{ link: 'ethernet' }, { link: 'ethernet', boundTo: 0x0800 }, { link: 'network', boundTo: 0x86dd }]);
});

it.each([
  ['raw', 4, 1, 'network', { ipProtocol: 1 }],
  ['raw', 6, 58, 'icmp6-socket', {}],
  ['raw', 6, 17, 'any', {}],
  ['udp', 6, 53, 'udp-socket', { port: 53 }],
  ['icmp', 6, 0, 'icmp6-socket', {}],
  ['icmp', 4, 0, 'any', {}],
] as const)('of a %s socket of IPv%d for %d is %s', (protocol, version, port, link, given) => {
  expect(inet(protocol, version, port)).toEqual({ link, ...given });
});
