import { RE2JS } from 're2js';
import { Refusal } from '../diagnostics.ts';
import type { Position, RuleCode } from '../diagnostics.ts';

/** The flags that may follow `re`: letters and the words that some rules use for them. */
export const REGEX_FLAGS = { i: 'i', ignorecase: 'i', m: 'm', multiline: 'm', s: 's', dotall: 's' } as const;

export type RegexFlag = (typeof REGEX_FLAGS)[keyof typeof REGEX_FLAGS];

/** A compiled regular expression. `test` searches anywhere in a text, in time linear in its length. */
export interface Regex {
  readonly source: string;
  readonly flags: readonly RegexFlag[];
  test(text: string): boolean;
}

const LIMIT_LENGTH = 10_000;
const BITS: Readonly<Record<RegexFlag, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
};
const UNSUPPORTED =
  /unsupported Perl syntax|\(\?<[=!]|escape sequence: `\\[1-9kgGKRX]|nested repetition operator: `[^`]*\+`/;

/**
 * Compiles an expression of the flavour that Sigma asks for and of what the public rules use beyond it: classes, groups,
 * alternation, bounded and lazy quantifiers, `\d \w \s \b`, inline flags.
 *
 * @throws {Refusal} `REGEX_UNSUPPORTED` for what no automaton can match in linear time, `REGEX_TOO_LARGE`, `REGEX_INVALID`.
 */
export function compileRegex(source: string, flags: readonly RegexFlag[], place: Position): Regex {
  if (source.length > LIMIT_LENGTH) throw new Refusal('REGEX_TOO_LARGE', `more than ${LIMIT_LENGTH} characters`, place);
  try {
    const compiled = RE2JS.compile(
      source,
      flags.reduce((bits, flag) => bits | BITS[flag], 0),
    );
    return { source, flags, test: (text) => compiled.test(text) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Refusal(codeOf(message, error), `${source.slice(0, 100)}: ${message.slice(0, 200)}`, place);
  }
}

function codeOf(message: string, error: unknown): RuleCode {
  if (UNSUPPORTED.test(message)) return 'REGEX_UNSUPPORTED';
  if (error instanceof RangeError || /too deeply|too large|repeat count/.test(message)) return 'REGEX_TOO_LARGE';
  return 'REGEX_INVALID';
}
