import { Refusal } from '../diagnostics.ts';
import type { Position } from '../diagnostics.ts';
import { DATE_PARTS } from '../dates.ts';
import type { DatePart } from '../dates.ts';
import { REGEX_FLAGS } from '../regex/regex.ts';
import type { RegexFlag } from '../regex/regex.ts';
import type { Comparison, Side } from '../rule.ts';

export const SIDES = ['contains', 'startswith', 'endswith'] as const;
export const COMPARISONS = ['lt', 'lte', 'gt', 'gte'] as const;
export const TRANSFORMS = [
  'base64',
  'base64offset',
  'wide',
  'utf16le',
  'utf16be',
  'utf16',
  'windash',
  'expand',
  ...SIDES,
] as const;

/** A modifier that rewrites a text. */
export type Transform = (typeof TRANSFORMS)[number];

/**
 * What the modifiers of one item ask for, once they are known to go together.
 *
 * `text` compares with a text, after its transforms in the written order.
 */
export interface Chain {
  readonly all: boolean;
  readonly neq: boolean;
  readonly cased: boolean;
  readonly transforms: readonly Transform[];
  readonly expand: boolean;
  readonly kind: 'text' | 're' | 'cidr' | 'number' | 'date' | 'exists' | 'fieldref';
  readonly flags: readonly RegexFlag[];
  readonly comparison: Comparison;
  readonly part: DatePart | undefined;
  readonly side: Side | undefined;
}

// What a kind of comparison may be combined with, apart from itself.
const COMPANIONS: Readonly<Record<Chain['kind'], readonly string[]>> = {
  text: ['all', 'neq', 'cased', ...TRANSFORMS],
  re: ['all', 'neq', ...Object.keys(REGEX_FLAGS)],
  cidr: ['all', 'neq'],
  number: ['all', 'neq', ...COMPARISONS],
  date: ['all', 'neq', ...COMPARISONS],
  exists: [],
  fieldref: ['all', 'neq', 'cased', ...SIDES],
};
const KINDS: ReadonlyMap<string, Chain['kind']> = new Map([
  ['re', 're'],
  ['cidr', 'cidr'],
  ['exists', 'exists'],
  ['fieldref', 'fieldref'],
  ...DATE_PARTS.map((part) => [part, 'date'] as const),
]);
const MODIFIERS: ReadonlySet<string> = new Set([...KINDS.keys(), ...Object.values(COMPANIONS).flat()]);
// Encoded twice is what some intruders do; any other repetition is a slip of the pen.
const REPEATABLE: readonly string[] = ['base64'];

/**
 * Reads the modifiers of an item in the order in which they are written.
 *
 * @throws {Refusal} `MODIFIER_UNKNOWN`, or `MODIFIER_CONFLICT` when two of them contradict each other or stand in the wrong order.
 */
export function parseChain(names: readonly string[], place: Position): Chain {
  const conflict = (message: string) => new Refusal('MODIFIER_CONFLICT', message, place);
  const unknown = names.find((name) => !MODIFIERS.has(name));
  if (unknown !== undefined) throw new Refusal('MODIFIER_UNKNOWN', `there is no modifier ${unknown}`, place);
  const repeated = names.find((name, index) => names.indexOf(name) !== index && !REPEATABLE.includes(name));
  if (repeated !== undefined) throw conflict(`${repeated} stands twice`);

  const heads = names.filter((name) => KINDS.has(name));
  const comparisons = names.filter((name) => isOneOf(COMPARISONS, name));
  if (heads.length > 1) throw conflict(`${heads.join(' and ')} contradict each other`);
  if (comparisons.length > 1) throw conflict(`${comparisons.join(' and ')} are two comparisons; write two items`);
  const [head] = heads;
  const kind = (head !== undefined && KINDS.get(head)) || (comparisons.length > 0 ? 'number' : 'text');
  const stranger = names.find((name) => name !== head && !COMPANIONS[kind].includes(name));
  if (stranger !== undefined) throw conflict(`${stranger} does not go with ${head ?? comparisons[0] ?? 'the others'}`);
  if ((kind === 're' || kind === 'cidr') && names[0] !== head) throw conflict(`${head} must be the first modifier`);
  const first = (among: readonly string[]) => names.findIndex((name) => among.includes(name));
  if (kind === 'date' && comparisons.length > 0 && first(comparisons) < first(heads))
    throw conflict(`${head} must stand before ${comparisons[0]}`);
  const sides = names.filter((name) => isOneOf(SIDES, name));
  if (sides.length > 1) throw conflict(`${sides.join(' and ')} contradict each other`);
  if (kind === 'fieldref' && sides.length > 0 && first(sides) < first(heads))
    throw conflict(`fieldref must stand before ${sides[0]}`);

  return {
    kind,
    all: names.includes('all'),
    neq: names.includes('neq'),
    cased: names.includes('cased'),
    transforms: names.filter((name) => isOneOf(TRANSFORMS, name)),
    expand: names.includes('expand'),
    flags: [...new Set(names.flatMap((name) => (isFlag(name) ? [REGEX_FLAGS[name]] : [])))],
    comparison: comparisons.find((name) => isOneOf(COMPARISONS, name)) ?? 'eq',
    part: DATE_PARTS.find((part) => part === head),
    side: sides[0],
  };
}

function isOneOf<Name extends string>(names: readonly Name[], name: string): name is Name {
  return names.some((one) => one === name);
}

function isFlag(name: string): name is keyof typeof REGEX_FLAGS {
  return Object.hasOwn(REGEX_FLAGS, name);
}
