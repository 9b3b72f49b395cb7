import type { Load, LoadProtocol, Term } from './expression.ts';
import { CONSTANTS } from './names.ts';
import { bindingOf, GREEDY } from './parse-term.ts';

/** Numbers from here on are written in hexadecimal: they are rather patterns than amounts. */
const WIDE = 4096;

/** Fields whose place and values have names: `tcp[tcpflags]`, and the prefix of the names of its values. */
const FIELDS: Readonly<
  Partial<Record<LoadProtocol, Readonly<Record<number, readonly [place: string, values?: string]>>>>
> = {
  tcp: { 13: ['tcpflags'] },
  icmp: { 0: ['icmptype', 'icmp-'], 1: ['icmpcode'] },
  icmp6: { 0: ['icmp6type', 'icmp6-'], 1: ['icmp6code'] },
};

/** Writes one side of a relation. `other` is the side that it is compared with: by it the base of a number is chosen. */
export function termText(term: Term, other: Term): string {
  return typeof term === 'number' ? constantText(term, other, true) : nestedText(term, 0);
}

/** Writes a term that stands beside an operator which binds as tightly as `least`. */
function nestedText(term: Term, least: number): string {
  if (typeof term === 'number') return plainText(term);
  if (term === 'len') return 'len';
  if (term.kind === 'load') return loadText(term);
  // Operands of a minus are the tightest, and libpcap takes no minus behind an operator without a space.
  if (term.kind === 'negative') return parenthesised(`-${nestedText(term.of, 7)}`, least > 0);
  const { op, left, right } = term;
  const greedy = GREEDY.includes(op);
  const binding = bindingOf(op);
  const [before, after] = greedy ? [7, 7] : [binding, binding + 1];
  const masks = op === '&' || op === '|';
  const text = (side: Term, beside: Term, bound: number): string =>
    masks && typeof side === 'number' ? constantText(side, beside, false) : nestedText(side, bound);
  return parenthesised(
    `${text(left, right, before)} ${op} ${text(right, left, after)}`,
    greedy ? least > 0 : binding < least,
  );
}

function parenthesised(text: string, needed: boolean): string {
  return needed ? `(${text})` : text;
}

function loadText({ protocol, index, size }: Load): string {
  const name = typeof index === 'number' && size === 1 ? FIELDS[protocol]?.[index]?.[0] : undefined;
  return `${protocol}[${name ?? nestedText(index, 0)}${size === 1 ? '' : `:${size}`}]`;
}

function plainText(value: number): string {
  return value < WIDE ? String(value) : `0x${value.toString(16)}`;
}

/** A number beside `beside`: by the names of the field there, as a mask in hexadecimal, or plain. */
function constantText(value: number, beside: Term, compared: boolean): string {
  const masked = typeof beside === 'object' && beside.kind === 'arithmetic' && beside.op === '&';
  const field = masked ? beside.left : beside;
  const isLoad =
    typeof field === 'object' && field.kind === 'load' && field.size === 1 && typeof field.index === 'number';
  if (isLoad && field.protocol === 'tcp' && field.index === 13 && value > 0 && value < 256) return flagsText(value);
  const names = isLoad && compared && !masked ? FIELDS[field.protocol]?.[field.index]?.[1] : undefined;
  const name = names === undefined ? undefined : VALUE_NAMES.get(`${names}${value}`);
  if (name !== undefined) return name;
  if ((masked || !compared) && value > 9) return `0x${value.toString(16)}`;
  // Beside bytes a pattern shows as many digits as they have.
  const digits = compared && typeof field === 'object' && field.kind === 'load' && !masked ? 2 * field.size : 0;
  return value < WIDE ? String(value) : `0x${value.toString(16).padStart(digits, '0')}`;
}

/** The TCP flags by name, those of several in parentheses. */
function flagsText(flags: number): string {
  const set = FLAGS.filter(([, bit]) => (flags & bit) !== 0).map(([name]) => name);
  return set.length === 1 ? set.join('') : `(${set.join('|')})`;
}

const FLAGS = [...CONSTANTS].filter(([name]) => name.startsWith('tcp-'));

/** Names of ICMP types, by prefix and value. */
const VALUE_NAMES: ReadonlyMap<string, string> = new Map(
  [...CONSTANTS].flatMap(([name, value]): [string, string][] => {
    const [prefix] = /^icmp6?-/.exec(name) ?? [];
    return prefix === undefined ? [] : [[`${prefix}${value}`, name]];
  }),
);
