import { and, LLC_TYPES, not, or, PROTOCOL_NAMES, type Expression } from './expression.ts';
import { FOREIGN } from './names.ts';
import { continuesTerm, parseRelation } from './parse-term.ts';
import { primitiveOf, type Qualifiers } from './qualified.ts';
import { readerOf, Unparsed, type Reader } from './reader.ts';
import { tokensOf } from './tokens.ts';

export type Parsed = { readonly expression: Expression } | Refused;

/** Why an expression cannot be read. */
export interface Refused {
  readonly refusal: string;
  /** Where, counted from 1. */
  readonly column: number;
}

const LONGEST = 65_536;
/** Each turn makes the expression deeper. */
const MOST_TURNS = 100;

/**
 * Reads an expression of the pcap-filter language as libpcap 1.10.3 does.
 *
 * `and` and `or` bind equally, from left to right. Short forms become what they stand for: `port 80 or 8080` two ports,
 * `less 64` the relation `len <= 64`, `byte 0 = 1` the relation `ether[0] = 1`, `tcp-syn` and `2 + 2` numbers. Names of
 * hosts and networks are refused, for nothing is looked up; so is what only other systems and links have.
 *
 * @example
 * parseExpression('udp[8:2] = 0x7255'); // { expression: { kind: 'relation', op: '=', … } }
 * parseExpression('host example.org'); // { refusal: 'names are not looked up: example.org', column: 6 }
 */
export function parseExpression(text: string): Parsed {
  if (text.length > LONGEST) return { refusal: `longer than ${LONGEST} characters`, column: LONGEST + 1 };
  const tokens = tokensOf(text);
  if ('refusal' in tokens) return { refusal: tokens.refusal, column: tokens.at + 1 };
  if (tokens.length === 0) return { expression: and() };
  const reader = readerOf(tokens, text.length);
  try {
    const { expression } = parseList(reader, undefined);
    if (reader.peek() !== undefined) reader.fail('expected and, or or the end');
    return { expression };
  } catch (error) {
    if (error instanceof Unparsed) return { refusal: error.message, column: error.at + 1 };
    throw error;
  }
}

/** An expression, and the qualifiers that a bare value after `and` or `or` takes over. */
interface Read {
  readonly expression: Expression;
  readonly qualifiers: Qualifiers | undefined;
}

function parseList(reader: Reader, outer: Qualifiers | undefined): Read {
  return parseJoined(reader, parseTerm(reader, outer), (qualifiers) =>
    isValue(reader) ? parseValue(reader, qualifiers) : parseTerm(reader, qualifiers),
  );
}

/** What `and` and `or` join, from left to right; each part sees the qualifiers of the one before it. */
function parseJoined(reader: Reader, first: Read, part: (qualifiers: Qualifiers | undefined) => Read): Read {
  let read = first;
  // The parts of one operator are collected before they are joined, so that a long list takes no square of time.
  let kind: 'and' | 'or' | undefined;
  let parts: Expression[] = [first.expression];
  let turns = 0;
  const join = () => (kind === 'and' ? and(...parts) : or(...parts));
  for (;;) {
    const word = reader.accept('and', 'or');
    if (word === undefined) return { ...read, expression: join() };
    if (kind !== undefined && word !== kind) {
      parts = [join()];
      if (++turns > MOST_TURNS) return reader.fail(`and and or alternate more than ${MOST_TURNS} times`);
    }
    kind = word;
    read = part(read.qualifiers);
    parts.push(read.expression);
  }
}

function parseTerm(reader: Reader, outer: Qualifiers | undefined): Read {
  return reader.deeper((): Read => {
    if (reader.accept('not') !== undefined) {
      const read = isValue(reader) ? parseValue(reader, outer) : parseTerm(reader, outer);
      return { ...read, expression: not(read.expression) };
    }
    if (reader.sees('(') && !continuesTerm(reader, (reader.closing(0) ?? 0) + 1)) {
      reader.next();
      const { expression } = parseList(reader, outer);
      reader.expect(')');
      return { expression, qualifiers: outer };
    }
    return parsePrimitive(reader);
  });
}

