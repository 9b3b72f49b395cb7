import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ipBytes, ipText } from './ip-address.ts';

const bytes = (hex: string) => [...Buffer.from(hex.replaceAll(' ', ''), 'hex')];

it.each([
  ['c0000207', '192.0.2.7'],
  ['20010db8 00000000 00000000 00000001', '2001:db8::1'],
  ['20010db8 00000001 00000000 00000001', '2001:db8:0:1::1'],
  ['20010db8 00000001 00010001 00010001', '2001:db8:0:1:1:1:1:1'],
  ['20010db8 00000000 00010000 00000001', '2001:db8::1:0:0:1'],
  ['00000000 00000000 00000000 00000000', '::'],
  ['00000000 00000000 00000000 00000001', '::1'],
  ['fe800000 00000000 00000000 00000000', 'fe80::'],
  ['00000000 00000000 0000ffff c0000207', '::ffff:192.0.2.7'],
])('writes %s as %s', (hex, text) => {
  expect(ipText(bytes(hex))).toBe(text);
});

it.each([
  ['192.0.2.7', 'c0000207'],
  ['2001:db8::1', '20010db8 00000000 00000000 00000001'],
  ['::', '00000000 00000000 00000000 00000000'],
  ['fe80::', 'fe800000 00000000 00000000 00000000'],
  ['::ffff:192.0.2.7', '00000000 00000000 0000ffff c0000207'],
  ['2001:db8:0:1:1:1:1:1', '20010db8 00000001 00010001 00010001'],
])('reads %s as %s', (text, hex) => expect([...ipBytes(text)!]).toEqual(bytes(hex)));

it.each([
  '',
  '1.2.3',
  '1.2.3.256',
  '1.2.3.x',
  '1:2',
  '1::2::3',
  ':::',
  '12345::',
  '1:2:3:4:5:6:7:8:9',
  '::1.2.3',
  'host.example',
])('reads no address in "%s"', (text) => expect(ipBytes(text)).toBeUndefined());

it('reads what it writes', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 })),
      (address) => {
        expect([...ipBytes(ipText(address))!]).toEqual([...address]);
      },
    ),
  );
});

it('never throws, whatever the text', () => {
  fc.assert(fc.property(fc.string(), (text) => void ipBytes(text)));
});
