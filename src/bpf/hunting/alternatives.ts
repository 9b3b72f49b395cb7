import { complement } from '../sets/intervals.ts';
import type { Rule, Term } from './rule.ts';

/** So many rules come of one. */
export const MOST_RULES = 16;

/** Rules know "and" alone: where one of several values will do there is a rule for each. */
export function apart(rule: Rule, limits: string[]): Rule[] {
  let rules: Rule[] = [{ ...rule, terms: [] }];
  for (const term of rule.terms) {
    const choices = choicesOf(term);
    if (choices === undefined) rules = rules.map((one) => ({ ...one, terms: [...one.terms, term] }));
    else if (rules.length * choices.length > MOST_RULES)
      limits.push('Suricata: a choice of many values is not asked for: matches more');
    else {
      rules = rules.flatMap((one) => choices.map((choice) => ({ ...one, terms: [...one.terms, choice] })));
    }
  }
  return rules;
}

function choicesOf(term: Term): readonly Term[] | undefined {
  if (term.kind === 'sum') return term.by.map((by) => ({ ...term, by: [by] }));
  if (term.kind !== 'number' || isOneRange(term)) return undefined;
  return term.intervals.map((interval) => ({ ...term, intervals: [interval] }));
}

const MOST_EXCEPTIONS = 4;

/** Whether the values are those between two bounds, but for a few. */
function isOneRange({ intervals }: Extract<Term, { kind: 'number' }>): boolean {
  const gaps = complement(intervals, intervals.at(-1)?.[1] ?? 0).filter(([from]) => from > (intervals[0]?.[0] ?? 0));
  return gaps.length <= MOST_EXCEPTIONS && gaps.every(([from, to]) => from === to);
}
