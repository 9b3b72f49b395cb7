import { describe, expect, it } from 'vitest';
import { be, bytesOf, WATCHDOG } from '../../../testing/signalling.ts';
import { avpsOf, diameter, diameterNames, framedDiameter, isDiameter } from './diameter.ts';

const avp = (code: number, text: string, vendor = 0): Uint8Array => {
  const value = new TextEncoder().encode(text);
  const header = vendor === 0 ? 8 : 12;
  return bytesOf(
    be(code, 4),
    vendor === 0 ? '40' : 'c0',
    be(header + value.length, 3),
    vendor === 0 ? '' : be(vendor, 4),
    value,
    new Uint8Array(-value.length & 3),
  );
};

describe('diameter', () => {
  it('reads the header and where attributes lie', () => {
    expect(diameter(WATCHDOG, 0, WATCHDOG.length)).toEqual({
      length: 36,
      request: true,
      proxiable: false,
      error: false,
      retransmitted: false,
      command: 280,
      application: 0,
      hopByHop: 1,
      endToEnd: 2,
      avps: [{ code: 264, flags: 0x40, vendor: 0, at: 28, end: 36 }],
    });
  });

  it('reads who talks with whom', () => {
    const avps = bytesOf(
      avp(263, 's;1'),
      avp(1, '262011234567890'),
      avp(264, 'mme.a'),
      avp(296, 'a'),
      avp(293, 'hss.b'),
      avp(283, 'b'),
      avp(282, 'dra.a'),
      avp(282, 'dra.b'),
      avp(268, '\0\0\x07\xd1'),
      avp(264, 'of another maker', 10_415),
    );

    expect(diameterNames(avps, { avps: avpsOf(avps, 0, avps.length) })).toEqual({
      session: 's;1',
      user: '262011234567890',
      originHost: 'mme.a',
      originRealm: 'a',
      destinationHost: 'hss.b',
      destinationRealm: 'b',
      routeRecord: ['dra.a', 'dra.b'],
      resultCode: undefined,
    });
  });

  it('reads the result', () => {
    const avps = bytesOf('0000010c 4000000c 000007d1');

    expect(diameterNames(avps, { avps: avpsOf(avps, 0, 12) }).resultCode).toBe(2001);
  });

  it('ends attributes at one that is shorter than itself', () => {
    expect(avpsOf(bytesOf('00000108 40000007 00000108 40000008'), 0, 16)).toEqual([]);
  });

  it.each<[hex: string, is: boolean]>([
    ['01000024 80', true],
    ['02000024 80', false],
    ['01000020 80', false],
    ['01ffffff 80', false],
    ['01000024 81', false],
    ['01000024 a0', false],
    ['01000024', false],
  ])('tells by five bytes whether a message begins: %s', (hex, is) => {
    const bytes = bytesOf(hex);

    expect(isDiameter(bytes, 0, bytes.length)).toBe(is);
  });

  it.each<[hex: string, length: number]>([
    ['01000024 80', 36],
    ['01000024', 0],
    ['', 0],
    ['47455420', -1],
    ['01000024 81', -1],
  ])('says how long the message is that %s begins', (hex, length) => {
    const bytes = bytesOf(hex);

    expect(framedDiameter.lengthOf(bytes, 0, bytes.length)).toBe(length);
  });
});
