import { styleText } from 'node:util';
import { printable } from './printable.ts';

export type Style = Parameters<typeof styleText>[0];

/** Lines of a width: words are wrapped under their margin, and what could act on a terminal is escaped. */
export interface Paper {
  /** Characters of a line. */
  readonly width: number;
  heading(text: string): Generator<string>;
  /** @param margin Printable, and narrower than the narrowest paper. */
  block(
    margin: string,
    text: string,
    options?: { style?: Style; marginStyle?: Style; lines?: number },
  ): Generator<string>;
}

/** @param columns Width in characters; between 40 and 120 of them are used. */
export function paperOf({ columns, colour }: { readonly columns: number; readonly colour: boolean }): Paper {
  const width = Math.max(40, Math.min(columns, 120));
  const paint = (style: Style | undefined, text: string) =>
    colour && style !== undefined ? styleText(style, text, { validateStream: false }) : text;
  return {
    width,
    *heading(text) {
      yield '\n';
      yield* this.block('', text, { style: 'bold' });
    },
    *block(margin, text, { style, marginStyle, lines = 40 } = {}) {
      const all = wrap(printable(text), width - margin.length);
      const shown = all.slice(0, lines);
      if (shown.length < all.length) shown[shown.length - 1] = `${shown.at(-1)?.slice(0, width - margin.length - 2)} …`;
      for (const [index, line] of shown.entries()) {
        yield `${index === 0 ? paint(marginStyle, margin) : ' '.repeat(margin.length)}${paint(style, line)}\n`;
      }
    },
  };
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    let rest = word;
    if (line !== '' && line.length + 1 + rest.length > width) {
      lines.push(line);
      line = '';
    }
    while (rest.length > width) {
      lines.push(rest.slice(0, width));
      rest = rest.slice(width);
    }
    line = line === '' ? rest : `${line} ${rest}`;
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}
