import { expect, it } from 'vitest';
import { concat } from '../../lib/bytes.ts';
import { connection, fieldsOf, recordsOf } from '../../testing/recorded.ts';
import { bytesOf } from '../../testing/talking.ts';
import { be, udpFrame, type MadeFrame } from '../../testing/wire.ts';

const HOST = ['192.0.2.1', 40_000] as const;
const SERVER = ['198.51.100.2', 53] as const;

/** A message about www.example.com, or a name in the form of labels. */
function message(
  flags: number,
  type: number,
  answers: readonly Uint8Array[] = [],
  name = '\x03www\x07example\x03com\0',
) {
  return concat([be(16, 0x1234, flags, 1, answers.length, 0, 0), bytesOf(name), be(16, type, 1), ...answers]);
}

const answerOf = (type: number, data: Uint8Array) =>
  concat([be(16, 0xc00c, type, 1), be(32, 60), be(16, data.length), data]);

const QUERY = message(0x0100, 1);
const ANSWER = message(0x8180, 1, [
  answerOf(5, bytesOf('\x01a\xc0\x10')),
  answerOf(1, be(8, 192, 0, 2, 9)),
  answerOf(28, concat([be(16, 0x2001, 0xdb8), new Uint8Array(11), be(8, 7)])),
  answerOf(15, concat([be(16, 10), bytesOf('\x02mx\xc0\x10')])),
  answerOf(16, bytesOf('\x02hi\x03you')),
  answerOf(10, bytesOf('xyz')),
]);

const there = (at: number, payload: Uint8Array): MadeFrame => ({ at, bytes: udpFrame(HOST, SERVER, payload) });
const back = (at: number, payload: Uint8Array): MadeFrame => ({ at, bytes: udpFrame(SERVER, HOST, payload) });

const PAIR = {
  trans_id: 0x1234,
  query: 'www.example.com',
  query_length: 15,
  qtype: 1,
  qtype_name: 'A',
  rcode: 0,
  rcode_name: 'NOERROR',
  AA: false,
  TC: false,
  RD: true,
  RA: true,
  Z: 0,
  answers: ['a.example.com', '192.0.2.9', '2001:db8::7', 'mx.example.com', 'TXT 2 hi TXT 3 you', '<NULL>'],
  TTLs: [60, 60, 60, 60, 60, 60],
  rejected: false,
  unasked: false,
};

it('pairs a query with its answer, over either transport', async () => {
  const udp = await recordsOf([there(1, QUERY), there(1.5, QUERY), back(2, ANSWER)]);
  const framed = (payload: Uint8Array) => concat([be(16, payload.length), payload]);
  const tcp = await recordsOf(connection(53, [{ up: true, says: framed(QUERY) }, { says: framed(ANSWER) }]));

  for (const { records } of [udp, tcp]) expect(fieldsOf(records, 'dns')).toEqual([PAIR]);
  expect(udp.records[0]).toMatchObject({ host: '192.0.2.1', dstPort: 53, frames: [{ frame: 1 }, { frame: 3 }] });
});

it('tells a query without an answer once it waited for long', async () => {
  const { records } = await recordsOf([there(1, QUERY), there(30, message(0x0100, 10)), back(31, message(0x8185, 10))]);

  expect(fieldsOf(records, 'dns')).toMatchObject([
    { qtype_name: 'A', rejected: false, RA: false },
    { qtype_name: 'NULL', rcode_name: 'REFUSED', rejected: true },
  ]);
  expect(records[0]!.fields).not.toHaveProperty('rcode');
});

it('knows an answer that nobody asked for, and bits that should be zero', async () => {
  const { records } = await recordsOf([back(1, message(0x81c0, 16, [answerOf(16, bytesOf('\x03run'))]))]);

  expect(fieldsOf(records, 'dns')).toMatchObject([{ unasked: true, qtype_name: 'TXT', answers: ['TXT 3 run'], Z: 4 }]);
  expect(records[0]).toMatchObject({ host: '192.0.2.1', peer: '198.51.100.2', dstPort: 53 });
});

it('finds it on other ports by what a flow begins with', async () => {
  const other = ['198.51.100.2', 8053] as const;
  const { records } = await recordsOf([
    { at: 1, bytes: udpFrame(HOST, other, QUERY) },
    { at: 2, bytes: udpFrame(other, HOST, ANSWER) },
    { at: 3, bytes: udpFrame(HOST, ['198.51.100.2', 9000], bytesOf('something else altogether')) },
  ]);

  expect(fieldsOf(records, 'dns')).toEqual([PAIR]);
});
