import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Refusal } from '../diagnostics.ts';
import { compileRegex } from './regex.ts';
import type { RegexFlag } from './regex.ts';

const PLACE = { line: 1, column: 1 };
const test = (source: string, text: string, ...flags: RegexFlag[]) => compileRegex(source, flags, PLACE).test(text);

it.each<[source: string, text: string, flags: RegexFlag[], expected: boolean]>([
  ['b', 'abc', [], true],
  ['B', 'abc', [], false],
  ['B', 'abc', ['i'], true],
  ['(?i)B', 'abc', [], true],
  ['a(?i:B)c', 'aBC', [], false],
  ['^b$', 'a\nb\nc', [], false],
  ['^b$', 'a\nb\nc', ['m'], true],
  ['a.b', 'a\nb', [], false],
  ['a.b', 'a\nb', ['s'], true],
  ['^.$', '😀', [], true],
  [String.raw`\bcat\b`, 'a cat.', [], true],
  [String.raw`\d{2,3}\s\w+?`, 'x 12 y', [], true],
  ['(?:a|b)+?c', 'abac', [], true],
  ['[^/]{3,}$', '/a/bcd', [], true],
  ['[]x]', ']', [], true],
  [String.raw`\$\{?input\}?`, '${input}', [], true],
  ['к', 'К', ['i'], true],
])('%s on %j with %j: %s', (source, text, flags, expected) => {
  expect(test(source, text, ...flags)).toBe(expected);
});

it.each(['^(a+)+$', '^(a|aa)+$', '(a*)*b', '(.*a){12}$x', '[ab]*a[ab]{100}c', String.raw`(\w+\s?)*!`])(
  '%s ends in time linear in the text',
  (source) => {
    const regex = compileRegex(source, [], PLACE);
    const start = performance.now();
    regex.test(`${'ab'.repeat(100_000)}\n`);
    regex.test(`${'a'.repeat(200_000)}\n`);
    expect(performance.now() - start).toBeLessThan(3000);
  },
);

it('agrees with the expressions of the language where these are safe', () => {
  const atom = fc.constantFrom(
    'a',
    'b',
    '.',
    '[ab]',
    '[^a]',
    String.raw`\d`,
    String.raw`\w`,
    String.raw`\b`,
    '^',
    '$',
    '(?:a|bb)',
    '(b)',
  );
  const piece = fc
    .tuple(atom, fc.constantFrom('', '', '?', '*', '+', '{1,2}', '*?'))
    .map(([one, times]) => (/[\^$]|\\b/.test(one) && one !== '[^a]' ? one : one + times));
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 6 }),
      fc.boolean(),
      fc.string({ unit: fc.constantFrom('a', 'b', 'B', '1', ' ', '\n'), maxLength: 8 }),
      (pieces, either, text) => {
        const source = pieces.join(either ? '|' : '');
        expect(test(source, text)).toBe(new RegExp(source).test(text));
        expect(test(source, text, 'i', 'm', 's')).toBe(new RegExp(source, 'ims').test(text));
      },
    ),
    { numRuns: 1000 },
  );
});

function failureOf(source: string): unknown {
  try {
    test(source, 'aaa');
    return undefined;
  } catch (error) {
    return error;
  }
}

it('refuses what it cannot compile, and nothing else goes wrong', () => {
  const refusal = new Refusal('REGEX_INVALID', 'none', PLACE);
  const unit = fc.constantFrom(...'()[]{}?*+|\\^$.,-:=!<>aPix019 ');
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 30 }), (source) => {
      expect(failureOf(source) ?? refusal).toBeInstanceOf(Refusal);
    }),
    { numRuns: 2000 },
  );
});
