import { DASHES } from '../glob.ts';
import { DASH, joinTexts, literal } from '../text.ts';
import type { Part, SigmaText } from '../text.ts';

const EDGE = new RegExp(
  String.raw`(?<![\p{L}\p{N}_])[${DASHES.join('').replace('-', String.raw`\-`)}](?=[\p{L}\p{N}_])`,
  'gu',
);

/**
 * Lets every dash that begins a word stand for all five (`-`, `/`, and U+2013 to U+2015), as the command lines of Windows
 * take them. A dash within a word, or before something else, stays what it is.
 */
export function anyDash(text: SigmaText): SigmaText {
  return text.flatMap((part): readonly Part[] => {
    if (part.kind !== 'literal') return [part];
    const plain = part.text
      .split(EDGE)
      .map((piece): readonly Part[] => (piece === '' ? [] : [{ kind: 'literal', text: piece }]));
    return plain.flatMap((piece, index) => (index === 0 ? piece : [DASH, ...piece]));
  });
}

/** The texts that a text with dashes stands for. */
export function spellOutDashes(text: SigmaText): SigmaText[] {
  return text.reduce<SigmaText[]>(
    (texts, part) =>
      part.kind === 'dash'
        ? texts.flatMap((start) => DASHES.map((dash) => joinTexts(start, literal(dash))))
        : texts.map((start) => joinTexts(start, [part])),
    [[]],
  );
}
