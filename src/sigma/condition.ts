import { Refusal } from './diagnostics.ts';
import type { Position } from './diagnostics.ts';

/** How the search identifiers of a rule are joined. `1 of` and `all of` are resolved to the names that they mean. */
export type Condition =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition[] };

const LIMIT_TOKENS = 5000;
const LIMIT_DEPTH = 100;
const TOKEN = /[()]|[^\s()]+/g;
const NAME = /^[\p{L}\p{N}_-]+$/u;
const PATTERN = /^[\p{L}\p{N}_*-]+$/u;

/**
 * Parses a condition. From weakest to strongest: or, and, not, `1 of` and `all of`, brackets. Operators are lower case, and
 * words are taken whole: `notify` is a name.
 *
 * @param names The search identifiers that the rule defines.
 * @throws {Refusal} `CONDITION_…` with the place of the condition.
 */
export function parseCondition(text: string, names: readonly string[], place: Position): Condition {
  const tokens = text.match(TOKEN) ?? [];
  const fail = (message: string) => new Refusal('CONDITION_SYNTAX', message, place);
  if (tokens.length === 0) throw new Refusal('CONDITION_MISSING', 'the condition is empty', place);
  if (tokens.length > LIMIT_TOKENS)
    throw new Refusal('CONDITION_TOO_COMPLEX', `more than ${LIMIT_TOKENS} words`, place);
  if (text.includes('|')) throw new Refusal('CONDITION_OLD_PIPE', 'the condition has the old aggregation pipe', place);
  let next = 0;

  function joined(word: 'or' | 'and', depth: number): Condition {
    const operand = () => (word === 'or' ? joined('and', depth) : negated(depth));
    const of = [operand()];
    while (tokens[next] === word) {
      next++;
      of.push(operand());
    }
    return of.length === 1 && of[0] ? of[0] : { kind: word, of };
  }

  function negated(depth: number): Condition {
    if (depth > LIMIT_DEPTH) throw new Refusal('CONDITION_TOO_COMPLEX', `nested more than ${LIMIT_DEPTH} deep`, place);
    if (tokens[next] !== 'not') return operand(depth);
    next++;
    return { kind: 'not', of: negated(depth + 1) };
  }

  function operand(depth: number): Condition {
    const token = tokens[next++];
    if (token === undefined) throw fail('the condition ends where a name is needed');
    if (token === '(') {
      const inner = joined('or', depth + 1);
      if (tokens[next++] !== ')') throw fail('a bracket is not closed');
      return inner;
    }
    if (tokens[next] === 'of') return quantified(token);
    if (token === ')' || token === 'and' || token === 'or') throw fail(`${token} stands where a name is needed`);
    if (!NAME.test(token)) throw fail(`${token} is no name`);
    if (!names.includes(token)) throw new Refusal('CONDITION_UNKNOWN_NAME', `detection defines no ${token}`, place);
    return { kind: 'name', name: token };
  }

  function quantified(quantity: string): Condition {
    if (quantity !== '1' && quantity !== 'any' && quantity !== 'all')
      throw fail(`${quantity} of: only 1 of, any of and all of exist`);
    next++;
    const pattern = tokens[next++];
    if (pattern === undefined || !PATTERN.test(pattern)) throw fail(`${quantity} of needs them or a pattern of names`);
    const of = names
      .filter(pattern === 'them' ? isPublic : meets(pattern))
      .map((name): Condition => ({ kind: 'name', name }));
    if (of.length === 0)
      throw new Refusal('CONDITION_UNKNOWN_NAME', `${pattern} meets no name that detection defines`, place);
    return of.length === 1 && of[0] ? of[0] : { kind: quantity === 'all' ? 'and' : 'or', of };
  }

  const condition = joined('or', 0);
  if (next < tokens.length) throw fail(`${tokens[next]} stands where an operator is needed`);
  return condition;
}

function isPublic(name: string): boolean {
  return !name.startsWith('_');
}

/** Names that a pattern with `*` means; one that starts with `_` is met only by a pattern that does so too. */
function meets(pattern: string): (name: string) => boolean {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop();
  return (name) => {
    if (!isPublic(name) && isPublic(pattern)) return false;
    if (tail === undefined) return name === head;
    if (!name.startsWith(head) || !name.endsWith(tail) || name.length < head.length + tail.length) return false;
    let at = head.length;
    for (const part of rest) {
      const found = name.indexOf(part, at);
      if (found === -1 || found + part.length > name.length - tail.length) return false;
      at = found + part.length;
    }
    return true;
  };
}
