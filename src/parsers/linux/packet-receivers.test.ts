import { expect, it } from 'vitest';
import { bodiesOf, parseBeside } from '../../testing/evidence.ts';
import { packetReceivers } from './packet-receivers.ts';

const NET = (...rows: readonly string[]) => rows.map((row) => `1/net/${row}\n`).join('');
const PTYPE = ['ptype:Type Device      Function', 'ptype:ALL           packet_rcv', 'ptype:0800 eth0     tpacket_rcv'];
const PACKETS = [
  'packet:sk               RefCnt Type Proto  Iface R Rmem   User   Inode',
  'packet:0000000000000000 3      3    0800   2     1 0      0      5001',
  'packet:0000000000000000 3      3    0000   2     0 0      0      5002',
];
const LINKS = { 'command/process-links': '1/ns/net\0net:[4026531840]\0' };

function receiversIn(table: string, links: Record<string, string> = LINKS) {
  return bodiesOf(parseBeside(packetReceivers, { '/proc/*/net': table, ...links })).map((body) =>
    body.kind === 'socket_count' ? [body.count.counted, body.count.listed] : [],
  );
}

it('counts the receivers of packet sockets beside the packet sockets that receive, once for each time they stand there', () => {
  expect(receiversIn(NET(...PTYPE, ...PACKETS, ...PTYPE))).toEqual([
    [2, 1],
    [2, 1],
  ]);
});

it('lets no socket of another kind explain a receiver', () => {
  const capture = 'packet:0000000000000000 3      3    0003   2     1 0      0      5003';

  expect(receiversIn(NET(...PTYPE, ...PACKETS, capture, capture))).toEqual([[2, 1]]);
  expect(receiversIn(NET(...PTYPE, ...PACKETS, capture.replace('0003   2', '0003   0')))).toEqual([[2, 2]]);
});

it('takes a receiver of no interface for one of any namespace, and of a fanout group for none', () => {
  const other = '2/net/packet:sk\n2/net/packet:0000000000000000 3 3 0003 0 1 0 0 6001\n';
  const links = { 'command/process-links': '1/ns/net\0net:[4026531840]\x002/ns/net\0net:[4026532000]\0' };

  expect(receiversIn(`${NET(...PTYPE, 'ptype:ALL eth0 packet_rcv_fanout', ...PACKETS)}${other}`, links)).toEqual([
    [2, 2],
  ]);
});

it('does not compare with what it has not seen whole', () => {
  const more = { 'command/process-links': '1/ns/net\0net:[4026531840]\x002/ns/net\0net:[4026532000]\0' };

  expect(receiversIn(NET(...PTYPE, ...PACKETS), more)).toEqual([[2, { unseen: 'absent' }]]);
  expect(receiversIn(NET(...PTYPE))).toEqual([]);
  expect(receiversIn(NET(...PACKETS, 'ptype:ALL packet_rcv'))).toEqual([]);
});
