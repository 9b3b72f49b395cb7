import { foldCase } from '../lib/fold.ts';
import type { Condition } from './condition.ts';
import type { SigmaEvent } from './event.ts';
import { compileItem } from './item.ts';
import { Gates } from './gates.ts';
import type { LogSource, Rule, Search } from './rule.ts';
import { EventView } from './view.ts';

/** Rules made ready to judge events. Every engine stands behind this interface and gives the same matches. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  /**
   * Tries the rules on a batch of events.
   *
   * @param emit Is called for each match with the event's index in the batch: in the order of events, then of rules.
   * @param source Where the events come from. Rules that state something else about theirs are left out; without it every
   *   rule is tried.
   */
  match(batch: readonly SigmaEvent[], emit: (rule: Rule, event: number) => void, source?: LogSource): void;
  /** Whether a rule looks at something in an event that could not be read, so that "no match" is no acquittal. */
  touchesUnseen(rule: Rule, event: SigmaEvent): boolean;
}

const LIMIT_SOURCES = 256;

type Predicate = (view: EventView) => boolean;

interface Compiled {
  readonly rule: Rule;
  readonly holds: Predicate;
  /** Number of the gate that the event must pass before the rule is looked at. */
  readonly gate: number;
}

/**
 * Compiles rules to closures, one a rule, as the specification reads: the plain interpreter, to which faster ones are held.
 *
 * Rules that need one of the same fields share a gate: it is asked once an event, and where the fields are missing none of
 * them is looked at.
 */
export function compileRules(rules: readonly Rule[]): RuleSet {
  const fields = [...new Set(rules.flatMap((rule) => rule.fields))];
  const indexes = new Map(fields.map((field, index) => [field, index]));
  const gates = new Gates(indexes, rules);
  const compiled = rules.map((rule): Compiled => ({
    rule,
    holds: compileRule(rule, indexes),
    gate: gates.gateOf(rule),
  }));
  const bySource = new Map<string, readonly Compiled[]>();
  let spare: EventView | undefined;

  function applicable(source: LogSource): readonly Compiled[] {
    const key = JSON.stringify([source.product, source.category, source.service]);
    const known = bySource.get(key) ?? compiled.filter(({ rule }) => appliesTo(rule.logsource, source));
    // Events may declare what they like; of real sources there are few.
    if (bySource.size >= LIMIT_SOURCES) bySource.clear();
    bySource.set(key, known);
    return known;
  }

  return {
    rules,
    match(batch, emit, source) {
      const tried = source === undefined ? compiled : applicable(source);
      // An event at a time is common: the view of the last batch serves again, unless that is still being judged.
      const view = spare ?? new EventView(fields);
      spare = undefined;
      for (const [index, event] of batch.entries()) {
        view.show(event);
        const open = gates.open(view);
        for (const { rule, holds, gate } of tried) if (open[gate] && holds(view)) emit(rule, index);
      }
      spare = view;
    },
    touchesUnseen(rule, event) {
      const own = new EventView(rule.fields).show(event);
      return (rule.keywords && own.whole().hasUnseen) || rule.fields.some((_, index) => own.field(index).hasUnseen);
    },
  };
}

/** Whether every attribute that a rule states is equal in the source. What the source does not state is unknown: the rule is tried. */
export function appliesTo(rule: LogSource, source: LogSource): boolean {
  return (['category', 'product', 'service'] as const).every((attribute) => {
    const [wanted, given] = [rule[attribute], source[attribute]];
    return wanted === undefined || given === undefined || foldCase(wanted) === foldCase(given);
  });
}

function compileRule({ detection, condition }: Rule, indexes: ReadonlyMap<string, number>): Predicate {
  const searches = new Map([...detection].map(([name, search]) => [name, compileSearch(search, indexes)]));
  return compileCondition(condition, searches);
}

function compileCondition(condition: Condition, searches: ReadonlyMap<string, Predicate>): Predicate {
  switch (condition.kind) {
    case 'name':
      return searches.get(condition.name) ?? (() => false);
    case 'not': {
      const inner = compileCondition(condition.of, searches);
      return (view) => !inner(view);
    }
    case 'and':
    case 'or':
      return combine(
        condition.kind,
        condition.of.map((part) => compileCondition(part, searches)),
      );
  }
}

function compileSearch(search: Search, indexes: ReadonlyMap<string, number>): Predicate {
  if (search.kind === 'item') return compileItem(search, indexes);
  return combine(
    search.kind,
    search.of.map((part) => compileSearch(part, indexes)),
  );
}

function combine(kind: 'and' | 'or', parts: readonly Predicate[]): Predicate {
  const decisive = kind === 'or';
  return (view) => {
    for (const part of parts) if (part(view) === decisive) return decisive;
    return !decisive;
  };
}
