import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromHex } from '../../lib/bytes.ts';
import { Addresses } from '../../packets/flows/addresses.ts';
import { address } from '../../testing/wire.ts';
import { AskedNames } from './asked-names.ts';

/** `a.ex` is 192.0.2.1, behind an alias that is no address. */
const ANSWER = fromHex(
  [
    '123481800001000200000000',
    '01610265780000010001',
    'c00c000500010000006400040162c00e',
    'c00c00010001000000640004c0000201',
  ].join(''),
)!;

it('knows the addresses of answers, and who asked', () => {
  const addresses = new Addresses();
  const names = new AskedNames(addresses);
  names.read(1, ANSWER, 0, ANSWER.length);
  const answer = addresses.at(address('192.0.2.1'), 0, 4);

  expect([names.has(answer), names.has(99), names.asks(1), names.asks(2)]).toEqual([true, false, true, false]);
});

it('reads any bytes, and takes nothing from a question', () => {
  const addresses = new Addresses();
  const names = new AskedNames(addresses);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => names.read(1, bytes, 0, bytes.length)));
  names.read(2, fromHex('1234010000010000000000000161000001000100')!, 0, 20);

  expect(names.asks(2)).toBe(false);
});
