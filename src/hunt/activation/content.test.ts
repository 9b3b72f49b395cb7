import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat, fromHex, utf8 } from '../../lib/bytes.ts';
import { contentOf, namesServer } from './content.ts';

const hex = (text: string) => fromHex(text.replaceAll(' ', ''))!;
const counting = (length: number) => Uint8Array.from({ length }, (_, index) => 0x10 + index);

it.each([
  ['empty', hex('')],
  ['ssh', utf8('SSH-2.0-OpenSSH_9.6\r\n')],
  ['tls', hex('16 0303 0040 0102')],
  ['http', utf8('GET / HTTP/1.1\r\n\r\n')],
  ['text', utf8('220 mail ready\r\n')],
  // Behind a time, and from the start.
  ['pattern', concat([hex('d0da0c0000000000'), counting(48)])],
  ['pattern', counting(32)],
  ['pattern', new Uint8Array(40).fill(0xaa)],
  // TPKT, Modbus, BER, DNS over TCP, BitTorrent.
  ['framed', hex('0300 000b 06e0 0000 0000 00')],
  ['framed', hex('0001 0000 0006 1103 006b 0003')],
  ['framed', hex('300c 0201 0160 0702 0103 0400 8000')],
  ['framed', hex('000c 1234 0100 0001 0000 0000 0000')],
  ['framed', concat([hex('13'), utf8('BitTorrent protocol'), new Uint8Array(48)])],
  ['media', concat([hex('0001 0000 2112 a442'), new Uint8Array(12).fill(0x9d)])],
  ['opaque', hex('7255 0000 0c16 308d 01bb c71b 24f2 2387 07c9 305d e9a5 eb8a')],
  ['opaque', hex('ce')],
  // A word, and a password that zeros fill up.
  ['opaque', concat([hex('c30d9f81'), utf8('secret'), new Uint8Array(40)])],
  // It does not begin as text, though most of it is.
  ['opaque', concat([hex('c30d'), utf8('the password of somebody who likes long ones')])],
  ['text', utf8('\u001b[01;32mjoe@host\u001b[0m:~$ ')],
  // Logs, a peer that shares files, flows of a router.
  ['media', concat([hex('1f8b 0800'), new Uint8Array(60).fill(0x9d)])],
  ['media', concat([hex('789c'), new Uint8Array(60).fill(0x9d)])],
  ['media', concat([utf8('d1:ad2:id20:'), new Uint8Array(40).fill(0x9d), utf8('e1:y1:qe')])],
  ['media', concat([hex('0005 0001'), new Uint8Array(68).fill(0x9d)])],
  ['media', concat([hex('0009 0001'), new Uint8Array(16).fill(0x9d), hex('0100 0014'), new Uint8Array(16).fill(0x91)])],
  [
    'opaque',
    concat([hex('0009 0001'), new Uint8Array(16).fill(0x9d), hex('0100 0013'), new Uint8Array(16).fill(0x91)]),
  ],
])('tells %s', (content, bytes) => {
  expect(contentOf(bytes, 0, bytes.length)).toBe(content);
});

const hello = (extensions: string) => {
  const body = `0303${'ab'.repeat(32)}00 0002 1301 01 00 ${(extensions.replaceAll(' ', '').length / 2).toString(16).padStart(4, '0')} ${extensions}`;
  const length = body.replaceAll(' ', '').length / 2;
  const two = (value: number) => value.toString(16).padStart(4, '0');
  return hex(`16 0301 ${two(length + 4)} 01 00 ${two(length)} ${body}`);
};

it.each([
  ['a name', hello('0000 0006 0004 00 0001 61'), true],
  ['no name', hello('000a 0004 0002 001d'), false],
  ['no extensions', hello(''), false],
  ['a hidden hello', hello('fe0d 0002 0000'), true],
  ['a hello that is cut', hello('000a 0004 0002 001d').subarray(0, 40), true],
])('finds in a hello with %s whether it names the server', (_, bytes, named) => {
  expect(namesServer(bytes, 0, bytes.length)).toBe(named);
});

it('reads any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(20), (bytes, at) => {
      expect(typeof contentOf(bytes, at, bytes.length)).toBe('string');
      expect(typeof namesServer(concat([hex('1603010040 01'), bytes]), 0, bytes.length + 6)).toBe('boolean');
    }),
  );
});
