import type { Decimal } from '../lib/decimal.ts';
import type { Level } from '../model/level.ts';
import type { Network } from '../lib/network.ts';
import type { Condition } from './condition.ts';
import type { DatePart } from './dates.ts';
import type { Regex } from './regex/regex.ts';
import type { SigmaText } from './text.ts';

export const STATUSES = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'] as const;
export const TAXONOMIES = ['sigma', 'longwatch'] as const;
export const RELATIONS = ['derived', 'obsolete', 'merged', 'renamed', 'similar'] as const;

export type Status = (typeof STATUSES)[number];
export type Taxonomy = (typeof TAXONOMIES)[number];

/** Where events come from. What is not stated is unknown. */
export interface LogSource {
  readonly category?: string;
  readonly product?: string;
  readonly service?: string;
}

/** A rule that judges single events. */
export interface Rule {
  readonly file: string;
  /** Number of the document in its file, from 1. */
  readonly document: number;
  readonly title: string;
  readonly id?: string;
  readonly name?: string;
  readonly taxonomy: Taxonomy;
  readonly status?: Status;
  readonly description?: string;
  readonly license?: string;
  readonly author?: string;
  readonly date?: string;
  readonly modified?: string;
  readonly level?: Level;
  readonly references: readonly string[];
  readonly falsepositives: readonly string[];
  readonly tags: readonly string[];
  readonly scope: readonly string[];
  /** What the rule's author wants to see of an event: the attribute `fields` of Sigma. */
  readonly shownFields: readonly string[];
  readonly related: readonly { readonly id: string; readonly type: (typeof RELATIONS)[number] }[];
  /** Attributes that the specification does not name. */
  readonly custom: ReadonlyMap<string, unknown>;
  readonly logsource: LogSource;
  readonly detection: ReadonlyMap<string, Search>;
  readonly condition: Condition;
  /** Every field that the rule looks at, in the order of first mention. */
  readonly fields: readonly string[];
  /** Whether the rule looks at the whole event, as keywords do. */
  readonly keywords: boolean;
}

/** What one search identifier asks for. */
export type Search = { readonly kind: 'and' | 'or'; readonly of: readonly Search[] } | Item;

/** One line of a selection: a field, or the whole event, and the values that it is compared with. */
export interface Item {
  readonly kind: 'item';
  /** Undefined for keywords: every value of the event is looked at. */
  readonly field: string | undefined;
  /** One list a written value; its variants, such as the three of `base64offset`, are alternatives. */
  readonly values: readonly (readonly Test[])[];
  readonly quantifier: 'any' | 'all';
  /** By `neq`: the item holds where its comparison does not. */
  readonly negated: boolean;
}

export type Comparison = 'eq' | 'lt' | 'lte' | 'gt' | 'gte';
export type Side = 'contains' | 'startswith' | 'endswith';

/** A comparison of one value. */
export type Test =
  | { readonly kind: 'text'; readonly text: SigmaText; readonly cased: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'exists'; readonly exists: boolean }
  | { readonly kind: 'regex'; readonly regex: Regex }
  | { readonly kind: 'cidr'; readonly network: Network }
  | { readonly kind: 'number'; readonly comparison: Comparison; readonly value: Decimal }
  | { readonly kind: 'date'; readonly part: DatePart; readonly comparison: Comparison; readonly value: Decimal }
  | { readonly kind: 'field'; readonly field: string; readonly side: Side | undefined; readonly cased: boolean };

/** The ATT&CK techniques among tags: `attack.t1036.005` is T1036.005. */
export function techniquesOf(tags: readonly string[]): readonly string[] {
  return tags.flatMap((tag) => /^attack\.(t\d{4}(?:\.\d{3})?)$/.exec(tag)?.[1]?.toUpperCase() ?? []);
}
