import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat } from '../../../lib/bytes.ts';
import { anyBytes, mutationsOf } from '../../../testing/mutations.ts';
import { CLIENT, datagramTo, reader, SERVER } from '../../../testing/talking.ts';
import { be, icmp, ethernet, ip4, udp, udpFrame } from '../../../testing/wire.ts';
import { looksLikeQuic, quicLong } from './quic.ts';

const NAME = be(8, 1, 2, 3, 4);

interface Made {
  readonly first: number;
  readonly version?: number;
  readonly name?: Uint8Array;
  readonly size?: number;
}

/** A packet with a long header; those that are no first one have no token. */
function long({ first, version = 1, name = NAME, size = 20 }: Made): Uint8Array {
  const token = (first & 0x30) === (version === 0x6b3343cf ? 0x10 : 0) ? be(8, 0) : new Uint8Array();
  return concat([
    be(8, first),
    be(32, version),
    be(8, name.length),
    name,
    be(8, 0),
    token,
    be(16, 0x4000 | size),
    new Uint8Array(size),
  ]);
}

const INITIAL = long({ first: 0xc3 });
const HANDSHAKE = long({ first: 0xe3 });

it('reads long headers', () => {
  const head = { version: 1, destination: NAME, end: INITIAL.length };

  expect(quicLong(INITIAL, 0, INITIAL.length)).toEqual({ ...head, type: 0 });
  expect(quicLong(HANDSHAKE, 0, HANDSHAKE.length)).toEqual({ ...head, type: 2, end: HANDSHAKE.length });
});

it('counts the types of version 2 as those of version 1', () => {
  const types = [0xd3, 0xe3, 0xf3, 0xc3].map((first) => {
    const packet = long({ first, version: 0x6b3343cf });
    return quicLong(packet, 0, packet.length)?.type;
  });

  expect(types).toEqual([0, 1, 2, 3]);
});

it.each<[string, Uint8Array, boolean]>([
  ['version 1', INITIAL, true],
  ['a draft', long({ first: 0xc3, version: 0xff00001d }), true],
  ['a version that says nothing', long({ first: 0xc3, version: 0x1a2a3a4a }), true],
  ['a list of versions', long({ first: 0xc3, version: 0 }), true],
  ['no known version', long({ first: 0xc3, version: 0x12345678 }), false],
  ['too long a name', long({ first: 0xc3, name: new Uint8Array(21) }), false],
  ['a short header', concat([be(8, 0x43), new Uint8Array(20)]), false],
  ['a bit that must be set at first', long({ first: 0x83 }), false],
])('knows whether %s is one', (_, packet, expected) => {
  expect(looksLikeQuic(packet, 0, packet.length)).toBe(expected);
});

it('tells of each packet of a datagram, and of what fills it up', () => {
  const short = be(8, 0x43, 1, 2, 3, 4, 9, 9);

  expect(datagramTo(443, INITIAL)).toBe('udp/quic');
  expect(datagramTo(443, INITIAL, HANDSHAKE, short)).toBe('udp/quic/quic/quic');
  expect(datagramTo(443, INITIAL, new Uint8Array(30))).toBe('udp/quic/quic');
});

it('remembers who speaks it, and what messages quote of it', () => {
  const read = reader();
  const short = udpFrame(CLIENT, [SERVER, 443], be(8, 0x43, 9, 9));

  expect(read(short)).toBe('eth/ip/udp');
  expect(read(udpFrame(CLIENT, [SERVER, 443], INITIAL))).toBe('eth/ip/udp/quic');
  expect(read(short)).toBe('eth/ip/udp/quic');
  const quoted = ip4({ src: CLIENT[0], dst: SERVER, protocol: 17 }, udp(CLIENT[1], 443, be(8, 0x43, 9)));
  const answer = icmp(3, 3, 0, 0, quoted);
  expect(read(ethernet(0x0800, ip4({ src: SERVER, dst: CLIENT[0], protocol: 1 }, answer)))).toBe('eth/ip/icmp/quic');
});

it('never throws, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.oneof(anyBytes(), mutationsOf(concat([INITIAL, HANDSHAKE]))), (bytes) => {
      expect(datagramTo(443, bytes)).toMatch(/^udp/);
      const packet = quicLong(bytes, 0, bytes.length);
      expect(packet === undefined || packet.end <= bytes.length).toBe(true);
    }),
  );
});
