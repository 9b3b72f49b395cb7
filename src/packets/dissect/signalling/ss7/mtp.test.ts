import { expect, it } from 'vitest';
import { bytesOf } from '../../../../testing/signalling.ts';
import { mtp2, mtp3 } from './mtp.ts';

it('reads a signal unit', () => {
  expect(mtp2(bytesOf('810a05 85 01'), 0, 5)).toEqual({ backward: 1, forward: 10, length: 5, at: 3, end: 5 });
  expect(mtp2(bytesOf('810a'), 0, 2)).toBeUndefined();
});

it('reads point codes of 14 bits', () => {
  // 14 bits of destination 2057, 14 of origin 1032, 4 of link 7, least significant byte first.
  const label = 2057 | (1032 << 14) | (7 << 28);
  const bytes = bytesOf('83', Uint8Array.of(label, label >>> 8, label >>> 16, label >>> 24), '09');

  expect(mtp3(bytes, 0, 6, 'itu')).toEqual({
    service: 3,
    network: 2,
    destination: 2057,
    origin: 1032,
    link: 7,
    at: 5,
    end: 6,
  });
});

it('reads point codes of 24 bits', () => {
  expect(mtp3(bytesOf('c3 010203 040506 07 09'), 0, 9, 'ansi')).toEqual({
    service: 3,
    network: 3,
    destination: 0x030201,
    origin: 0x060504,
    link: 7,
    at: 8,
    end: 9,
  });
  expect(mtp3(bytesOf('c3 010203 0405'), 0, 6, 'ansi')).toBeUndefined();
});
