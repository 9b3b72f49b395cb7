import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addressOf, contains, networkOf } from './network.ts';

const inside = (network: string, address: string) => {
  const [whole, one] = [networkOf(network), addressOf(address)];
  return whole !== undefined && one !== undefined && contains(whole, one);
};

it.each([
  ['10.0.0.0/8', '10.255.1.2', true],
  ['10.0.0.0/8', '11.0.0.1', false],
  ['192.168.96.0/19', '192.168.127.255', true],
  ['192.168.96.0/19', '192.168.128.0', false],
  ['0.0.0.0/0', '2001:db8::1', false],
  ['::/0', '203.0.113.9', false],
  ['203.0.113.9', '203.0.113.9', true],
  ['203.0.113.9/32', '203.0.113.8', false],
  ['fe80::/10', 'fe80:0000:0000:0000:0202:b3ff:fe1e:8329', true],
  ['fe80::/10', 'FE80::1%eth0', true],
  ['fc00::/7', 'fdff::1', true],
  ['10.0.0.0/8', '::ffff:10.1.2.3', true],
  ['10.0.0.0/8', '::ffff:a01:203', true],
  ['::ffff:10.0.0.0/104', '10.1.2.3', true],
  ['::/96', '::1.2.3.4', true],
  ['10.0.0.0/8', '10.010.0.1', false],
  ['10.0.0.0/8', '10.1.2.3:80', false],
  ['10.0.0.0/8', '10.1.2.3/32', false],
])('%s holds %s: %s', (network, address, expected) => {
  expect(inside(network, address)).toBe(expected);
});

it.each([
  '10.0.0.0/33',
  '10.0.0.1/8',
  '10.0.0.0/',
  '10.0.0/8',
  '2001:db8::/129',
  '2001:db8::1/32',
  'fe80::%eth0/10',
  'x',
])('%s is no network', (text) => {
  expect(networkOf(text)).toBeUndefined();
});

it.each([
  '',
  '1',
  '1.2.3',
  '1.2.3.4.5',
  '256.0.0.1',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '12345::',
  '::1.2.3',
  '1.2.3.4::',
  'fe80::1%',
])('%j is no address', (text) => {
  expect(addressOf(text)).toBeUndefined();
});

it('reads back every IPv6 address however it is written', () => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      expect(addressOf(text)).toEqual(addressOf(text.toUpperCase()));
      expect(addressOf(text)).toBeDefined();
    }),
  );
});

it('never throws', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abf:.%/-') }), (text) => void networkOf(text)));
});
