import { describe, expect, it } from 'vitest';
import { bytesOf, m3uaMessage } from '../../../../testing/signalling.ts';
import { adaptationMessage, adaptationParameters } from './adaptation.ts';
import { m2pa } from './m2pa.ts';
import { m2ua } from './m2ua.ts';
import { m3ua } from './m3ua.ts';
import { sua } from './sua.ts';

describe('adaptation layers', () => {
  it('read the header that they share', () => {
    expect(adaptationMessage(bytesOf('01000301 00000008'), 0, 8)).toEqual({
      version: 1,
      class: 3,
      type: 1,
      length: 8,
      at: 8,
    });
    expect(adaptationMessage(bytesOf('01000301 000000'), 0, 7)).toBeUndefined();
  });

  it('read parameters until one that is none, the last cut', () => {
    expect(adaptationParameters(bytesOf('0006 0008 00000001 0004 0005 aa 000000 0210 0020 bb'), 0, 21)).toEqual([
      { tag: 6, at: 4, end: 8 },
      { tag: 4, at: 12, end: 13 },
      { tag: 0x210, at: 20, end: 21 },
    ]);
    expect(adaptationParameters(bytesOf('00060000 00060008'), 0, 8)).toEqual([]);
  });
});

describe('m3ua', () => {
  it('reads where a message goes and where it comes from', () => {
    const bytes = m3uaMessage(3, bytesOf('09'));

    expect(m3ua(bytes, 0, bytes.length)).toEqual({
      version: 1,
      class: 1,
      type: 1,
      length: 28,
      routingContexts: [],
      data: { origin: 0x101, destination: 0x202, service: 3, network: 2, priority: 0, link: 3, at: 24, end: 25 },
    });
  });

  it('reads routing contexts', () => {
    const bytes = bytesOf('01000401 00000014 0006 000c 00000001 00000002');

    expect(m3ua(bytes, 0, bytes.length)).toEqual({
      version: 1,
      class: 4,
      type: 1,
      length: 20,
      routingContexts: [1, 2],
      data: undefined,
    });
  });
});

it.each<[hex: string, value: ReturnType<typeof m2ua>]>([
  [
    '01000601 00000018 00010008 00000007 0300000c 85 01000000 010001',
    { version: 1, class: 6, type: 1, length: 24, interface: 7, data: { at: 20, end: 28 } },
  ],
  [
    '01000601 00000010 03010006 0085',
    { version: 1, class: 6, type: 1, length: 16, interface: undefined, data: { at: 13, end: 14 } },
  ],
])('m2ua reads the link and the message: %s', (hex, value) => {
  const bytes = bytesOf(hex);

  expect(m2ua(bytes, 0, bytes.length)).toEqual(value);
});

it.each<[hex: string, value: ReturnType<typeof m2pa>]>([
  [
    '01000b01 00000012 00000001 00ffffff 80 85',
    {
      version: 1,
      class: 11,
      type: 1,
      length: 18,
      backward: 1,
      forward: 0xffffff,
      priority: 2,
      status: undefined,
      data: { at: 17, end: 18 },
    },
  ],
  [
    '01000b02 00000014 00000001 00000002 00000004',
    {
      version: 1,
      class: 11,
      type: 2,
      length: 20,
      backward: 1,
      forward: 2,
      priority: undefined,
      status: 4,
      data: undefined,
    },
  ],
  ['01000b01 00000010 00000001', undefined],
])('m2pa reads numbers and what they carry: %s', (hex, value) => {
  const bytes = bytesOf(hex);

  expect(m2pa(bytes, 0, bytes.length)).toEqual(value);
});

it('sua reads addresses and the message', () => {
  const bytes = bytesOf(
    '01000701 00000034',
    '0103 0018 0002 0003 8002 0008 00000101 8003 0008 00000006',
    '0102 0010 0002 0001 8003 0008 00000008',
    '010b 0006 6210 0000',
  );

  expect(sua(bytes, 0, bytes.length)).toEqual({
    version: 1,
    class: 7,
    type: 1,
    length: 0x34,
    destination: { pointCode: 0x101, subsystem: 6 },
    source: { pointCode: undefined, subsystem: 8 },
    data: { at: 52, end: 54 },
  });
});