/** Whether a value comes next that needs the qualifiers of what stands before it. */
function isValue(reader: Reader): boolean {
  let ahead = 0;
  let token = reader.peek();
  while (token?.kind === 'word' && (token.text === '(' || token.text === 'not')) token = reader.peek(++ahead);
  if (token === undefined) return false;
  if (token.kind === 'word') return isName(token.text);
  if (token.kind !== 'number') return true;
  do token = reader.peek(++ahead);
  while (token?.kind === 'word' && token.text === ')');
  return !continuesTerm(reader, ahead);
}

/** Values behind qualifiers: one, or several in parentheses. */
function parseValue(reader: Reader, qualifiers: Qualifiers | undefined): Read {
  return reader.deeper((): Read => {
    if (reader.accept('not') !== undefined) {
      return { expression: not(parseValue(reader, qualifiers).expression), qualifiers };
    }
    if (reader.accept('(') !== undefined) {
      const read = parseJoined(reader, parseValue(reader, qualifiers), () =>
        isValue(reader) ? parseValue(reader, qualifiers) : reader.fail('expected another value'),
      );
      reader.expect(')');
      return read;
    }
    if (qualifiers === undefined) return reader.fail('expected host, net, port or another qualifier before a value');
    return { expression: primitiveOf(reader, qualifiers), qualifiers };
  });
}

function parsePrimitive(reader: Reader): Read {
  const start = reader.peek();
  if (start === undefined) return reader.fail('the expression ends too early');
  const bare = (expression: Expression): Read => ({ expression, qualifiers: undefined });
  if (start.kind === 'word') {
    const simple = SIMPLE.get(start.text);
    if (simple !== undefined) {
      reader.next();
      return bare(simple(reader));
    }
    if (FOREIGN.has(start.text)) return reader.fail(`${start.text} is not supported`);
    if (isName(start.text)) return reader.fail(`unknown word ${start.text}`);
  }
  const following = reader.peek(1);
  const word = following?.kind === 'word' ? following.text : '';
  if (start.kind !== 'word' || start.text === 'len' || start.text === '-' || start.text === '(' || word === '[') {
    return bare(parseRelation(reader));
  }
  if (word === 'broadcast' || word === 'multicast') return bare(parseCast(reader, word));
  const network = reader.accept('ether', ...PROTOCOL_NAMES);
  const qualifiers = parseQualifiers(reader, network);
  if (qualifiers !== undefined) return parseValue(reader, qualifiers);
  if (network === undefined) return reader.fail(`unexpected ${start.text}`);
  return network === 'ether'
    ? reader.fail('ether asks for nothing by itself')
    : bare({ kind: 'protocol', name: network });
}

function parseQualifiers(reader: Reader, network: Qualifiers['network']): Qualifiers | undefined {
  const direction = parseDirection(reader);
  const type = reader.accept(
    'host',
    'net',
    'port',
    'portrange',
    ...(direction === undefined ? (['proto'] as const) : []),
  );
  if (type === undefined && direction === undefined) {
    const foreign = reader.peek();
    return foreign?.kind === 'word' && FOREIGN.has(foreign.text)
      ? reader.fail(`${foreign.text} is not supported`)
      : undefined;
  }
  const either = direction === 'src or dst' ? undefined : direction;
  return { network, direction: either, type };
}

function parseDirection(reader: Reader): 'src' | 'dst' | 'src and dst' | 'src or dst' | undefined {
  const first = reader.accept('src', 'dst');
  if (first === undefined) return undefined;
  const other = first === 'src' ? 'dst' : 'src';
  const [joint, second] = [reader.peek(), reader.peek(1)];
  if (joint?.kind !== 'word' || second?.kind !== 'word' || second.text !== other) return first;
  if (joint.text !== 'and' && joint.text !== 'or') return first;
  reader.next();
  reader.next();
  return joint.text === 'and' ? 'src and dst' : 'src or dst';
}

