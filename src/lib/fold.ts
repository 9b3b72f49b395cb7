// ı is no case of i, although it becomes I in capitals; the others are equal by Unicode's simple folding alone, which
// upper and lower case do not show.
const EXCEPTIONS = new Map([
  ['\u0131', '\u0131'],
  ['\u1fd3', '\u0390'],
  ['\u1fe3', '\u03b0'],
  ['\ufb05', '\ufb06'],
]);
const folded = new Map<string, string>(EXCEPTIONS);

/**
 * A text with all differences of case removed, by Unicode's simple case folding: one character stays one character, and
 * no language has rules of its own. Two texts are equal but for case exactly when their folded forms are equal.
 *
 * @see CaseFolding.txt of Unicode, status C and S
 * @example
 * foldCase('ΣΊΣΥΦΟΣ') === foldCase('σίσυφος'); // true
 */
export function foldCase(text: string): string {
  // ASCII, the common case, needs no look at single characters.
  if (/^[\0-\x7f]*$/.test(text)) return text.toLowerCase();
  let result = '';
  for (const character of text) result += foldCharacter(character);
  return result;
}

function foldCharacter(character: string): string {
  let known = folded.get(character);
  if (known === undefined) {
    const upper = single(character.toUpperCase(), character);
    known = single(upper.toLowerCase(), upper);
    folded.set(character, known);
  }
  return known;
}

/** The changed text when it is one code point, else the original: simple folding makes no two characters of one. */
function single(changed: string, original: string): string {
  return changed.length === String.fromCodePoint(changed.codePointAt(0) ?? 0).length ? changed : original;
}
