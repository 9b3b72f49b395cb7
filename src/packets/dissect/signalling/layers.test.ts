import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  be,
  BEGIN,
  bytesOf,
  chunk,
  dataChunk,
  m3uaMessage,
  sctpPacket,
  udpPacket,
  unitdata,
  WATCHDOG,
} from '../../../testing/signalling.ts';
import { Dissector } from '../dissector.ts';
import { PROTOCOL_NAMES } from '../protocols.ts';
import { wholeReading } from '../whole.ts';

const IPV4 = 228;

/** The layers of frames of one capture, as paths. */
function layersOf(frames: readonly Uint8Array[], link = IPV4): string[] {
  const layers = new Dissector(wholeReading());
  return frames.map((bytes, index) => {
    layers.frame = index + 1;
    layers.dissect(link, bytes, 0, bytes.length);
    return Array.from(layers.protocol.subarray(0, layers.count), (protocol) => PROTOCOL_NAMES[protocol]).join('/');
  });
}

const DIAMETER = 46;
const SACK = chunk(3, 0, new Uint8Array(12));
const whole = dataChunk({ protocol: DIAMETER }, WATCHDOG);
const first = (tsn: number): Uint8Array => dataChunk({ protocol: DIAMETER, tsn, flags: 2 }, WATCHDOG.subarray(0, 8));
const middle = (tsn: number): Uint8Array => dataChunk({ protocol: DIAMETER, tsn, flags: 0 }, WATCHDOG.subarray(8, 16));
const last = (tsn: number): Uint8Array => dataChunk({ protocol: DIAMETER, tsn, flags: 1 }, WATCHDOG.subarray(16));

describe('layers of SCTP', () => {
  it.each<[name: string, packets: readonly Uint8Array[], paths: readonly string[]]>([
    ['a message by its payload identifier', [sctpPacket([whole])], ['ip/sctp/diameter']],
    [
      'by port without one',
      [sctpPacket([dataChunk({ protocol: 0 }, WATCHDOG)], { destination: 3868 })],
      ['ip/sctp/diameter'],
    ],
    [
      'what its port and identifier are not',
      [sctpPacket([dataChunk({ protocol: DIAMETER }, bytesOf('ff'.repeat(40)))], { destination: 3868 })],
      ['ip/sctp'],
    ],
    ['chunks before and behind a message', [sctpPacket([SACK, whole, SACK])], ['ip/sctp/diameter/sctp']],
    [
      'two messages',
      [sctpPacket([whole, dataChunk({ protocol: DIAMETER, tsn: 2 }, WATCHDOG)])],
      ['ip/sctp/diameter/sctp/diameter'],
    ],
    ['a message that is sent again', [sctpPacket([whole]), sctpPacket([whole])], ['ip/sctp/diameter', 'ip/sctp']],
    [
      'the same number in another association',
      [sctpPacket([whole]), sctpPacket([whole], { tag: 8 })],
      ['ip/sctp/diameter', 'ip/sctp/diameter'],
    ],
    [
      'a message in three chunks, in any order',
      [sctpPacket([last(3)]), sctpPacket([first(1)]), sctpPacket([middle(2)])],
      ['ip/sctp', 'ip/sctp', 'ip/sctp/diameter'],
    ],
    [
      'a message whose numbers begin again at 0',
      [sctpPacket([first(0xffffffff)]), sctpPacket([middle(0)]), sctpPacket([last(1)])],
      ['ip/sctp', 'ip/sctp', 'ip/sctp/diameter'],
    ],
    ['a message of which a chunk is missing', [sctpPacket([first(1)]), sctpPacket([last(3)])], ['ip/sctp', 'ip/sctp']],
    [
      'a message in interleaved chunks',
      [
        sctpPacket([chunk(64, 2, bytesOf('00000001 0000 0000 00000000', be(DIAMETER, 4), WATCHDOG.subarray(0, 8)))]),
        sctpPacket([chunk(64, 1, bytesOf('00000009 0000 0000 00000000 00000001', WATCHDOG.subarray(8)))]),
      ],
      ['ip/sctp', 'ip/sctp/diameter'],
    ],
    ['a chunk that says it is shorter than itself', [sctpPacket([bytesOf('00030000'), whole])], ['ip/sctp']],
  ])('%s', (_, packets, paths) => expect(layersOf(packets)).toEqual(paths));
});

const overM3ua = (payload: Uint8Array, tsn = 1): Uint8Array =>
  sctpPacket([dataChunk({ protocol: 3, tsn }, m3uaMessage(3, payload))]);
