import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat, fromHex, utf8 } from '../../lib/bytes.ts';
import type { Sight } from '../../packets/flows/sight.ts';
import { address, tcp, TCP } from '../../testing/wire.ts';
import { spotBody, spotEcho, spotLater, spotNextPost, spotSctp, spotSyn, spotTcp, spotUdp } from './spot.ts';

const OPAQUE = fromHex('c30d0000c6336407115ce1f09b02c4a7d85533910c6ef2a8')!;
const HEX = '6f5098200c4ec42ac4a1c28bc1185b07';

function sight(bytes: Uint8Array, destinationPort = 40_000, payload = 0): Sight {
  return { bytes, payload, end: bytes.length, transport: 0, sourcePort: 50_000, destinationPort } as Sight;
}

const syn = (window: number, options: string, payload: Uint8Array = new Uint8Array()) => {
  const bytes = tcp(1, 80, { flags: TCP.syn, window, options: fromHex(options)! }, payload);
  return sight(bytes, 80, bytes.length - payload.length);
};

const SENDER = address('198.51.100.7');

it('keeps what a datagram carried, and whether that is wrong for its port', () => {
  expect([spotUdp(sight(OPAQUE), false), spotUdp(sight(OPAQUE, 161), true)?.wrong]).toEqual([
    { kind: 'udp', bytes: OPAQUE, length: 24, known: undefined, wrong: false },
    true,
  ]);
});

it.each<[string, unknown, string | undefined]>([
  ['a datagram to a port that serves', spotUdp(sight(OPAQUE), true), undefined],
  ['a short line with an address', spotUdp(sight(utf8('wake 198.51.100.7:443')), false), 'udp'],
  ['a text', spotUdp(sight(utf8('hello, who is there?')), false), undefined],
  ['a large datagram', spotUdp(sight(concat(Array.from({ length: 40 }, () => OPAQUE))), false), undefined],
  ['an opaque echo', spotEcho(sight(OPAQUE), SENDER), 'icmp'],
  ['a counting echo', spotEcho(sight(Uint8Array.from({ length: 56 }, (_, index) => index)), SENDER), undefined],
  [
    'an echo with a password that zeros fill up',
    spotEcho(sight(concat([OPAQUE.subarray(0, 10), utf8('secret'), new Uint8Array(8)])), SENDER),
    'icmp',
  ],
  ['an echo mostly of zeros', spotEcho(sight(concat([OPAQUE.subarray(8), new Uint8Array(32)])), SENDER), undefined],
  [
    'one that names its sender',
    spotEcho(sight(concat([OPAQUE.subarray(8), SENDER, new Uint8Array(32)])), SENDER),
    'icmp',
  ],
  ['a word to SSH', spotTcp(sight(utf8('open-sesame'), 22), true), 'tcp'],
  ['a line to SSH', spotTcp(sight(utf8('HELP\r\n'), 22), true), undefined],
  ['first bytes to a web server that greeted', spotTcp(sight(OPAQUE, 80), true), 'tcp'],
  ['first bytes to an unknown port that greeted', spotTcp(sight(OPAQUE), true), undefined],
  ['a POST of one word', spotTcp(sight(utf8(`POST /a HTTP/1.1\r\n\r\n${HEX}`), 80), false), 'post'],
  ['a POST of a form', spotTcp(sight(utf8(`POST /a HTTP/1.1\r\n\r\na=${HEX}&b=1`), 80), false), undefined],
  ['a later POST of one word', spotNextPost(sight(utf8(`POST /a HTTP/1.1\r\n\r\n${HEX}`), 80)), 'post'],
  ['the body of one word', spotBody(sight(utf8(HEX))), 'post'],
  ['a later segment with its sender', spotLater(sight(OPAQUE), address('198.51.100.7')), 'tcp'],
  ['a later segment without', spotLater(sight(OPAQUE), address('198.51.100.8')), undefined],
  ['a SYN', spotSyn(syn(64_240, '020405b4')), undefined],
  ['a SYN with data', spotSyn(syn(64_240, '020405b4', OPAQUE)), 'syn'],
  ['a SYN with data and Fast Open', spotSyn(syn(64_240, '2204abcd', OPAQUE)), undefined],
  ['a SYN with a published window', spotSyn(syn(54_321, '020405b4')), 'syn'],
  ['data of SCTP', spotSctp(sight(concat([fromHex(`00030028${'00'.repeat(12)}`)!, OPAQUE]))), 'sctp'],
  ['INIT of SCTP', spotSctp(sight(concat([fromHex(`01000028${'00'.repeat(12)}`)!, OPAQUE]))), undefined],
])('judges %s', (_, found, kind) => {
  expect((found as { kind: string } | undefined)?.kind).toBe(kind);
});

it('reads the bytes that a POST spells', () => {
  expect(spotBody(sight(utf8(HEX)))?.bytes).toEqual(fromHex(HEX));
  expect(spotBody(sight(utf8('b1CYIAxOxCrEocKLwRg=')))?.bytes.subarray(0, 4)).toEqual(fromHex('6f509820'));
});

it('reads a word that is neither, as far as it goes', () => {
  for (const text of ['AAAAAAAAAAAAAAAAA===', 'AAAAAAAAAAAAAAAA=B==', 'abcdefghijklmnopq'])
    expect(spotBody(sight(utf8(text)))?.kind).toBe('post');
});

it('reads any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(53, 80, 161, 40_000), (bytes, port) => {
      for (const found of [
        spotUdp(sight(bytes, port), false),
        spotTcp(sight(concat([utf8('POST /a HTTP/1.1\r\n\r\n'), bytes]), port), false),
        spotSctp(sight(bytes)),
        spotBody(sight(bytes)),
      ])
        expect((found?.bytes.length ?? 0) <= 128).toBe(true);
    }),
  );
});
