import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../../testing/signalling.ts';
import { Per } from './per.ts';

const per = (hex: string): Per => {
  const bytes = bytesOf(hex);
  return new Per(bytes, 0, bytes.length);
};

describe('Per', () => {
  it('reads bits, then whole bytes from the next that begins', () => {
    const reader = per('a5ff 1234');

    expect([reader.flag(), reader.bits(2), reader.at, reader.number(2)]).toEqual([true, 1, 1, 0xff12]);
    expect(reader.failed).toBe(false);
  });

  it.each<[hex: string, most: number, number: number]>([
    ['00 07', 4, 7],
    ['40 0100', 4, 256],
    ['c0 ffffffff', 4, 0xffffffff],
    ['80 0000000100', 5, 256],
  ])('reads the number in %s of at most %d bytes', (hex, most, number) => {
    const reader = per(hex);

    expect([reader.counted(most), reader.failed]).toEqual([number, false]);
  });

  it.each<[hex: string, length: number, failed: boolean]>([
    ['05', 5, false],
    ['8123', 0x123, false],
    ['c1', 0, true],
    ['', 0, true],
  ])('reads the length in %s', (hex, length, failed) => {
    const reader = per(hex);

    expect([reader.length(), reader.failed]).toEqual([length, failed]);
  });

  it('says where what is wrapped lies, and that it is cut', () => {
    const reader = per('02aabb 05cc');

    expect([reader.open(), reader.failed, reader.open(), reader.failed]).toEqual([
      { at: 1, end: 3 },
      false,
      { at: 4, end: 5 },
      true,
    ]);
  });
});
