import type { Condition } from './condition.ts';
import type { Rule, Search } from './rule.ts';

/** Fields of which an event must have at least one; undefined when an event without any field may do. */
type Needed = readonly string[] | undefined;

/**
 * Fields of which an event must have at least one, or the rule cannot match it. Undefined when absence may match, or when
 * the rule has keywords to find.
 *
 * @param cost How often a field is met. Where a rule needs several, the set with the least sum is chosen.
 */
export function neededFields({ detection, condition }: Rule, cost: (field: string) => number): Needed {
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
