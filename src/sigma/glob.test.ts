import fc from 'fast-check';
import { expect, it } from 'vitest';
import { foldCase } from '../lib/fold.ts';
import { compileGlob } from './glob.ts';
import { parseText } from './text.ts';
import type { Part } from './text.ts';

/** The plainest matcher there is: it tries every way. */
function naive(parts: readonly Part[], characters: readonly string[]): boolean {
  const [part, ...rest] = parts;
  if (part === undefined) return characters.length === 0;
  if (part.kind === 'many') return characters.concat('').some((_, taken) => naive(rest, characters.slice(taken)));
  if (part.kind === 'one') return characters.length > 0 && naive(rest, characters.slice(1));
  if (part.kind !== 'literal') return false;
  const plain = [...part.text];
  return (
    plain.every((character, index) => characters[index] === character) && naive(rest, characters.slice(plain.length))
  );
}

const alphabet = fc.constantFrom('a', 'b', 'A', '*', '?', '\\', '😀', '\n', 'ß', '-');

it('agrees with the plainest matcher', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: alphabet, maxLength: 8 }),
      fc.string({ unit: alphabet, maxLength: 10 }),
      (pattern, value) => {
        const text = parseText(pattern);
        expect(compileGlob(text, true)(value)).toBe(naive(text, [...value]));
        const folded = parseText(foldCase(pattern));
        expect(compileGlob(text, false)(foldCase(value))).toBe(naive(folded, [...foldCase(value)]));
      },
    ),
    { numRuns: 2000 },
  );
});

it('finds every text that its own pattern describes', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 5 }), fc.string(), (pieces, between) => {
      const pattern = pieces.map((piece) => piece.replace(/[\\*?]/g, '\\$&')).join('*');
      expect(compileGlob(parseText(pattern), false)(foldCase(pieces.join(between)))).toBe(true);
    }),
  );
});

it('takes no longer than the text is long', () => {
  const value = 'ab'.repeat(500_000);
  const start = performance.now();
  expect(compileGlob(parseText('*a?b*a?c*'), true)(value)).toBe(false);
  expect(compileGlob(parseText('*aba*abb*'), true)(value)).toBe(false);
  expect(compileGlob(parseText(`*${'a?'.repeat(20)}x`), true)(value)).toBe(false);
  expect(performance.now() - start).toBeLessThan(2000);
});
