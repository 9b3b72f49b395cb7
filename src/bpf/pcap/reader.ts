import type { Token } from './tokens.ts';

/** Ends the reading of an expression; it does not leave `parseExpression`. */
export class Unparsed extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** The tokens of an expression and how far they are read. */
export interface Reader {
  /** The token `ahead` places on; undefined behind the end. */
  peek(ahead?: number): Token | undefined;
  next(): Token;
  /** Takes the next token when it is one of these words. */
  accept<Word extends string>(...words: readonly Word[]): Word | undefined;
  expect(word: string): void;
  number(what: string, most: number): number;
  /** Whether the next token is one of these words. */
  sees(...words: readonly string[]): boolean;
  /** How far behind the opening parenthesis `ahead` places on its closing one stands; undefined when it is never closed. */
  closing(ahead: number): number | undefined;
  /** Runs one step of a recursion, which is bounded. */
  deeper<Result>(step: () => Result): Result;
  fail(message: string): never;
}

const DEEPEST = 200;

export function readerOf(tokens: readonly Token[], end: number): Reader {
  const closings = closingsOf(tokens);
  let position = 0;
  let depth = 0;
  const reader: Reader = {
    peek: (ahead = 0) => tokens[position + ahead],
    next() {
      const token = tokens[position];
      if (token === undefined) return reader.fail('the expression ends too early');
      position++;
      return token;
    },
    accept<Word extends string>(...words: readonly Word[]) {
      const token = tokens[position];
      const word = token?.kind === 'word' ? words.find((candidate) => candidate === token.text) : undefined;
      if (word !== undefined) position++;
      return word;
    },
    expect(word) {
      if (reader.accept(word) === undefined) reader.fail(`expected ${word}`);
    },
    number(what, most) {
      let open = 0;
      while (reader.accept('(') !== undefined) open++;
      const token = tokens[position];
      if (token?.kind !== 'number') return reader.fail(`expected ${what}, a number`);
      if (token.value > most) return reader.fail(`${what} ${token.value} is greater than ${most}`);
      position++;
      for (; open > 0; open--) reader.expect(')');
      return token.value;
    },
    sees(...words) {
      const token = tokens[position];
      return token?.kind === 'word' && words.includes(token.text);
    },
    closing(ahead) {
      const found = closings.get(position + ahead);
      return found === undefined ? undefined : found - position;
    },
    deeper(step) {
      if (++depth > DEEPEST) reader.fail(`nested deeper than ${DEEPEST}`);
      const result = step();
      depth--;
      return result;
    },
    fail(message) {
      throw new Unparsed(tokens[position]?.at ?? end, message);
    },
  };
  return reader;
}

function closingsOf(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const open: number[] = [];
  const closings = new Map<number, number>();
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word') continue;
    if (token.text === '(') open.push(index);
    const start = token.text === ')' ? open.pop() : undefined;
    if (start !== undefined) closings.set(start, index);
  }
  return closings;
}
