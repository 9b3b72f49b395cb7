import fc from 'fast-check';
import { expect, it } from 'vitest';
import { printable } from './printable.ts';

it.each([
  ['plain ASCII, ümlaut and 漢字 🐍', 'plain ASCII, ümlaut and 漢字 🐍'],
  ['\u001b[31mred', '\\x1b[31mred'],
  ['two\nlines\r\t', 'two\\x0alines\\x0d\\x09'],
  ['gpj\u202eexe', 'gpj\\u202eexe'],
  ['zero\u200bwidth\ufeff', 'zero\\u200bwidth\\ufeff'],
  ['half \ud83d pair \udc0d', 'half \\ud83d pair \\udc0d'],
])('shows %j as %j', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

it('leaves nothing that a terminal acts on', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => void expect(printable(text)).not.toMatch(/\p{Cc}|\p{Cs}/u)),
  );
});
