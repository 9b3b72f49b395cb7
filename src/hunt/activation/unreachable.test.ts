import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat } from '../../lib/bytes.ts';
import { P } from '../../packets/dissect/protocols.ts';
import type { Sight } from '../../packets/flows/sight.ts';
import { be, icmp, ip4, udp } from '../../testing/wire.ts';
import { refusedPorts } from './unreachable.ts';

const quoted = ip4({ src: '192.0.2.1', dst: '192.0.2.2', protocol: 17 }, udp(4321, 33_434, new Uint8Array(8)));
const quoted6 = concat([
  be(32, 0x60000000),
  be(16, 16),
  be(8, 17, 64),
  new Uint8Array(32),
  udp(1, 2, new Uint8Array(8)),
]);
const of = (bytes: Uint8Array, protocol: number = P.icmp) =>
  refusedPorts({ protocol, bytes, transport: 0, payload: 8, end: bytes.length } as Sight);

it('reads the ports of what was refused', () => {
  expect([of(icmp(3, 3, 0, 0, quoted)), of(icmp(1, 4, 0, 0, quoted6), P.icmpv6)]).toEqual([
    [4321, 33_434],
    [1, 2],
  ]);
});

it('takes nothing else for a refusal', () => {
  const tcp = ip4({ src: '192.0.2.1', dst: '192.0.2.2', protocol: 6 }, new Uint8Array(8));

  expect([
    of(icmp(3, 1, 0, 0, quoted)),
    of(icmp(3, 3, 0, 0, tcp)),
    of(icmp(3, 3, 0, 0, quoted.subarray(0, 21))),
  ]).toEqual([undefined, undefined, undefined]);
});

it('reads any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 60 }), (bytes) => void of(concat([be(16, 0x0303), bytes]))),
  );
});