/** A part of an extended unitdata message, and how many follow. */
const part = (flags: number, data: Uint8Array): Uint8Array =>
  bytesOf(
    '11800f 04 06 08',
    be(8 + data.length, 1),
    '024206',
    '024208',
    be(data.length, 1),
    data,
    '1004',
    be(flags, 1),
    '00000100',
  );

/** A packet the other way: its addresses change places, and its tag is another. */
function turned(packet: Uint8Array): Uint8Array {
  const bytes = packet.slice();
  bytes.set(packet.subarray(12, 16), 16);
  bytes.set(packet.subarray(16, 20), 12);
  bytes[27] = 99;
  return bytes;
}

/** The first message of a dialogue of CAP. */
const CAP_BEGIN = bytesOf(
  '6230 4804 00000001',
  '6b1e 281c 0607 00118605010101 a011 600f 80020780 a109 0607 04000001003201',
  '6c08 a106 020101 02012d',
);

describe('layers of signalling system 7', () => {
  it.each<[name: string, packets: readonly Uint8Array[], paths: readonly string[]]>([
    ['MAP by the subsystem called', [overM3ua(unitdata(6, 200, BEGIN))], ['ip/sctp/m3ua/sccp/tcap/gsm_map']],
    ['MAP by the subsystem calling', [overM3ua(unitdata(200, 8, BEGIN))], ['ip/sctp/m3ua/sccp/tcap/gsm_map']],
    ['CAP', [overM3ua(unitdata(146, 146, BEGIN))], ['ip/sctp/m3ua/sccp/tcap/camel']],
    ['TCAP of an unknown user', [overM3ua(unitdata(10, 10, BEGIN))], ['ip/sctp/m3ua/sccp/tcap']],
    ['an unknown subsystem', [overM3ua(unitdata(200, 201, BEGIN))], ['ip/sctp/m3ua/sccp']],
    ['the management of SCCP', [overM3ua(unitdata(1, 1, bytesOf('0101020304')))], ['ip/sctp/m3ua/sccp/sccpmg']],
    ['CAP by the context of its dialogue', [overM3ua(unitdata(8, 8, CAP_BEGIN))], ['ip/sctp/m3ua/sccp/tcap/camel']],
    [
      'CAP in a dialogue that began so',
      [
        overM3ua(unitdata(8, 8, CAP_BEGIN), 1),
        overM3ua(unitdata(8, 8, bytesOf('6516 4804 00000001 4904 00000002 6c08 a106 020101 02012d')), 2),
        overM3ua(unitdata(8, 8, bytesOf('6516 4804 00000003 4904 00000004 6c08 a106 020101 02012d')), 3),
        turned(overM3ua(unitdata(8, 8, bytesOf('6410 4904 00000001 6c08 a106 020101 02012d')), 1)),
      ],
      ['camel', 'camel', 'gsm_map', 'camel'].map((name) => `ip/sctp/m3ua/sccp/tcap/${name}`),
    ],
    [
      'a message in two parts',
      [overM3ua(part(0x81, BEGIN.subarray(0, 8)), 1), overM3ua(part(0, BEGIN.subarray(8)), 2)],
      ['ip/sctp/m3ua/sccp', 'ip/sctp/m3ua/sccp/sccp.msg.fragments/tcap/gsm_map'],
    ],
    [
      'MTP 3 between two nodes',
      [
        sctpPacket([
          dataChunk({ protocol: 5 }, bytesOf('01000b01 00000019 00000001 00000002 00 85 01000000 010001000a00')),
        ]),
      ],
      ['ip/sctp/m2pa/mtp3/isup'],
    ],
    [
      'the state of a link',
      [sctpPacket([dataChunk({ protocol: 5 }, bytesOf('01000b02 00000014 00000001 00000002 00000001'))])],
      ['ip/sctp/m2pa'],
    ],
    [
      'MTP 3 behind a gateway',
      [
        sctpPacket([
          dataChunk(
            { protocol: 2 },
            bytesOf('01000601 00000018 00010008 00000001 0300000f 85 01000000 010001000a00 00'),
          ),
        ]),
      ],
      ['ip/sctp/m2ua/mtp3/isup'],
    ],
  ])('%s', (_, packets, paths) => expect(layersOf(packets)).toEqual(paths));

  it('reads links without a network below', () => {
    expect(layersOf([bytesOf('810a0c 85 01000000 010001000a00'), bytesOf('810a00')], 140)).toEqual([
      'mtp2/mtp3/isup',
      'mtp2',
    ]);
    expect(layersOf([unitdata(6, 8, BEGIN)], 142)).toEqual(['sccp/tcap/gsm_map']);
  });
});

