import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../../testing/signalling.ts';
import { gtpHeader, isGtpMessage } from './header.ts';
import { accessPoint, addressText, semiOctets } from './values.ts';
import { gtp1Content } from './version1.ts';
import { gtp2Message } from './version2.ts';

const header = (hex: string) => {
  const bytes = bytesOf(hex);
  return gtpHeader(bytes, 0, bytes.length);
};

describe('gtpHeader', () => {
  it.each<[name: string, hex: string, value: ReturnType<typeof gtpHeader>]>([
    [
      'version 1',
      '30ff 0002 00001234 aabb cc',
      {
        version: 1,
        prime: false,
        type: 255,
        length: 2,
        teid: 0x1234,
        sequence: undefined,
        extensions: [],
        at: 8,
        end: 10,
        trailing: 1,
      },
    ],
    [
      'a sequence number and an extension',
      '36ff 000a 00001234 0007 00 85 01 0002 00 aabb',
      {
        version: 1,
        prime: false,
        type: 255,
        length: 10,
        teid: 0x1234,
        sequence: 7,
        extensions: [{ type: 0x85, at: 13, end: 15 }],
        at: 16,
        end: 18,
        trailing: 0,
      },
    ],
    [
      'an extension without a length',
      '34ff 0008 00001234 0000 00 85 00 000000',
      {
        version: 1,
        prime: false,
        type: 255,
        length: 8,
        teid: 0x1234,
        sequence: undefined,
        extensions: [],
        at: 16,
        end: 16,
        trailing: 0,
      },
    ],
    [
      'version 0',
      '1e01 0000 0007 0008 000000ff 0000000000000000',
      {
        version: 0,
        prime: false,
        type: 1,
        length: 0,
        teid: 8,
        sequence: 7,
        extensions: [],
        at: 20,
        end: 20,
        trailing: 0,
      },
    ],
    [
      'the charging protocol',
      '2ff0 0001 0007 aa',
      {
        version: 1,
        prime: true,
        type: 240,
        length: 1,
        teid: undefined,
        sequence: 7,
        extensions: [],
        at: 6,
        end: 7,
        trailing: 0,
      },
    ],
    ['version 2', '5001 0009 00000100 03000100', undefined],
    ['a cut header', '30ff 0002 0000', undefined],
  ])('reads %s', (_, hex, value) => expect(header(hex)).toEqual(value));

  it('knows which numbers are messages', () => {
    expect([0, 1, 7, 8, 26, 122, 254, 255].map(isGtpMessage)).toEqual([
      false,
      true,
      true,
      false,
      true,
      false,
      true,
      true,
    ]);
  });
});

describe('gtp1Content', () => {
  it('reads who wants which tunnel', () => {
    const bytes = bytesOf(
      '01 80',
      '02 62021121436587f9',
      '0e 05',
      '10 0000000a',
      '11 0000000b',
      '83 0009 03 696e74 04 74657374',
      '85 0004 c0000201',
      '85 0004 c0000202',
      '86 0007 91 942143658709',
      'ff 0003 0007 aa',
    );
    const content = gtp1Content(bytes, 0, bytes.length);

    expect({ ...content, elements: content.elements.map(({ type }) => type) }).toEqual({
      elements: [1, 2, 14, 16, 17, 131, 133, 133, 134, 255],
      unread: 0,
      cause: 128,
      imsi: '262011123456789',
      msisdn: '491234567890',
      accessPoint: 'int.test',
      recovery: 5,
      dataTeid: 10,
      controlTeid: 11,
      nodes: ['192.0.2.1', '192.0.2.2'],
      privateExtensions: [{ type: 255, at: bytes.length - 3, end: bytes.length }],
    });
  });

  it.each<[hex: string, unread: number]>([
    ['0e05 7e aabb', 3], // an element that is not defined and does not tell its length
    ['0e05 83 00ff aa', 4],
    ['0e05 83', 1],
    ['0e05 10 0000', 3],
  ])('says how many bytes it could not read: %s', (hex, unread) => {
    const bytes = bytesOf(hex);

    expect(gtp1Content(bytes, 0, bytes.length)).toMatchObject({ recovery: 5, unread });
  });
});

describe('gtp2Message', () => {
  it('reads a session with the tunnels of its bearers', () => {
    const bytes = bytesOf(
      '4820 005d 00001234 000007 00',
      '01 0008 00 62021121436587f9',
      '02 0002 00 1000',
      '03 0001 00 05',
      '47 0009 00 03 696e74 04 74657374',
      '4c 0006 00 942143658709',
      '57 0009 00 86 0000000a c0000201',
      '5d 000d 00 57 0009 02 80 0000000b c0000202',
      'ff 0003 00 0007 aa',
      'aabb cc',
    );

    const message = gtp2Message(bytes, 0, bytes.length);

    expect({ ...message, elements: message?.elements.map(({ type }) => type) }).toEqual({
      type: 32,
      length: 93,
      teid: 0x1234,
      sequence: 7,
      piggybacked: false,
      elements: [1, 2, 3, 71, 76, 87, 93, 255],
      cause: 16,
      imsi: '262011123456789',
      msisdn: '491234567890',
      accessPoint: 'int.test',
      recovery: 5,
      tunnels: [
        { interface: 6, teid: 10, ipv4: '192.0.2.1', ipv6: undefined },
        { interface: 0, teid: 11, ipv4: '192.0.2.2', ipv6: undefined },
      ],
      privateExtensions: [{ type: 255, instance: 0, at: bytes.length - 6, end: bytes.length - 3 }],
      end: bytes.length - 1,
      unread: 2,
      trailing: 1,
    });
  });

  it('reads a tunnel with both addresses', () => {
    const bytes = bytesOf('4020 0021 000007 00', '57 0019 00 c1 0000000b c0000202 20010db8000000000000000000000001');

    expect(gtp2Message(bytes, 0, bytes.length)).toMatchObject({
      teid: undefined,
      tunnels: [{ interface: 1, teid: 11, ipv4: '192.0.2.2', ipv6: '2001:db8::1' }],
    });
  });

  it.each(['30010009 00000100 03', '48010009 000001 00', '4001'])(
    'takes what is another version, or cut, for none: %s',
    (hex) => {
      const bytes = bytesOf(hex);

      expect(gtp2Message(bytes, 0, bytes.length)).toBeUndefined();
    },
  );
});

describe('values', () => {
  it('reads digits, names and addresses', () => {
    expect(semiOctets(bytesOf('2143f5'), 0, 3)).toBe('12345');
    expect(accessPoint(bytesOf('03696e74'), 0, 4)).toBe('int');
    expect(accessPoint(bytesOf('696e74'), 0, 3)).toBe('int');
    expect(addressText(bytesOf('c000020100'), 0, 4)).toBe('192.0.2.1');
    expect(addressText(bytesOf('c000020100'), 0, 5)).toBeUndefined();
  });
});
