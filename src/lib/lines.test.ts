import fc from 'fast-check';
import { expect, it } from 'vitest';
import { utf8 } from './bytes.ts';
import { linesOf } from './lines.ts';

const lines = (text: string | Uint8Array, limitBytes?: number) => [
  ...linesOf(typeof text === 'string' ? utf8(text) : text, limitBytes),
];

it('numbers lines from 1 and says where each begins, in bytes', () => {
  expect(lines('é\n\nlast')).toEqual([
    { text: 'é', offset: 0, number: 1 },
    { text: '', offset: 3, number: 2 },
    { text: 'last', offset: 4, number: 3 },
  ]);
});

it('finds no line after the last line feed, and none in nothing', () => {
  expect(lines('one\n').map(({ text }) => text)).toEqual(['one']);
  expect(lines('')).toEqual([]);
});

it('cuts a line at the limit and goes on with the next', () => {
  expect(lines('abcdef\ngh\n', 3).map(({ text }) => text)).toEqual(['abc', 'gh']);
});

it('shows bytes that are no UTF-8 as U+FFFD', () => {
  expect(lines(Uint8Array.of(0x61, 0xff, 0x0a)).map(({ text }) => text)).toEqual(['a\ufffd']);
});

it('never throws, and counts as many lines as there are line feeds and rests', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const feeds = bytes.filter((byte) => byte === 0x0a).length;
      const rest = bytes.length > 0 && bytes.at(-1) !== 0x0a ? 1 : 0;
      expect(lines(bytes)).toHaveLength(feeds + rest);
    }),
  );
});
