import { describe, expect, it } from 'vitest';
import { bytesOf, unitdata } from '../../../../testing/signalling.ts';
import { sccp, sccpAddress } from './sccp.ts';

const read = (bytes: Uint8Array) => sccp(bytes, 0, bytes.length);
const SUBSYSTEM = { bySubsystem: true, pointCode: undefined, title: undefined };

describe('sccp', () => {
  it('reads unitdata', () => {
    expect(read(unitdata(6, 8, bytesOf('6210')))).toEqual({
      type: 9,
      class: 0,
      called: { ...SUBSYSTEM, subsystem: 6 },
      calling: { ...SUBSYSTEM, subsystem: 8 },
      segment: undefined,
      data: { at: 12, end: 14 },
    });
  });

  it('reads a part of an extended unitdata message', () => {
    expect(read(bytesOf('11 81 0f 04 06 08 0a 024206 024208 02 aabb 1004 83010203 00'))).toEqual({
      type: 17,
      class: 1,
      called: { ...SUBSYSTEM, subsystem: 6 },
      calling: { ...SUBSYSTEM, subsystem: 8 },
      segment: { first: true, remaining: 3, reference: 0x010203 },
      data: { at: 14, end: 16 },
    });
  });

  it('reads long unitdata', () => {
    expect(read(bytesOf('13 80 0f 0700 0800 0900 0000 024206 024208 0200 aabb'))).toMatchObject({
      type: 19,
      called: { subsystem: 6 },
      calling: { subsystem: 8 },
      data: { at: 19, end: 21 },
    });
  });

  it('reads the request of a connection', () => {
    expect(read(bytesOf('01 000001 02 02 04 024206 0402 4208 0f 02 aabb 00'))).toEqual({
      type: 1,
      class: 2,
      called: { ...SUBSYSTEM, subsystem: 6 },
      calling: { ...SUBSYSTEM, subsystem: 8 },
      segment: undefined,
      data: { at: 16, end: 18 },
    });
  });

  it.each(['09 00 f0 f1 f2 0242', '09 00 00 00 00', '09', '55 000102'])(
    'finds nothing where pointers lead out: %s',
    (hex) => {
      expect(read(bytesOf(hex))).toMatchObject({ called: undefined, calling: undefined, data: undefined });
    },
  );

  it('is none without a byte', () => expect(sccp(new Uint8Array(), 0, 0)).toBeUndefined());
});

it.each<[hex: string, address: ReturnType<typeof sccpAddress>]>([
  [
    '12 06 00 11 04 21 43 65',
    {
      bySubsystem: false,
      pointCode: undefined,
      subsystem: 6,
      title: { indicator: 4, translation: 0, plan: 1, nature: 4, digits: '12345' },
    },
  ],
  ['43 0102 08', { bySubsystem: true, pointCode: 0x0201, subsystem: 8, title: undefined }],
  ['83 08 010203', { bySubsystem: false, pointCode: 0x030201, subsystem: 8, title: undefined }],
  [
    '06 06 84 2143',
    {
      bySubsystem: false,
      pointCode: undefined,
      subsystem: 6,
      title: { indicator: 1, translation: undefined, plan: undefined, nature: 4, digits: '123' },
    },
  ],
  [
    '88 07 0a 2143',
    {
      bySubsystem: false,
      pointCode: undefined,
      subsystem: undefined,
      title: { indicator: 2, translation: 7, plan: undefined, nature: undefined, digits: 'a01234' },
    },
  ],
  ['43 01', { bySubsystem: true, pointCode: undefined, subsystem: 1, title: undefined }],
  ['', undefined],
])('reads the address %s', (hex, address) => {
  const bytes = bytesOf(hex);

  expect(sccpAddress(bytes, 0, bytes.length)).toEqual(address);
});
