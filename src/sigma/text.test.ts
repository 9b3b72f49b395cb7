import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyDash, spellOutDashes } from './modifiers/windash.ts';
import { joinTexts, literal, parseText, plainText, widen } from './text.ts';
import type { SigmaText } from './text.ts';

/** A text as one would note it: `*` and `?` for the wildcards, `-` for any dash, names in angle brackets, the plain in quotes. */
function noted(text: SigmaText): string {
  return text
    .map((part) => {
      if (part.kind === 'literal') return JSON.stringify(part.text);
      return part.kind === 'placeholder' ? `<${part.name}>` : { many: '*', one: '?', dash: '-' }[part.kind];
    })
    .join('');
}

it.each([
  [String.raw`a*b?`, '"a"*"b"?'],
  [String.raw`a**b`, '"a"*"b"'],
  [String.raw`a\*b`, '"a*b"'],
  [String.raw`a\\*b`, String.raw`"a\\"*"b"`],
  [String.raw`a\\\*b`, String.raw`"a\\*b"`],
  [String.raw`a\\\b`, String.raw`"a\\\\b"`],
  [String.raw`a\\\\b`, String.raw`"a\\\\b"`],
  [String.raw`a\b`, String.raw`"a\\b"`],
  ['a\\', String.raw`"a\\"`],
  ['%a%', '"%a%"'],
  ['', ''],
])('%s is %s', (source, expected) => {
  expect(noted(parseText(source))).toBe(expected);
});

it.each([
  ['%a%', '<a>'],
  ['x%a%%b%y', '"x"<a><b>"y"'],
  [String.raw`\%a\%`, '"%a%"'],
  [String.raw`\\%a%`, String.raw`"\\"<a>`],
  ['100% of %', '"100% of %"'],
])('%s with placeholders is %s', (source, expected) => {
  expect(noted(parseText(source, { placeholders: true }))).toBe(expected);
});

it.each([
  ['a', 'contains', '*"a"*'],
  ['*a', 'contains', '*"a"*'],
  ['', 'contains', '*'],
  ['', 'startswith', '*'],
  ['*', 'endswith', '*'],
  ['a', 'startswith', '"a"*'],
  ['a', 'endswith', '*"a"'],
  ['a*', 'startswith', '"a"*'],
] as const)('%j by %s is %s', (source, side, expected) => {
  expect(noted(widen(parseText(source), side))).toBe(expected);
});

it.each([
  [' -enc /c \u2013x', '" "-"enc "-"c "-"x"'],
  ['-a', '-"a"'],
  ['*/a', '*-"a"'],
  ['a-b', '"a-b"'],
  ['--safe', '"-"-"safe"'],
  ['- a', '"- a"'],
  ['-*', '"-"*'],
])('any dash of %s is %s', (source, expected) => {
  expect(noted(anyDash(parseText(source)))).toBe(expected);
});

it('spells out five texts a dash', () => {
  expect(spellOutDashes(anyDash(literal('-a /b'))).map(plainText)).toHaveLength(25);
});

it('joins texts as their sources', () => {
  const source = fc.string({ unit: fc.constantFrom('a', '?', 'b') });
  fc.assert(
    fc.property(source, source, (one, other) => {
      expect(joinTexts(parseText(one), parseText(other))).toEqual(parseText(one + other));
    }),
  );
});
