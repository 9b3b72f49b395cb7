import type { Condition } from './condition.ts';
import type { Rule, Search } from './rule.ts';
import type { EventView } from './view.ts';

/** What events must have for rules to be looked at: each set of needed fields once, however many rules share it. */
export class Gates {
  readonly #indexes: ReadonlyMap<string, number>;
  readonly #uses = new Map<string, number>();
  readonly #gates: (readonly number[])[] = [];
  readonly #numbers = new Map<string, number>();

  constructor(indexes: ReadonlyMap<string, number>, rules: readonly Rule[]) {
    this.#indexes = indexes;
    for (const field of rules.flatMap(({ fields }) => fields)) this.#uses.set(field, (this.#uses.get(field) ?? 0) + 1);
  }

  /** Number of the gate of a rule. A rule that needs no field has one that is always open. */
  gateOf(rule: Rule): number {
    const needed = neededFields(rule, (field) => this.#uses.get(field) ?? 0);
    const fields = (needed ?? []).flatMap((field) => this.#indexes.get(field) ?? []).sort((one, other) => one - other);
    const key = fields.join();
    const known = this.#numbers.get(key) ?? this.#gates.push(fields) - 1;
    this.#numbers.set(key, known);
    return known;
  }

  /** Which gates an event passes, by their numbers. */
  open(view: EventView): readonly boolean[] {
    return this.#gates.map((fields) => fields.length === 0 || fields.some((field) => view.field(field).exists));
  }
}

/** Fields of which an event must have at least one; undefined when an event without any field may do. */
type Needed = readonly string[] | undefined;

/**
 * Fields of which an event must have at least one, or the rule cannot match it. Undefined when absence may match, or when
 * the rule has keywords to find.
 *
 * @param cost How often a field is met. Where a rule needs several, the set with the least sum is chosen.
 */
function neededFields({ detection, condition }: Rule, cost: (field: string) => number): Needed {
  const sum = (fields: readonly string[]) => fields.reduce((total, field) => total + cost(field), 0);

  function ofCondition(part: Condition): Needed {
    if (part.kind === 'not') return undefined;
    if (part.kind !== 'name') return combined(part.kind, part.of.map(ofCondition));
    const search = detection.get(part.name);
    return search && ofSearch(search);
  }

  function ofSearch(search: Search): Needed {
    if (search.kind !== 'item') return combined(search.kind, search.of.map(ofSearch));
    const { field, negated, values } = search;
    const bearsAbsence = values.some((tests) => tests.some(({ kind }) => kind === 'null' || kind === 'exists'));
    return field === undefined || negated || bearsAbsence ? undefined : [field];
  }

  function combined(kind: 'and' | 'or', parts: readonly Needed[]): Needed {
    const known = parts.filter((part) => part !== undefined);
    if (kind === 'or') return known.length === parts.length ? [...new Set(known.flat())] : undefined;
    return known.reduce<Needed>(
      (least, part) => (least === undefined || sum(part) < sum(least) ? part : least),
      undefined,
    );
  }

  return ofCondition(condition);
}
