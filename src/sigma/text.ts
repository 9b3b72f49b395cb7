/** A piece of a Sigma text: plain characters, a wildcard, any of the five dashes, or a placeholder that is not filled in yet. */
export type Part =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'many' }
  | { readonly kind: 'one' }
  | { readonly kind: 'dash' }
  | { readonly kind: 'placeholder'; readonly name: string };

export type SigmaText = readonly Part[];

export const MANY: Part = { kind: 'many' };
export const ONE: Part = { kind: 'one' };
export const DASH: Part = { kind: 'dash' };

const PLACEHOLDER = /%([\p{L}\p{N}_.-]+)%/uy;

/**
 * Splits a value into plain text and wildcards. `\*`, `\?` and `\\` stand for the plain characters; a backslash before
 * anything else is itself.
 *
 * @param placeholders Whether `%name%` is a placeholder and `\%` a plain percent sign, as `expand` has it.
 */
export function parseText(source: string, { placeholders = false } = {}): SigmaText {
  const parts: Part[] = [];
  let plain = '';
  const special = (part: Part) => {
    if (plain !== '') parts.push({ kind: 'literal', text: plain });
    plain = '';
    if (part !== MANY || parts.at(-1) !== MANY) parts.push(part);
  };
  for (let at = 0; at < source.length; at++) {
    const character = source.charAt(at);
    const following = source.charAt(at + 1);
    if (character === '\\' && following !== '' && (placeholders ? '*?\\%' : '*?\\').includes(following)) {
      plain += following;
      at++;
    } else if (character === '*') special(MANY);
    else if (character === '?') special(ONE);
    else {
      PLACEHOLDER.lastIndex = at;
      const [whole, name] = (placeholders && character === '%' && PLACEHOLDER.exec(source)) || [];
      if (whole === undefined || name === undefined) plain += character;
      else {
        special({ kind: 'placeholder', name });
        at += whole.length - 1;
      }
    }
  }
  return plain === '' ? parts : [...parts, { kind: 'literal', text: plain }];
}

/** A text without wildcards. */
export function literal(text: string): SigmaText {
  return text === '' ? [] : [{ kind: 'literal', text }];
}

/** One text after another. Plain pieces that meet become one, so that what follows sees the characters side by side. */
export function joinTexts(one: SigmaText, other: SigmaText): SigmaText {
  const [last, first] = [one.at(-1), other[0]];
  if (last?.kind !== 'literal' || first?.kind !== 'literal') return [...one, ...other];
  return [...one.slice(0, -1), { kind: 'literal', text: last.text + first.text }, ...other.slice(1)];
}

/** The plain text that a Sigma text is, or undefined when it has a wildcard, a dash or a placeholder. */
export function plainText(text: SigmaText): string | undefined {
  let plain = '';
  for (const part of text) {
    if (part.kind !== 'literal') return undefined;
    plain += part.text;
  }
  return plain;
}

/** Puts `*` on the sides that have none. */
export function widen(text: SigmaText, side: 'contains' | 'startswith' | 'endswith'): SigmaText {
  const before = side !== 'startswith' && text[0]?.kind !== 'many' ? [MANY] : [];
  const after =
    side !== 'endswith' && (text.length > 0 || before.length === 0) && text.at(-1)?.kind !== 'many' ? [MANY] : [];
  return [...before, ...text, ...after];
}
