import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat } from '../../lib/bytes.ts';
import { be } from '../../testing/wire.ts';
import { saysName, speechOf, SPEECH, type Speech } from './speech.ts';

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** A client hello with these extensions. */
function hello(...extensions: readonly Uint8Array[]): Uint8Array {
  const body = concat([be(16, 0x0303), new Uint8Array(32), be(8, 0), be(16, 2, 0x1301), be(8, 1, 0)]);
  const all = concat(extensions);
  const rest = concat([body, be(16, all.length), all]);
  return concat([be(8, 22), be(16, 0x0301, rest.length + 4), be(8, 1), be(24, rest.length), rest]);
}

const NAME = concat([be(16, 0, 16, 14), be(8, 0), be(16, 11), bytes('example.org')]);
const GROUPS = concat([be(16, 10, 4, 2, 29)]);

it.each<[string, Uint8Array, Speech]>([
  ['TLS', hello(), SPEECH.tls],
  ['SSH', bytes('SSH-2.0-OpenSSH_9.2\r\n'), SPEECH.ssh],
  ['HTTP', bytes('GET / HTTP/1.1\r\n'), SPEECH.http],
  ['a mail server', bytes('220 mail.example.org ESMTP\r\n'), SPEECH.lines],
  ['telnet', Uint8Array.of(255, 253, 1, 255, 253, 31), SPEECH.terminal],
  ['Diameter', concat([be(8, 1), be(24, 24), be(8, 0x80), be(24, 257), be(32, 0, 1, 2, 3)]), SPEECH.diameter],
  [
    'DNS in a stream',
    concat([be(16, 18), be(16, 7, 0x0100, 1, 0, 0, 0), be(8, 0), be(16, 1, 1), be(8, 0)]),
    SPEECH.dns,
  ],
  ['Modbus', concat([be(16, 1, 0, 6), be(8, 1, 3), be(16, 0, 1)]), SPEECH.other],
  ['a line of no protocol', bytes('id\n'), SPEECH.text],
  ['a key', Uint8Array.of(0xd8), SPEECH.opaque],
  ['bytes', Uint8Array.of(0x91, 2, 0x33, 0xf4, 5), SPEECH.opaque],
])('knows %s by the first bytes', (_, first, speech) => {
  expect(speechOf(true, first, 0, first.length)).toBe(speech);
});

it.each<[string, Uint8Array, Speech]>([
  ['NTP', concat([be(8, 0x23), new Uint8Array(47)]), SPEECH.ntp],
  ['DNS', concat([be(16, 7, 0x0100, 1, 0, 0, 0), be(8, 0), be(16, 1, 1)]), SPEECH.dns],
  ['anything else', Uint8Array.of(0x91, 2, 0x33, 0xf4, 5), SPEECH.opaque],
])('knows %s of datagrams', (_, first, speech) => {
  expect(speechOf(false, first, 0, first.length)).toBe(speech);
});

it.each<[string, Uint8Array, boolean]>([
  ['a hello with a server name', hello(GROUPS, NAME), true],
  ['a hello without', hello(GROUPS), false],
  ['a request with a host', bytes('GET / HTTP/1.1\r\nhost: example.org\r\n\r\n'), true],
  ['a request with an address', bytes('GET / HTTP/1.1\r\nHost: 192.0.2.1:8080\r\nAccept: *\r\n\r\n'), false],
])('sees whether %s names the other side', (_, first, named) => {
  expect(saysName(speechOf(true, first, 0, first.length), first, 0, first.length)).toBe(named);
});

it('never reads beyond the end, whatever the bytes', () => {
  const starts = fc.constantFrom(hello(NAME), bytes('GET / HTTP/1.1\r\nHost:'), Uint8Array.of(0x80, 46, 1, 3));
  fc.assert(
    fc.property(starts, fc.uint8Array({ maxLength: 80 }), fc.nat(90), fc.boolean(), (start, rest, cut, stream) => {
      const all = concat([start, rest]).subarray(0, cut);
      const speech = speechOf(stream, all, 0, all.length);
      saysName(speech, all, 0, all.length);
      expect(Object.values(SPEECH)).toContain(speech);
    }),
  );
});
