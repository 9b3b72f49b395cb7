/** A word of source code: a name, a number, or one other character. */
export interface Word {
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
  /** Whether a blank line stands between it and the word before. */
  readonly afterBlank: boolean;
}

/** No name or number that matters is longer; a longer one is cut into several. */
const LONGEST_WORD = 100;
const WORD = new RegExp(`[A-Za-z0-9_]{1,${LONGEST_WORD}}`, 'y');

/**
 * The words of C, Python or another language of that look. Comments and strings are passed over, and so are lines of the C
 * preprocessor, which look like comments of Python.
 */
export function* wordsOf(text: string): Generator<Word> {
  let line = 1;
  let feeds = 0;
  let at = 0;
  /** Moves on, and counts the lines on the way. */
  const skipTo = (end: number): void => {
    for (; at < end; at++) {
      if (text[at] === '\n') line++;
    }
  };
  while (at < text.length) {
    const character = text[at] ?? '';
    const pair = text.slice(at, at + 2);
    if (character === '\n') {
      feeds++;
      skipTo(at + 1);
    } else if (character.trim() === '') at++;
    else if (pair === '/*') skipTo(endOf(text, '*/', at + 2));
    else if (pair === '//' || character === '#') at = endOf(text, '\n', at) - 1;
    else if (character === '"' || character === "'") at = endOfString(text, at);
    else {
      WORD.lastIndex = at;
      const word = WORD.exec(text)?.[0] ?? character;
      yield { text: word, line, afterBlank: feeds > 1 };
      feeds = 0;
      at += word.length;
    }
  }
}

/** The place behind the next `mark`; one behind the end of the text where there is none. */
function endOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found === -1 ? text.length + 1 : found + mark.length;
}

/** The place behind a string. One that does not end on its line is no string: its quotation mark alone is passed over. */
function endOfString(text: string, from: number): number {
  const quote = text[from];
  for (let at = from + 1; at < text.length && text[at] !== '\n'; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) return at + 1;
  }
  return from + 1;
}
