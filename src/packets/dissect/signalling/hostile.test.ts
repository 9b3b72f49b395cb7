import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyBytes } from '../../../testing/mutations.ts';
import { BEGIN, bytesOf, chunk, m3uaMessage, unitdata, WATCHDOG } from '../../../testing/signalling.ts';
import { avpsOf, diameter, diameterNames, framedDiameter } from './diameter.ts';
import { gtpHeader } from './gtp/header.ts';
import { gtp1Content } from './gtp/version1.ts';
import { gtp2Message } from './gtp/version2.ts';
import { pfcp } from './pfcp.ts';
import { applicationPart } from './radio/application-part.ts';
import { ngap } from './radio/ngap.ts';
import { s1ap } from './radio/s1ap.ts';
import { x2ap } from './radio/x2ap.ts';
import { berValue, berValues } from './asn1/ber.ts';
import { sctpChunks, sctpData, sctpInit } from './sctp/chunks.ts';
import { m2pa } from './ss7/m2pa.ts';
import { m2ua } from './ss7/m2ua.ts';
import { m3ua } from './ss7/m3ua.ts';
import { mtp2, mtp3 } from './ss7/mtp.ts';
import { sccp } from './ss7/sccp.ts';
import { sua } from './ss7/sua.ts';
import { tcap } from './ss7/tcap.ts';

/** Every reader, by name, with a message of its own. */
const READERS: Readonly<
  Record<string, readonly [(bytes: Uint8Array, at: number, end: number) => unknown, Uint8Array]>
> = {
  sctp: [
    (bytes, at, end) => sctpChunks(bytes, at, end).map((one) => [one, sctpData(bytes, one), sctpInit(bytes, one)]),
    bytesOf(
      chunk(1, 0, bytesOf('00000abc 0000ffff 0010 0020 00000001 0005 0008 c0000201')),
      chunk(0, 3, new Uint8Array(20)),
    ),
  ],
  m3ua: [m3ua, m3uaMessage(3, unitdata(6, 8, BEGIN))],
  m2ua: [m2ua, bytesOf('01000601 00000018 00010008 00000007 0300000c 85 01000000 010001')],
  m2pa: [m2pa, bytesOf('01000b01 00000019 00000001 00000002 00 85 01000000 010001000a00')],
  sua: [
    sua,
    bytesOf('01000701 00000028 0103 0014 0002 0003 8002 0008 00000101 8003 0008 00000006 010b 0006 6210 0000'),
  ],
  mtp2: [mtp2, bytesOf('810a05 85 01')],
  mtp3: [
    (bytes, at, end) => [mtp3(bytes, at, end, 'itu'), mtp3(bytes, at, end, 'ansi')],
    bytesOf('83 010203 040506 07 09'),
  ],
  sccp: [sccp, bytesOf('11 81 0f 04 06 08 0a 024206 024208 02 aabb 1004 83010203 00')],
  ber: [
    (bytes, at, end) => [berValue(bytes, at, end), berValues(bytes, at, end)],
    bytesOf('6280 3080 02012d 0000 0000'),
  ],
  tcap: [tcap, BEGIN],
  diameter: [
    (bytes, at, end) => {
      const message = diameter(bytes, at, end);
      framedDiameter.lengthOf(bytes, at, end);
      return [avpsOf(bytes, at, end), message && diameterNames(bytes, message)];
    },
    WATCHDOG,
  ],
  gtp: [gtpHeader, bytesOf('36ff 000a 00001234 0007 00 85 01 0002 00 aabb')],
  gtp1: [gtp1Content, bytesOf('0180 0e05 100000000a 83 0009 03696e740474657374 85 0004 c0000201 ff 0003 0007aa')],
  gtp2: [gtp2Message, bytesOf('4820 0021 00001234 000007 00 0300 0100 05 5d 000d 00 57 0009 02 80 0000000b c0000202')],
  pfcp: [pfcp, bytesOf('2132 0021 0000000000000001 000007 00 0001 0011 0002 000d 0015 0009 01 0000000a c0000203')],
  part: [applicationPart, bytesOf('00 09 00 0a 00 0001 0000 40 03 400102')],
  s1ap: [s1ap, bytesOf('20 09 00 17 00 0001 0033 40 0f 00 0032 40 0a 0a1f c0000202 0000000a')],
  ngap: [ngap, bytesOf('20 1d 00 16 00 0001 004b 40 0f 00 00 01 0b 00 03e0 c0000204 0000000c')],
  x2ap: [x2ap, bytesOf('00 00 00 09 00 0001 000a 40 02 0123')],
};

/** Where parts of a value lie must be where bytes are. */
function outside(value: unknown, end: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const places = value as { at?: unknown; end?: unknown };
  if (typeof places.at === 'number' && places.at > end + 8) return true;
  if (typeof places.end === 'number' && places.end > end) return true;
  return Object.values(value).some((part) => outside(part, end));
}

describe.each(Object.entries(READERS))('the reader of %s', (_, [read, sample]) => {
  it('reads any bytes without a fault, and points at nothing behind them', () => {
    fc.assert(
      fc.property(anyBytes(), fc.nat(8), (bytes, at) => {
        expect(outside(read(bytes, Math.min(at, bytes.length), bytes.length), bytes.length)).toBe(false);
      }),
    );
  });

  it('reads its own message with bytes changed and cut', () => {
    const changes = fc.array(fc.tuple(fc.nat(sample.length - 1), fc.nat(255)), { maxLength: 6 });
    fc.assert(
      fc.property(changes, fc.nat(sample.length), (changed, end) => {
        const bytes = sample.slice();
        for (const [at, value] of changed) bytes[at] = value;
        expect(outside(read(bytes, 0, end), end)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('ends soon with much of the same', () => {
    for (const byte of [0x00, 0x01, 0x10, 0x30, 0x80, 0xa1, 0xff]) {
      const bytes = new Uint8Array(65_536).fill(byte);
      bytes.set(sample);
      const before = performance.now();
      read(bytes, 0, bytes.length);
      expect(performance.now() - before).toBeLessThan(2000);
    }
  });
});