function parseCast(reader: Reader, kind: 'broadcast' | 'multicast'): Expression {
  const on = kind === 'broadcast' ? reader.accept('ether', 'ip') : reader.accept('ether', 'ip', 'ip6');
  if (on === undefined) return reader.fail(`there is no such ${kind}`);
  reader.next();
  return kind === 'broadcast' && on !== 'ip6' ? { kind, on } : { kind: 'multicast', on };
}

/** What is told by its first word alone; the functions read what follows that word. */
const SIMPLE: ReadonlyMap<string, (reader: Reader) => Expression> = new Map<string, (reader: Reader) => Expression>([
  ['broadcast', () => ({ kind: 'broadcast', on: 'ether' })],
  ['multicast', () => ({ kind: 'multicast', on: 'ether' })],
  ['less', (reader) => ({ kind: 'relation', op: '<=', left: 'len', right: plainNumber(reader) })],
  ['greater', (reader) => ({ kind: 'relation', op: '>=', left: 'len', right: plainNumber(reader) })],
  ['byte', parseByte],
  ['inbound', () => ({ kind: 'inbound' })],
  ['outbound', () => ({ kind: 'outbound' })],
  ['ifindex', (reader) => ({ kind: 'ifindex', index: plainNumber(reader) })],
  ['vlan', (reader) => ({ kind: 'vlan', ...optional(reader, 'id', 'a VLAN', 0xfff) })],
  ['mpls', (reader) => ({ kind: 'mpls', ...optional(reader, 'label', 'a label', 0xfffff) })],
  ['pppoes', (reader) => ({ kind: 'pppoes', ...optional(reader, 'session', 'a session', 0xffff) })],
  ['geneve', (reader) => ({ kind: 'geneve', ...optional(reader, 'vni', 'a network', 0xffffff) })],
  ['llc', parseLlc],
]);

function parseByte(reader: Reader): Expression {
  const index = plainNumber(reader);
  const op = reader.accept('=', '<', '>');
  // The other two, & and |, libpcap 1.10.3 compiles without loading the byte.
  if (op === undefined) return reader.fail('expected =, < or >');
  return {
    kind: 'relation',
    op,
    left: { kind: 'load', protocol: 'ether', index, size: 1 },
    right: plainNumber(reader),
  };
}

function parseLlc(reader: Reader): Expression {
  const type = reader.accept(...LLC_TYPES);
  return type === undefined ? { kind: 'llc' } : { kind: 'llc', type };
}

function plainNumber(reader: Reader): number {
  if (reader.peek()?.kind !== 'number') reader.fail('expected a number');
  return reader.number('the number', 0xffffffff);
}

function optional<Key extends string>(
  reader: Reader,
  key: Key,
  what: string,
  most: number,
): Partial<Record<Key, number>> {
  let ahead = 0;
  let token = reader.peek();
  while (token?.kind === 'word' && token.text === '(') token = reader.peek(++ahead);
  // Object literals with a computed key have no exact type.
  return token?.kind === 'number' ? ({ [key]: reader.number(what, most) } as Record<Key, number>) : {};
}

const KEYWORDS: ReadonlySet<string> = new Set([
  ...['and', 'or', 'not', 'ether', 'len', 'mask', 'src', 'dst', 'host', 'net', 'port', 'portrange', 'proto'],
  ...PROTOCOL_NAMES,
  ...SIMPLE.keys(),
  ...FOREIGN,
]);

/** Whether a word is none of the language, which makes it the name of something. */
function isName(word: string): boolean {
  return /^[A-Za-z0-9]/.test(word) && !KEYWORDS.has(word);
}
