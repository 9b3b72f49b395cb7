import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../../testing/signalling.ts';
import { berInteger, berObjectId, berValue, berValues } from './ber.ts';

const value = (hex: string) => {
  const bytes = bytesOf(hex);
  return berValue(bytes, 0, bytes.length);
};

describe('values of BER', () => {
  it.each<[hex: string, value: ReturnType<typeof berValue>]>([
    ['02012d', { class: 0, constructed: false, tag: 2, at: 2, end: 3, next: 3 }],
    ['a1820001ff', { class: 2, constructed: true, tag: 1, at: 4, end: 5, next: 5 }],
    ['9f8148 01 ff', { class: 2, constructed: false, tag: 200, at: 4, end: 5, next: 5 }],
    ['6280 0500 0000 ff', { class: 1, constructed: true, tag: 2, at: 2, end: 4, next: 6 }],
    ['6280 3080 0000 0000 ff', { class: 1, constructed: true, tag: 2, at: 2, end: 6, next: 8 }],
    // One that is longer than its bytes ends with them.
    ['0405aabb', { class: 0, constructed: false, tag: 4, at: 2, end: 4, next: 4 }],
    ['6280 0500', { class: 1, constructed: true, tag: 2, at: 2, end: 4, next: 4 }],
    ['02', undefined],
    ['0280', undefined],
    ['02850000000001ff', undefined],
    ['9fffffffffff01ff', undefined],
  ])('%s', (hex, expected) => expect(value(hex)).toEqual(expected));

  it('follows values in each other only so deep', () => {
    const bytes = bytesOf('3080'.repeat(5000), '0000'.repeat(5000));

    expect(berValue(bytes, 0, bytes.length)?.end).toBe(bytes.length);
  });

  it('lists values until two zeros or what is none', () => {
    const bytes = bytesOf('0500 02012d 0000 0500');

    expect(berValues(bytes, 0, bytes.length).map(({ tag }) => tag)).toEqual([5, 2]);
  });

  it.each<[hex: string, number: number | undefined]>([
    ['02012d', 45],
    ['0201ff', -1],
    ['02020100', 256],
    ['0200', undefined],
    ['02050102030405', undefined],
  ])('reads the number of %s', (hex, number) => expect(berInteger(bytesOf(hex), value(hex)!)).toBe(number));

  it.each<[hex: string, id: string | undefined]>([
    ['0607 04000001003201', '0.4.0.0.1.0.50.1'],
    ['0603 550406', '2.5.4.6'],
    ['0603 883703', '2.999.3'],
    ['0602 0480', undefined],
    ['060a ffffffffffffffffff7f', undefined],
  ])('reads the object identifier of %s', (hex, id) => expect(berObjectId(bytesOf(hex), value(hex)!)).toBe(id));
});
