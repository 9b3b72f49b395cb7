import { ethernetAddress, ip6Address } from './addresses.ts';
import { ALIASES, CONSTANTS } from './names.ts';
import type { Ip6Address } from './expression.ts';

/** A piece of an expression; `at` is its first column, from 0. */
export type Token = { readonly at: number; readonly text: string } & (
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'dotted' }
  | { readonly kind: 'ip6'; readonly value: Ip6Address }
  | { readonly kind: 'ether'; readonly value: number }
  /** A keyword, an operator or, as libpcap would look it up, a name. */
  | { readonly kind: 'word' }
  /** A word that a backslash keeps from being a keyword. */
  | { readonly kind: 'name' }
);

/** What cannot be read: `at` is the column, from 0. */
export interface Unreadable {
  readonly at: number;
  readonly refusal: string;
}

const BLANK = /[ \r\n\t]*/y;
// No address is longer than 45 characters: a longer run is cut, and found to be none.
const COLONS = /[0-9A-Fa-f:.]{0,45}:[0-9A-Fa-f:.]{0,45}/y;
const WORD = /[A-Za-z0-9](?:[-_.A-Za-z0-9]*[.A-Za-z0-9])?/y;
const ESCAPED = /\\([^ !()\n\t]+)/y;
const OPERATOR = /&&|\|\||<<|>>|<=|>=|!=|==|[-()[\]:!<>=&|+*/%^]/y;
const NUMBER = /^(?:0[xX][0-9A-Fa-f]+|[0-9]+)$/;
const DOTTED = /^[0-9]+(?:\.[0-9]+){1,3}$/;

/**
 * Cuts an expression into tokens as libpcap does: the longest reading wins, so `1-1` is one word and `1 - 1` three tokens.
 */
export function tokensOf(text: string): readonly Token[] | Unreadable {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  for (;;) {
    at += take(BLANK)?.length ?? 0;
    if (at >= text.length) return tokens.map(withoutAlias);
    const token = addressToken(take(COLONS), take(WORD), at) ?? wordToken(take(WORD), at);
    if (token !== undefined && 'refusal' in token) return token;
    if (token !== undefined) {
      tokens.push(token);
      at += token.text.length;
      continue;
    }
    const escaped = take(ESCAPED);
    const found = escaped ?? take(OPERATOR);
    if (found === undefined) return { at, refusal: `there is no ${JSON.stringify(text.charAt(at))} in the language` };
    tokens.push(
      escaped === undefined ? { kind: 'word', at, text: found } : { kind: 'name', at, text: escaped.slice(1) },
    );
    at += found.length;
  }
}

function withoutAlias(token: Token): Token {
  const word = token.kind === 'word' ? ALIASES.get(token.text) : undefined;
  return word === undefined ? token : { kind: 'word', at: token.at, text: word };
}

/** Addresses with colons, which are longer than the word that they begin with. */
function addressToken(run: string | undefined, word: string | undefined, at: number): Token | undefined {
  if (run === undefined || run.length <= (word?.length ?? 0) || run.length > 45) return undefined;
  const ether = ethernetAddress(run);
  if (ether !== undefined) return { kind: 'ether', at, text: run, value: ether };
  const ip6 = ip6Address(run);
  return ip6 === undefined ? undefined : { kind: 'ip6', at, text: run, value: ip6 };
}

function wordToken(text: string | undefined, at: number): Token | Unreadable | undefined {
  if (text === undefined) return undefined;
  const ether = ethernetAddress(text);
  if (ether !== undefined) return { kind: 'ether', at, text, value: ether };
  if (NUMBER.test(text)) return numberToken(text, at);
  if (DOTTED.test(text)) return { kind: 'dotted', at, text };
  const value = CONSTANTS.get(text);
  if (value !== undefined) return { kind: 'number', at, text, value };
  return { kind: 'word', at, text };
}

/** A leading zero makes a number octal. */
function numberToken(text: string, at: number): Token | Unreadable {
  const octal = /^0[0-9]/.test(text);
  if (octal && /[89]/.test(text)) return { at, refusal: `${text} has a digit that is not octal` };
  const value = octal ? Number.parseInt(text, 8) : Number(text);
  if (!(value <= 0xffffffff)) return { at, refusal: `${text} has more than 32 bits` };
  return { kind: 'number', at, text, value };
}
