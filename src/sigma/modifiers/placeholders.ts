import { Refusal } from '../diagnostics.ts';
import type { Position } from '../diagnostics.ts';
import { joinTexts, parseText } from '../text.ts';
import type { SigmaText } from '../text.ts';

/** The values that `%name%` stands for in items with `expand`. Wildcards in them work. */
export type Placeholders = ReadonlyMap<string, readonly string[]>;

/**
 * Fills in the placeholders of a text: one text for each combination of their values.
 *
 * @throws {Refusal} `PLACEHOLDER_UNDEFINED`, or `EXPANSION_TOO_LARGE` beyond `limit` combinations.
 */
export function fillIn(text: SigmaText, placeholders: Placeholders, limit: number, place: Position): SigmaText[] {
  let texts: SigmaText[] = [[]];
  for (const part of text) {
    const choices = part.kind === 'placeholder' ? valuesOf(part.name, placeholders, place) : [[part]];
    if (texts.length * choices.length > limit)
      throw new Refusal('EXPANSION_TOO_LARGE', `more than ${limit} variants of one value`, place);
    texts = texts.flatMap((start) => choices.map((choice) => joinTexts(start, choice)));
  }
  return texts;
}

function valuesOf(name: string, placeholders: Placeholders, place: Position): SigmaText[] {
  const values = placeholders.get(name) ?? [];
  if (values.length === 0) throw new Refusal('PLACEHOLDER_UNDEFINED', `the placeholder %${name}% has no values`, place);
  return values.map((value) => parseText(value));
}
