import { expect, it } from 'vitest';
import type { InetSocket, PacketSocket } from '../../model/observations/socket.ts';
import type { ObservationBody } from '../../model/observations/index.ts';
import { unseen } from '../../model/unseen.ts';
import { changed, healthyHost, HOST_NETNS, type Host } from '../../testing/host.ts';
import { judged, told } from '../../testing/judged.ts';
import { ownerlessSocket } from './ownerless-socket.ts';

const by = [ownerlessSocket];

function packet(more: Partial<PacketSocket> = {}): ObservationBody {
  return {
    kind: 'packet_socket',
    socket: { type: 3, protocol: 0x0800, ifindex: 0, uid: 0, inode: 9901, netns: HOST_NETNS, ...more },
  };
}

function inet(protocol: InetSocket['protocol'], localPort: number): ObservationBody {
  return {
    kind: 'inet_socket',
    socket: {
      protocol,
      version: 4,
      localAddress: '0.0.0.0',
      localPort,
      remoteAddress: '0.0.0.0',
      remotePort: 0,
      state: 7,
      uid: 0,
      inode: 9901,
      netns: HOST_NETNS,
    },
  };
}

const ofIpv4 = { socket: 'packet socket, EtherType 0x0800', inode: 9901 };
const cases: readonly [name: string, host: Host, subjects: readonly object[]][] = [
  ['sockets that processes hold', healthyHost(), []],
  ['a packet socket that nobody holds', [...healthyHost(), packet()], [ofIpv4]],
  [
    'a packet socket of one protocol',
    [...healthyHost(), packet({ protocol: 0x88cc })],
    [{ ...ofIpv4, socket: 'packet socket, EtherType 0x88cc' }],
  ],
  [
    'a raw socket that nobody holds',
    [...healthyHost(), inet('raw', 1)],
    [{ socket: 'raw socket, IP protocol 1', inode: 9901 }],
  ],
  ['a port that nobody holds', [...healthyHost(), inet('udp', 514)], []],
  ['a socket of the kernel', [...healthyHost(), packet({ inode: 0 })], []],
  [
    'a socket whose holder was met when its filter was read',
    [
      ...healthyHost(),
      packet(),
      { kind: 'socket_filter', filter: { inode: 9901, type: 'none', instructions: [], pid: 77, by: 'getsockopt' } },
    ],
    [],
  ],
];

it.each(cases)('%s', (_, host, subjects) => {
  expect(told(judged(host, { by }).findings)).toEqual(
    subjects.map((subject) => ['linux/ownerless-socket', 'high', subject]),
  );
});

const damage: readonly [name: string, host: Host][] = [
  ['descriptors of a process', changed([...healthyHost(), packet()], 352, { socketInodes: unseen('denied') })],
  [
    'descriptors of a process, where every socket has an owner',
    changed(healthyHost(), 352, { socketInodes: unseen('denied') }),
  ],
  ['processes beyond its own namespace', changed([...healthyHost(), packet()], 1, { pidns: 4_026_532_700 })],
  ['the namespace of the first process', changed([...healthyHost(), packet()], 1, { pidns: unseen('denied') })],
];

it.each(damage)('accuses nobody and is not clear where a look could not see the %s', (_, host) => {
  const { findings, verdicts } = judged(host, { by });

  expect(told(findings)).toEqual([]);
  expect(verdicts.get(ownerlessSocket.id)?.verdict).toBe('not_covered');
});

it('knows a socket again, whatever its inode', () => {
  const idOf = (inode: number) => judged([...healthyHost(), packet({ inode })], { by }).findings.map(({ id }) => id);

  expect(idOf(9901)).toEqual(idOf(12_345));
});
