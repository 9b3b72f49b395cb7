import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat } from '../../lib/bytes.ts';
import { answer, CERTIFICATE, certificates, hello, HELLO_DONE, record } from '../../testing/handshakes.ts';
import { anyBytes, mutationsOf } from '../../testing/mutations.ts';
import { connection, recordsOf } from '../../testing/recorded.ts';
import { bytesOf } from '../../testing/talking.ts';
import { be, udpFrame } from '../../testing/wire.ts';

const ASKED = [
  bytesOf('POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'),
  bytesOf('EHLO a\r\nMAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\ntext\r\n.\r\nSTARTTLS\r\n'),
  bytesOf('SSH-2.0-OpenSSH_9.2\r\n'),
  record(hello(12, 'a.example.net')),
];
const ANSWERED = [
  bytesOf('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody'),
  bytesOf('220 x ESMTP\r\n250 ok\r\n354 go\r\n220 now\r\n'),
  concat([record(answer(1)), record(certificates(CERTIFICATE)), record(HELLO_DONE)]),
];
const PORTS = [25, 49, 53, 80, 443, 57722];
const DATAGRAMS = [53, 69, 123, 161, 1812, 9999];

const someOf = (good: readonly Uint8Array[]) =>
  fc.oneof(anyBytes(), ...good.map((bytes) => mutationsOf(bytes)), fc.constantFrom(...good));

it('never throws, and tells texts of bounded length, whatever both ends of a connection say', async () => {
  const said = fc.array(
    fc.oneof(
      someOf(ASKED).map((says) => ({ up: true, says: says.subarray(0, 1400) })),
      someOf(ANSWERED).map((says) => ({ says: says.subarray(0, 1400) })),
      fc.record({ up: fc.boolean(), says: anyBytes().map((says) => says.subarray(0, 1400)), seq: fc.nat(3000) }),
    ),
    { maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...PORTS), said, async (port, segments) => {
      const { records } = await recordsOf(connection(port, segments));
      for (const { text, frames } of records) {
        expect(text.length).toBeLessThanOrEqual(300);
        expect(frames.length).toBeGreaterThan(0);
      }
    }),
  );
});

it('never throws, whatever a datagram holds', async () => {
  const good = [
    concat([
      be(16, 1, 0x8180, 1, 2, 0, 0),
      bytesOf('\x01a\0'),
      be(16, 16, 1, 0xc00c, 16, 1, 0, 9, 3),
      bytesOf('\x02hi'),
    ]),
    be(8, 0x30, 12, 2, 1, 1, 4, 1, 0x70, 0xa3, 4, 2, 2, 0, 0),
    concat([be(8, 1, 7), be(16, 26), new Uint8Array(16), be(8, 1, 6, 97, 98, 99, 100)]),
    bytesOf('\0\x02file\0octet\0'),
  ];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...DATAGRAMS), someOf(good), fc.boolean(), async (port, payload, back) => {
      const [one, other] = [['192.0.2.1', 40_000] as const, ['198.51.100.2', port] as const];
      const bytes = back
        ? udpFrame(other, one, payload.subarray(0, 1400))
        : udpFrame(one, other, payload.subarray(0, 1400));
      expect((await recordsOf([{ bytes }])).records.every(({ text }) => text.length <= 300)).toBe(true);
    }),
  );
});
