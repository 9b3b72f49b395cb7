import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat } from '../../../lib/bytes.ts';
import { anyBytes, mutationsOf } from '../../../testing/mutations.ts';
import { bytesOf, reader, talkOf, type Said } from '../../../testing/talking.ts';
import { be, ethernet, ip4, tcp, TCP, tcpFrame } from '../../../testing/wire.ts';
import { Dissector } from '../dissector.ts';
import { CORE } from '../core.ts';
import { P } from '../protocols.ts';
import { Streams } from './streams.ts';

/** A message of DNS, with its length before it. */
const message = (size: number): Uint8Array => concat([be(16, size), new Uint8Array(size)]);
const down = (...says: readonly Uint8Array[]): Said[] => says.map((one) => ({ says: one }));

it('tells of a message in the frame that makes it whole', () => {
  const bytes = message(100);

  expect(talkOf(53, down(bytes.subarray(0, 40), bytes.subarray(40, 60), bytes.subarray(60)))).toEqual([
    'tcp',
    'tcp',
    'tcp/dns/tcp.segments',
  ]);
});

it('reads on behind a message that others completed', () => {
  const bytes = concat([message(50), message(20), message(30)]);

  expect(talkOf(53, down(bytes.subarray(0, 40), bytes.subarray(40, 80), bytes.subarray(80)))).toEqual([
    'tcp',
    'tcp/dns/tcp.segments/dns',
    'tcp/dns/tcp.segments',
  ]);
});

it('waits for the length itself', () => {
  const bytes = message(20);

  expect(talkOf(53, down(bytes.subarray(0, 1), bytes.subarray(1)))).toEqual(['tcp', 'tcp/dns/tcp.segments']);
});

it('does not read twice what comes again', () => {
  const bytes = message(20);

  expect(talkOf(53, [{ says: bytes }, { says: bytes, seq: 1 }, { says: message(4) }])).toEqual([
    'tcp/dns',
    'tcp',
    'tcp/dns',
  ]);
});

it('takes a piece of a message that is late', () => {
  const bytes = message(30);
  const [one, two, three] = [bytes.subarray(0, 10), bytes.subarray(10, 20), bytes.subarray(20)];

  expect(talkOf(53, [{ says: one }, { says: three, seq: 21 }, { says: two, seq: 11 }])).toEqual([
    'tcp',
    'tcp',
    'tcp/dns/tcp.segments',
  ]);
});

it('does not read a message whose pieces contradict each other', () => {
  const bytes = message(30);
  const others = concat([bytes, be(8, 0)]).map((byte) => byte ^ 1);

  expect(talkOf(53, [{ says: bytes.subarray(0, 10) }, { says: others, seq: 1 }])).toEqual(['tcp', 'tcp/tcp.segments']);
});

it('goes on behind what was lost', () => {
  expect(talkOf(53, [{ says: message(20) }, { says: message(20), seq: 5000 }])).toEqual(['tcp/dns', 'tcp/dns']);
});

it('reads no words of a reset, and nothing that only asks', () => {
  const bytes = message(20);

  expect(
    talkOf(53, [
      { says: bytes },
      { says: 'x', seq: 22 },
      { says: bytes, flags: TCP.rst },
      { says: new Uint8Array(), flags: TCP.ack },
    ]),
  ).toEqual(['tcp/dns', 'tcp', 'tcp', 'tcp']);
});

it('begins anew with a new handshake between the same ends', () => {
  const bytes = message(20);
  const syn = (seq: number): Said => ({ up: true, says: '', seq, flags: TCP.syn });

  expect(
    talkOf(53, [
      syn(100),
      { up: true, says: bytes.subarray(0, 10), seq: 101 },
      syn(9000),
      { up: true, says: bytes, seq: 9001 },
    ]),
  ).toEqual(['tcp', 'tcp', 'tcp', 'tcp/dns']);
});

it('waits for nothing where the capture kept less than there was', () => {
  const frame = tcpFrame(['192.0.2.1', 40_000], ['198.51.100.2', 53], { flags: TCP.ack }, message(100));

  expect(reader()(frame.subarray(0, frame.length - 50), 0, 50)).toBe('eth/ip/tcp/dns');
  expect(reader()(frame.subarray(0, frame.length - 50))).toBe('eth/ip/tcp');
});

it('takes a segment that fragments brought', () => {
  const read = reader();
  const whole = tcp(40_000, 53, { flags: TCP.ack }, message(100));
  const host = { src: '192.0.2.1', dst: '198.51.100.2', protocol: 6, id: 7 };

  expect(read(ethernet(0x0800, ip4({ ...host, more: true }, whole.subarray(0, 80))))).toBe('eth/ip');
  expect(read(ethernet(0x0800, ip4({ ...host, offset: 80 }, whole.subarray(80))))).toBe('eth/ip/tcp/dns');
});

it('counts what it gives up', () => {
  const streams = new Streams((d, talk) => {
    d.enter(P.dns, 0);
    talk.rest = d.at;
    talk.ask = 1 << 23;
  });
  const d = new Dissector({
    ...CORE,
    uppers: { ...CORE.uppers, tcp: (one, header) => (streams.take(one, header), 0) },
  });
  for (let index = 0; index < 80; index++) {
    const header = { flags: TCP.ack, seq: 1 + index * 60_000 };
    const frame = tcpFrame(['192.0.2.1', 40_000], ['198.51.100.2', 53], header, new Uint8Array(60_000));
    d.frame += 1;
    d.dissect(1, frame, 0, frame.length);
  }

  expect(streams.dropped).toBe(1);
});

it('tells the same however a stream is cut', () => {
  const messages = [3, 500, 1, 90, 17].map(message);
  const bytes = concat(messages);
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 12 }), (cuts) => {
      const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const told = talkOf(53, down(...edges.slice(1).map((to, index) => bytes.subarray(edges[index], to))));

      expect(told.join('/').match(/dns/g)).toHaveLength(messages.length);
    }),
  );
});

it('never throws nor hangs, whatever comes in whatever order', () => {
  const ports = [22, 25, 49, 53, 80, 443, 3306, 3868, 40_001];
  const samples = [
    'GET / HTTP/1.1\r\nContent-Length: 9\r\n\r\n',
    'SSH-2.0-x\r\n\0\0\0\x0c',
    '\x16\x03\x01\0\x20\x01',
    'DATA\r\n',
  ];
  const payload = fc.oneof(anyBytes(), ...samples.map((one) => mutationsOf(bytesOf(one))));
  const segment = fc.record({
    up: fc.boolean(),
    says: payload,
    seq: fc.oneof(fc.integer({ min: 0, max: 2000 }), fc.nat({ max: 0xffff_ffff })),
    flags: fc.integer({ min: 0, max: 63 }),
  });
  fc.assert(
    fc.property(fc.constantFrom(...ports), fc.array(segment, { maxLength: 30 }), (port, segments) => {
      expect(talkOf(port, segments)).toHaveLength(segments.length);
    }),
  );
});
