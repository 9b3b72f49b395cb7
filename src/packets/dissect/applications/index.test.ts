import { expect, it } from 'vitest';
import { concat } from '../../../lib/bytes.ts';
import { CLIENT, datagramTo, reader, SERVER, talkOf } from '../../../testing/talking.ts';
import { be, TCP, tcpFrame, udpFrame } from '../../../testing/wire.ts';

const RECORD = concat([be(8, 22, 3, 1), be(16, 4), be(8, 1, 0, 0, 0)]);
const GET = 'GET / HTTP/1.1\r\n\r\n';

it('asks the port of who was called first, then the lower one', () => {
  const read = reader();
  const client = [CLIENT[0], 80] as const;
  const server = [SERVER, 443] as const;

  expect(read(tcpFrame(client, server, { flags: TCP.ack }, be(8, 1, 2, 3, 4, 5)))).toBe('eth/ip/tcp');
  expect(read(tcpFrame(client, server, { flags: TCP.syn, seq: 900 }))).toBe('eth/ip/tcp');
  expect(read(tcpFrame(client, server, { flags: TCP.ack, seq: 901 }, be(8, 1, 2, 3, 4, 5)))).toBe('eth/ip/tcp/tls');
});

it.each([
  ['by its first bytes', 40_001, GET, 'tcp/http'],
  ['not on a port that takes whatever comes', 1080, GET, 'tcp'],
  ['not in the middle of what a port began in the clear', 3306, concat([be(8, 23, 3, 3, 0, 1, 9)]), 'tcp'],
  ['where a port began in the clear and a handshake follows', 3306, RECORD, 'tcp/tls'],
])('knows a stream %s', (_, port, says, told) => {
  expect(talkOf(port, [{ up: true, says }])).toEqual([told]);
});

it('knows datagrams by either port', () => {
  expect(reader()(udpFrame([CLIENT[0], 53], [SERVER, 9999], be(8, 1)))).toBe('eth/ip/udp/dns');
  expect(datagramTo(53, be(8, 1))).toBe('udp/dns');
  expect(datagramTo(9999, be(8, 1))).toBe('udp');
});
