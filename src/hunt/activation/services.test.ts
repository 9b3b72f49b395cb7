import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat, fromHex, utf8 } from '../../lib/bytes.ts';
import {
  asksDns,
  asksFastOpen,
  bodyOf,
  contentOfChunk,
  hasStrangeLabel,
  isOneWord,
  isRefusal,
  speaksTcp,
  speaksUdp,
} from './services.ts';

const hex = (text: string) => fromHex(text.replaceAll(' ', ''))!;
const QUERY = hex('1234 0100 0001 0000 0000 0000 01 61 00 0001 0001');
const OPAQUE = hex('aeaa eb76 a84b 226b 0035 3b8b d8e8 d802 dc9b cd77 7ce1 d3f1');

it.each([
  [53, QUERY, true],
  [53, OPAQUE, false],
  [161, hex('3026 0201 0104 0670 7562 6c69 63'), true],
  [161, OPAQUE, false],
  [1812, concat([hex('0101 0014'), new Uint8Array(16)]), true],
  [1812, OPAQUE, false],
  [40_000, OPAQUE, undefined],
])('knows of port %s whether a datagram is of its protocol', (port, bytes, expected) => {
  expect(speaksUdp(port, bytes, 0, bytes.length)).toBe(expected);
});

it('knows of ports of TCP what is spoken there', () => {
  expect([speaksTcp(22, 'ssh'), speaksTcp(22, 'text'), speaksTcp(80, 'opaque'), speaksTcp(4444, 'opaque')]).toEqual([
    true,
    false,
    false,
    undefined,
  ]);
});

it('tells a question of DNS from an answer', () => {
  const answer = QUERY.slice();
  answer[2] = 0x81;

  expect([QUERY, answer, OPAQUE].map((bytes) => asksDns(bytes, 0, bytes.length))).toEqual([true, false, false]);
});

it.each([
  ['www.example', false],
  ['a1b2c3d4e5f60718293a.example', true],
  ['averyveryverylongword.example', false],
])('takes %s for a name that is no word: %s', (name, strange) => {
  const bytes = concat([...name.split('.').flatMap((label) => [Uint8Array.of(label.length), utf8(label)]), hex('00')]);

  expect(hasStrangeLabel(bytes, 0, bytes.length)).toBe(strange);
});

it.each([
  ['HTTP/1.1 404 Not Found\r\n', true],
  ['HTTP/1.1 200 OK\r\n', false],
  ['Protocol mismatch.\n', true],
  ['500 unrecognized command\r\n', true],
  ['250 OK\r\n', false],
])('takes %j for a refusal: %s', (text, refusal) => {
  const bytes = utf8(text);

  expect(isRefusal(bytes, 0, bytes.length)).toBe(refusal);
});

it.each([
  ['0204 05b4 0101 0402', false],
  ['0204 05b4 220a 0102 0304 0506 0708', true],
  ['fe04 f989', true],
  ['00 22 02', false],
])('finds Fast Open among the options %s: %s', (options, asked) => {
  const bytes = hex(options);

  expect(asksFastOpen(bytes, 0, bytes.length)).toBe(asked);
});

it('finds what a DATA chunk carries', () => {
  const chunk = concat([hex('0003 0014 00000001 0000 0000 00000000'), hex('deadbeef'), hex('0000')]);

  expect(contentOfChunk(chunk, 0, chunk.length)).toEqual([16, 20]);
});

it.each([
  ['6f5098200c4ec42ac4a1c28bc1', true],
  ['b1BYIAxOxCrEocKLwQ==', true],
  ['name=6f5098200c4ec42a&send=1', false],
  ['{"a":"6f5098200c4ec42a"}', false],
  ['6f50', false],
])('takes %s for one word: %s', (text, word) => {
  const bytes = utf8(text);

  expect(isOneWord(bytes, 0, bytes.length)).toBe(word);
});

it('finds the body behind a head', () => {
  const bytes = utf8('POST / HTTP/1.1\r\nA: b\r\n\r\nbody');

  expect([bodyOf(bytes, 0, bytes.length), bodyOf(bytes, 0, 20)]).toEqual([25, -1]);
});

it('reads any bytes', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 100 }),
      fc.constantFrom(53, 123, 161, 500, 1812, 2123, 5060),
      (bytes, port) => {
        const end = bytes.length;
        expect(typeof speaksUdp(port, bytes, 0, end)).toBe('boolean');
        expect(typeof asksFastOpen(bytes, 0, end)).toBe('boolean');
        expect(typeof hasStrangeLabel(bytes, 0, end)).toBe('boolean');
        const [from, to] = contentOfChunk(bytes, 0, end);
        expect(from <= to && to <= end).toBe(true);
      },
    ),
  );
});

it.each<[string, string, boolean]>([
  ['a question of a client', `23 02 06 e9${' 00'.repeat(44)}`, true],
  ['one with a digest', `23 02 06 e9${' 00'.repeat(44)} 0000 0001${' 9d'.repeat(20)}`, true],
  ['one with an extension', `23 02 06 e9${' 00'.repeat(44)} 0104 0024${' 9d'.repeat(32)}`, true],
  ['a question to the program', `16 02 0007 0000 0000 0000 0004 9d9d9d9d`, true],
  ['bytes whose first fits', `23 9d${' 9d'.repeat(60)}`, false],
  ['bytes that hold less than they say', `16 02 0007 0000 0000 0000 9d9d 9d9d9d9d`, false],
  ['bytes that are too long for a clock', `23 02${' 9d'.repeat(100)}`, false],
])('knows time by its form: %s', (_, text, expected) => {
  const bytes = hex(text);

  expect(speaksUdp(123, bytes, 0, bytes.length)).toBe(expected);
});
