import { expect, it } from 'vitest';
import { concat } from '../../lib/bytes.ts';
import type { WireService } from '../../model/observations/traffic.ts';
import { connection, fieldsOf, recordsOf } from '../../testing/recorded.ts';
import { bytesOf } from '../../testing/talking.ts';
import { be, udpFrame } from '../../testing/wire.ts';

const value = (tag: number, ...parts: readonly Uint8Array[]) => {
  const content = concat(parts);
  return concat([be(8, tag, content.length), content]);
};
const integer = (number: number) => value(2, be(8, number));
/** A message that sets sysName.0, 1.3.6.1.2.1.1.5.0. */
const SET = value(
  0x30,
  integer(1),
  value(4, bytesOf('private')),
  value(
    0xa3,
    ...[1, 0, 0].map(integer),
    value(0x30, value(0x30, value(6, be(8, 0x2b, 6, 1, 2, 1, 1, 5, 0)), value(4, bytesOf('r1')))),
  ),
);
const RADIUS = concat([
  be(8, 1, 7),
  be(16, 37),
  new Uint8Array(16),
  be(8, 1, 7),
  bytesOf('admin'),
  be(8, 4, 6, 192, 0, 2, 8),
  be(8, 31, 4),
  bytesOf('m1'),
]);

it.each<[WireService, number, Uint8Array, object]>([
  ['snmp', 161, SET, { version: '2c', community: 'private', request: 'set', oids: ['1.3.6.1.2.1.1.5.0'] }],
  ['snmp', 161, value(0x30, integer(3), value(0x30, integer(1))), { version: '3' }],
  ['radius', 1812, RADIUS, { result: 'Access-Request', username: 'admin', nas_ip: '192.0.2.8', mac: 'm1' }],
  ['ntp', 123, concat([be(8, 0x23, 2), new Uint8Array(46)]), { version: 4, mode: 3, stratum: 2, message_len: 48 }],
  ['tftp', 69, bytesOf('\0\x02r1-confg\0OCTET\0'), { request: 'write', fname: 'r1-confg', mode: 'octet' }],
])('reads %s to port %i', async (service, port, payload, fields) => {
  const { records } = await recordsOf([{ bytes: udpFrame(['192.0.2.1', 40_000], ['198.51.100.2', port], payload) }]);

  expect(fieldsOf(records, service)).toEqual([fields]);
});

it('knows an answer by the port that it comes from', async () => {
  const frame = udpFrame(['198.51.100.2', 161], ['192.0.2.1', 40_000], SET);

  expect((await recordsOf([{ bytes: frame }])).records).toMatchObject([{ host: '192.0.2.1', dstPort: 161 }]);
});

it('tells a request of TACACS, and whether its server is another one', async () => {
  const request = concat([be(8, 0xc0, 1, 1, 1), be(32, 5, 3), bytesOf('abc')]);
  const frames = connection(49, [{ up: true, says: request }]);
  const other = connection(49, [{ up: true, says: request }], ['192.0.2.1', 40_001], '203.0.113.9');

  expect(fieldsOf((await recordsOf([...frames, ...other])).records, 'tacacs')).toEqual([
    { type: 'authentication', unencrypted: true, new_server: false },
    { type: 'authentication', unencrypted: true, new_server: true },
  ]);
});

it.each([
  [
    'a flow that was answered',
    [{ up: true, says: 'x' }, { says: 'yy' }],
    { conn_state: 'SF', orig_bytes: 1, resp_bytes: 2 },
  ],
  ['one without a word', [], { conn_state: 'SF', orig_bytes: 0, resp_bytes: 0 }],
])('tells %s', async (_, said, fields) => {
  const { records } = await recordsOf(connection(9, said), ['conn']);

  expect(fieldsOf(records, 'conn')).toMatchObject([{ ...fields, duration: 3 + said.length, local_orig: false }]);
});
