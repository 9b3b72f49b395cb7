import { expect, it } from 'vitest';
import { fromHex } from '../../lib/bytes.ts';
import { address } from '../../testing/wire.ts';
import { Addresses } from './addresses.ts';

const v6 = fromHex('20010db8000000000000000000000001')!;

it('gives each address one number, wherever it stands', () => {
  const addresses = new Addresses();
  const bytes = Uint8Array.of(9, ...address('192.0.2.1'), ...v6);
  const numbers = [addresses.at(bytes, 1, 4), addresses.at(bytes, 5, 16), addresses.at(address('192.0.2.1'), 0, 4)];

  expect(numbers).toEqual([1, 2, 1]);
  expect(numbers.map((number) => addresses.text(number))).toEqual(['192.0.2.1', '2001:db8::1', '192.0.2.1']);
});

it('takes an IPv4 address that IPv6 wraps for the same', () => {
  const addresses = new Addresses();
  const wrapped = Uint8Array.of(...new Uint8Array(10), 0xff, 0xff, 192, 0, 2, 1);

  expect(addresses.at(wrapped, 0, 16)).toBe(addresses.at(address('192.0.2.1'), 0, 4));
});

it('keeps them apart as they become many', () => {
  const addresses = new Addresses();
  const made = Array.from({ length: 50_000 }, (_, index) =>
    Uint8Array.of(10, index >> 16, (index >> 8) & 255, index & 255),
  );
  const numbers = made.map((bytes) => addresses.at(bytes, 0, 4));

  expect([new Set(numbers).size, addresses.size, addresses.overflowed]).toEqual([50_000, 50_000, false]);
  expect(made.every((bytes, index) => addresses.at(bytes, 0, 4) === numbers[index])).toBe(true);
  expect(addresses.text(numbers[4660]!)).toBe('10.0.18.52');
});

it.each([
  ['10.1.2.3', true, false],
  ['172.31.0.1', true, false],
  ['172.32.0.1', false, false],
  ['100.64.0.1', true, false],
  ['192.168.1.1', true, false],
  ['203.0.113.9', false, false],
  ['224.0.0.5', false, true],
  ['255.255.255.255', false, true],
])('knows %s as private %s, as a group %s', (text, inside, group) => {
  const addresses = new Addresses();
  const number = addresses.at(address(text), 0, 4);

  expect([addresses.isPrivate(number), addresses.isGroup(number)]).toEqual([inside, group]);
});

it('knows neighbours by the usual size of a network', () => {
  const addresses = new Addresses();
  const four = ['192.0.2.1', '192.0.2.254', '192.0.3.1'].map((text) => addresses.at(address(text), 0, 4));
  const six = [0, 1, 2].map((last) => {
    const bytes = v6.slice();
    bytes[last === 2 ? 7 : 15] = 9 + last;
    return addresses.at(bytes, 0, 16);
  });
  const near = ([one = 0, other = 0, far = 0]: readonly number[]) => [
    addresses.areNear(one, other),
    addresses.areNear(one, far),
  ];

  expect([near(four), near(six), addresses.areNear(four[0]!, six[0]!)]).toEqual([[true, false], [true, false], false]);
});
