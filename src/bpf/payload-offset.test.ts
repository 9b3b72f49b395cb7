import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromHex } from '../lib/bytes.ts';
import { payloadOffset } from './payload-offset.ts';

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const ipv4 = (protocol: string, { first = '45', fragment = '0000' } = {}) =>
  `${first}00 0000 0000 ${fragment} 40${protocol} 0000 c6336407 c000020a ${'00'.repeat((parseInt(first, 16) & 15) * 4 - 20)}`;
const ipv6 = (next: string) => `60000000 0000 ${next} 40 ${'00'.repeat(32)}`;
const rest = '00'.repeat(60);

it.each([
  ['UDP', IPV4, ipv4('11') + rest, 28],
  ['UDP behind IP options', IPV4, ipv4('11', { first: '47' }) + rest, 36],
  ['TCP with options', IPV4, `${ipv4('06')}${'00'.repeat(12)}80${rest}`, 52],
  ['TCP that lies about its header', IPV4, `${ipv4('06')}${'00'.repeat(12)}10${rest}`, 40],
  ['TCP cut short', IPV4, `${ipv4('06')}${'00'.repeat(12)}`, 20],
  ['SCTP', IPV4, ipv4('84') + rest, 32],
  ['a transport that has no known header', IPV4, ipv4('ff') + rest, 20],
  ['the first piece of a packet', IPV4, ipv4('11', { fragment: '2000' }) + rest, 28],
  ['a later piece', IPV4, ipv4('11', { fragment: '0001' }) + rest, 20],
  ['UDP over IPv6', IPV6, ipv6('11') + rest, 48],
  ['ICMPv6 behind hop-by-hop options', IPV6, `${ipv6('00')}3a01${'00'.repeat(14)}${rest}`, 64],
  ['a later piece over IPv6', IPV6, `${ipv6('2c')}11000008 00000000${rest}`, 48],
  ['the first piece over IPv6', IPV6, `${ipv6('2c')}11000001 00000000${rest}`, 56],
  ['IPv4 in IPv6', IPV6, ipv6('04') + ipv4('11') + rest, 68],
  ['a VLAN tag', 0x8100, `00640800${ipv4('11')}${rest}`, 32],
  ['ARP', 0x0806, rest, 0],
  ['an IPv4 header cut short', IPV4, ipv4('11').slice(0, 30), 0],
  ['an IPv4 header that is too short', IPV4, ipv4('11').replace('45', '44') + rest, 0],
  ['an IPv6 header cut short', IPV6, ipv6('11').slice(0, 60), 0],
  ['a protocol that Linux does not look into', 0x88cc, rest, 0],
  ['GRE, which Linux enters', IPV4, ipv4('2f') + rest, undefined],
  ['MPLS, which Linux enters', 0x8847, rest, undefined],
])('finds the payload of %s', (_, protocol, hex, expected) => {
  expect(payloadOffset(fromHex(hex) ?? new Uint8Array(), 0, protocol)).toBe(expected);
});

it('counts from the start of the packet', () => {
  expect(payloadOffset(fromHex(`${'00'.repeat(14)}${ipv4('11')}${rest}`) ?? new Uint8Array(), 14, IPV4)).toBe(42);
});

it('ends after tags without end', () => {
  expect(
    payloadOffset(
      new Uint8Array(9000).fill(0x81).map((_, at) => (at % 4 === 2 ? 0x81 : 0)),
      0,
      0x8100,
    ),
  ).toBe(64);
});

it('never leads far beyond the packet, whatever the bytes', () => {
  const protocols = fc.constantFrom(IPV4, IPV6, 0x8100, 0x0806);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), protocols, (packet, protocol) => {
      expect(payloadOffset(packet, 0, protocol) ?? 0).toBeLessThanOrEqual(packet.length + 60);
    }),
  );
});