const INNER = udpPacket(5001, bytesOf('61626364'));
const tunnelled = (payload: Uint8Array): Uint8Array => bytesOf('30ff', be(payload.length, 2), '00001234', payload);
const FRAME = bytesOf('020000000001 020000000002');

describe('layers of GTP and PFCP', () => {
  it.each<[name: string, packet: Uint8Array, path: string]>([
    ['a packet of the user', udpPacket(2152, tunnelled(INNER)), 'ip/udp/gtp/ip/udp'],
    ['one that GTP says is shorter', udpPacket(2152, bytesOf('30ff 000a 00001234', INNER)), 'ip/udp/gtp/ip'],
    ['a frame of the user', udpPacket(2152, tunnelled(bytesOf(FRAME, '0800', INNER))), 'ip/udp/gtp/eth/ip/udp'],
    ['bytes that are neither', udpPacket(2152, tunnelled(bytesOf(FRAME, '1234', INNER))), 'ip/udp/gtp'],
    ['extension headers', udpPacket(2152, bytesOf('34ff 0030 00001234 00000085 01000100', INNER)), 'ip/udp/gtp/ip/udp'],
    [
      'an extension header without a length',
      udpPacket(2152, bytesOf('34ff 0030 00001234 00000085 00000100', INNER)),
      'ip/udp/gtp',
    ],
    ['an echo', udpPacket(2123, bytesOf('3201 0004 00000000 00010000')), 'ip/udp/gtp'],
    ['a number of no message', udpPacket(2123, bytesOf('327a 0004 00000000 00010000')), 'ip/udp'],
    ['a later version', udpPacket(2123, bytesOf('7001 0004 00000000 00010000')), 'ip/udp'],
    ['the charging protocol', udpPacket(3386, bytesOf('2f01 0000 0001')), 'ip/udp/gtpprime'],
    ['version 2', udpPacket(2123, bytesOf('4001 0009 000001 00 0300010000')), 'ip/udp/gtpv2'],
    [
      'one of version 2 on the back of another',
      udpPacket(2123, bytesOf('5001 0009 000001 00 0300010000', '4002 0009 000001 00 0300010000')),
      'ip/udp/gtpv2/gtpv2',
    ],
    ['PFCP', udpPacket(8805, bytesOf('2001 0004 00000100')), 'ip/udp/pfcp'],
    ['two of PFCP', udpPacket(8805, bytesOf('2401 0004 00000100', '2001 0004 00000200')), 'ip/udp/pfcp/pfcp'],
  ])('%s', (_, packet, path) => expect(layersOf([packet])).toEqual([path]));

  it('ends where tunnels lie in tunnels without end', () => {
    let packet = INNER;
    for (let depth = 0; depth < 100; depth++) packet = udpPacket(2152, tunnelled(packet));

    expect(
      layersOf([packet])[0]!
        .split('/')
        .filter((name) => name === 'gtp').length,
    ).toBeLessThanOrEqual(8);
  });

  it('ends where messages follow each other without end', () => {
    expect(layersOf([udpPacket(2123, bytesOf('50010004 00000000'.repeat(500)))])[0]!.split('/').length).toBeLessThan(
      20,
    );
    expect(layersOf([udpPacket(8805, bytesOf('24010000'.repeat(1000)))])[0]!.split('/').length).toBeLessThan(100);
  });
});

describe('hostile input', () => {
  const seeds = [
    sctpPacket([SACK, first(1), last(2), whole]),
    overM3ua(unitdata(6, 8, BEGIN)),
    overM3ua(part(0x81, BEGIN)),
    udpPacket(2152, tunnelled(INNER)),
    udpPacket(2123, bytesOf('5001 0009 000001 00 0300010000', '4002 0009 000001 00 0300010000')),
    udpPacket(8805, bytesOf('2401 0004 00000100', '2001 0004 00000200')),
  ];

  it('never throws, whatever is changed in packets', () => {
    const change = fc.tuple(fc.nat(255), fc.nat(255));
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.array(change, { maxLength: 12 }), fc.nat(255), (seed, changes, cut) => {
        const bytes = seed.slice(0, Math.max(0, seed.length - (cut % 40)));
        // Behind the network's own header, so that the packet stays one.
        for (const [at, value] of changes) if (20 + at < bytes.length) bytes[20 + at] = value;
        for (const path of layersOf([bytes, seed, bytes])) expect(path.startsWith('ip')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
