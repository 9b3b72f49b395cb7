import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyBytes } from '../../../testing/mutations.ts';
import { bytesOf, WATCHDOG } from '../../../testing/signalling.ts';
import { m3uaOf } from '../../../testing/telecom.ts';
import { DIAMETER, M3UA, NGAP, S1AP } from './carried.ts';
import { atOdds, SIGNALLING_NAMES } from './contents.ts';

const judge = (protocol: number, bytes: Uint8Array) => atOdds(protocol, bytes, 0, bytes.length);
const SET_UP = bytesOf('0011 00 0f 0000 01 003b 00 08 00 62f210 00012345');

it.each<[what: string, protocol: number, bytes: Uint8Array, odd: boolean]>([
  ['a message of M3UA', M3UA, m3uaOf(3, 3), false],
  ['one with padding that its length leaves out', M3UA, bytesOf('01000303 0000000a aabb 0000'), false],
  ['one of another version', M3UA, bytesOf('02000303 00000008'), true],
  ['one that is longer than there are bytes', M3UA, bytesOf('01000303 00000010'), true],
  ['one with more behind it than padding', M3UA, bytesOf('01000303 00000008 00000000'), true],
  ['one that is cut', M3UA, bytesOf('010003'), true],
  ['a request of Diameter', DIAMETER, WATCHDOG, false],
  ['TLS as Diameter', DIAMETER, bytesOf('16030100 deadbeef'), true],
  ['a message of S1AP', S1AP, SET_UP, false],
  ['text as NGAP', NGAP, new TextEncoder().encode('hello there'), true],
])('judges %s', (_, protocol, bytes, odd) => expect(judge(protocol, bytes)).toBe(odd));

it('never throws, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(SIGNALLING_NAMES).map(Number)), anyBytes(), (protocol, bytes) => {
      expect([true, false]).toContain(judge(protocol, bytes));
    }),
  );
});
