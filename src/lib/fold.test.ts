import fc from 'fast-check';
import { expect, it } from 'vitest';
import { foldCase } from './fold.ts';

it.each([
  ['NMAP', 'nmap'],
  ['MÜLLER', 'müller'],
  ['ΟΔΟΣ', 'οδος'],
  ['\u212a', 'k'], // the Kelvin sign
  ['ſ', 's'],
  ['ẞ', 'ß'],
  ['ДЖ', 'дж'],
  ['𐐀', '𐐨'],
])('%s and %s are equal but for case', (one, other) => {
  expect(foldCase(one)).toBe(foldCase(other));
});

it.each([
  ['ß', 'ss'],
  ['ı', 'i'],
  ['İ', 'i'],
  ['é', 'e'],
])('%s and %s differ', (one, other) => {
  expect(foldCase(one)).not.toBe(foldCase(other));
});

it('agrees with the folding of regular expressions on every character', () => {
  const wrong: string[] = [];
  for (let code = 0; code < 0x20000; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const character = String.fromCodePoint(code);
    const forms = [foldCase(character), character.toUpperCase(), character.toLowerCase()];
    for (const form of forms) {
      if (form === character) continue;
      const equal = new RegExp(`^\\u{${code.toString(16)}}$`, 'iu').test(form);
      if (equal !== (foldCase(form) === foldCase(character))) wrong.push(`${character} ${form}`);
    }
  }
  expect(wrong).toEqual([]);
});

it('changes nothing the second time and keeps the number of characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const once = foldCase(text);
      expect(foldCase(once)).toBe(once);
      expect([...once].length).toBe([...text].length);
    }),
  );
});
