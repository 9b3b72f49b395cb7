import { describe, expect, it } from 'vitest';
import { be, bytesOf } from '../../../../testing/signalling.ts';
import { applicationPart } from './application-part.ts';
import { ngap } from './ngap.ts';
import { s1ap } from './s1ap.ts';
import { network } from './values.ts';
import { x2ap } from './x2ap.ts';

/** An element with its length. */
const element = (id: number, ...value: (string | Uint8Array)[]): Uint8Array => {
  const bytes = bytesOf(...value);
  return bytesOf(be(id, 2), '40', be(bytes.length, 1), bytes);
};

const message = (kind: string, procedure: number, ...elements: Uint8Array[]): Uint8Array => {
  const value = bytesOf('00', be(elements.length, 2), ...elements);
  return bytesOf(kind, be(procedure, 1), '00', be(value.length, 1), value);
};

const [INITIATING, SUCCESSFUL, UNSUCCESSFUL] = ['00', '20', '40'] as const;

describe('applicationPart', () => {
  it('reads which procedure, and its elements', () => {
    const bytes = message(UNSUCCESSFUL, 9, element(0, '0007'), element(2, '00'));

    expect(applicationPart(bytes, 0, bytes.length)).toEqual({
      kind: 'unsuccessful',
      procedure: 9,
      criticality: 0,
      elements: [
        { id: 0, criticality: 1, at: 11, end: 13 },
        { id: 2, criticality: 1, at: 17, end: 18 },
      ],
      cut: false,
    });
  });

  it('says that it is cut', () => {
    const bytes = message(INITIATING, 9, element(0, '0007'), element(2, '00')).subarray(0, 14);

    expect(applicationPart(bytes, 0, bytes.length)).toMatchObject({ elements: [{ id: 0 }], cut: true });
  });

  it.each(['', '00', '8009', '60090000'])('takes %s for none', (hex) => {
    const bytes = bytesOf(hex);

    expect(applicationPart(bytes, 0, bytes.length)).toBeUndefined();
  });
});

describe('s1ap', () => {
  it('reads the user and the tunnel of a bearer that is asked for', () => {
    // The bearer: number 5; class 9, priority 15; 32 bits of address; the tunnel.
    const bearer = element(52, '05 00 09 3c 0f80 c0000201 00000009');
    const bytes = message(INITIATING, 9, element(0, '0007'), element(8, '400102'), element(24, '00', bearer));

    expect(s1ap(bytes, 0, bytes.length)).toMatchObject({
      kind: 'initiating',
      procedure: 9,
      mmeUe: 7,
      enbUe: 0x102,
      tunnels: [{ address: '192.0.2.1', teid: 9 }],
    });
  });

  it('passes bit rates', () => {
    // Rates are numbers of one to five bytes: here of three, whose count takes three bits.
    const bearer = element(17, '0a 80 01 3c', '10 0f4240', '40 0f4240'.repeat(3), '0f80 c0000201 00000009');
    const bytes = message(INITIATING, 5, element(16, '00', bearer));

    expect(s1ap(bytes, 0, bytes.length)?.tunnels).toEqual([{ address: '192.0.2.1', teid: 9 }]);
  });

  it('reads the answer, and the network', () => {
    const bytes = message(
      SUCCESSFUL,
      9,
      element(51, '00', element(50, '0a1f c0000202 0000000a')),
      element(59, '00 62f210 00 0019b0'),
    );

    expect(s1ap(bytes, 0, bytes.length)).toMatchObject({
      network: '262-01',
      enb: 0x19b,
      tunnels: [{ address: '192.0.2.2', teid: 10 }],
      mmeUe: undefined,
      enbUe: undefined,
    });
  });

  it.each<[hex: string, mmeUe: number | undefined, enbUe: number | undefined]>([
    ['00 07 00 09', 7, 9],
    ['40 07', 7, undefined],
    ['80', undefined, undefined],
  ])('reads both names of a user that is let go: %s', (hex, mmeUe, enbUe) => {
    const bytes = message(INITIATING, 23, element(99, hex));

    expect(s1ap(bytes, 0, bytes.length)).toMatchObject({ mmeUe, enbUe });
  });
});

describe('ngap', () => {
  it('reads the user and the tunnel of a session that is asked for', () => {
    const transfer = bytesOf('00 0001', element(139, '01f0 c0000203 0000000b'));
    const bytes = message(
      INITIATING,
      29,
      element(10, '0007'),
      element(85, '0009'),
      element(74, '00', '00 01 0020', be(transfer.length, 1), transfer),
    );

    expect(ngap(bytes, 0, bytes.length)).toMatchObject({
      procedure: 29,
      amfUe: 7,
      ranUe: 9,
      tunnels: [{ address: '192.0.2.3', teid: 11 }],
    });
  });

  it('reads the answer, and the network', () => {
    const bytes = message(
      SUCCESSFUL,
      29,
      element(75, '00', '00 01 0b', '00 03e0 c0000204 0000000c'),
      element(27, '00 62f210 10 000102'),
    );

    expect(ngap(bytes, 0, bytes.length)).toMatchObject({
      network: '262-01',
      gnb: 0x102,
      tunnels: [{ address: '192.0.2.4', teid: 12 }],
    });
  });

  it.each<[hex: string, amfUe: number | undefined, ranUe: number | undefined]>([
    ['00 07 00 09', 7, 9],
    ['40 07', 7, undefined],
    ['c0', undefined, undefined],
  ])('reads both names of a user that is let go: %s', (hex, amfUe, ranUe) => {
    const bytes = message(INITIATING, 41, element(114, hex));

    expect(ngap(bytes, 0, bytes.length)).toMatchObject({ amfUe, ranUe });
  });
});

describe('x2ap', () => {
  it('reads the users and the network', () => {
    const bytes = message(INITIATING, 0, element(10, '0123'), element(9, '0fff'), element(21, '00 62f220'));

    expect(x2ap(bytes, 0, bytes.length)).toMatchObject({ oldUe: 0x123, newUe: 0xfff, network: '262-02', tunnels: [] });
  });

  it('reads the tunnels of a user that is handed over', () => {
    // Number of the user, what it can encipher, key, bit rates, and a bearer.
    const bearer = element(4, '45 00 09 3c 01f0 c0000205 0000000d');
    const context = element(14, '0007 1000040000', new Uint8Array(32), '22 0f4240 40 0f4240', '00', bearer, '01aa');
    const bytes = message(INITIATING, 0, context);

    expect(x2ap(bytes, 0, bytes.length)?.tunnels).toEqual([{ address: '192.0.2.5', teid: 13 }]);
  });

  it('reads the tunnels that are taken', () => {
    const bearer = element(0, '6281f0 c0000206 0000000e 03e0 c0000207 0000000f');
    const bytes = message(SUCCESSFUL, 0, element(1, '00', bearer));

    expect(x2ap(bytes, 0, bytes.length)?.tunnels).toEqual([
      { address: '192.0.2.6', teid: 14 },
      { address: '192.0.2.7', teid: 15 },
    ]);
  });
});

it.each<[hex: string, text: string | undefined]>([
  ['62f210', '262-01'],
  ['130014', '310-410'],
  ['62f2', undefined],
])('reads the network %s', (hex, text) => {
  const bytes = bytesOf(hex);

  expect(network(bytes, 0, bytes.length)).toBe(text);
});
