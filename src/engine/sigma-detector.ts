import type { Detection, Detector } from '../model/detector.ts';
import { notSeen } from '../model/detector.ts';
import type { Observation } from '../model/observation.ts';
import { ObservationBody, WIRE_KINDS, type ObservationKind } from '../model/observations/index.ts';
import { compileRules, type RuleSet } from '../sigma/match.ts';
import type { SigmaEvent } from '../sigma/event.ts';
import { techniquesOf, type Rule } from '../sigma/rule.ts';
import { subjectOf } from './subject.ts';

const KINDS: ReadonlySet<string> = new Set(ObservationBody.options.map((option) => option.shape.kind.value));

/** Whether a rule judges observations: it speaks our taxonomy, and its category is one of their kinds. */
export function judgesObservations({ taxonomy, logsource }: Rule): boolean {
  return taxonomy === 'longwatch' && logsource.category !== undefined && KINDS.has(logsource.category);
}

type Rows = readonly Observation[];

/**
 * Rules that judge together: those of one kind are compiled into one set when the first of them is asked, and each row is looked
 * at once for all of them.
 */
export class RulesTogether {
  readonly #rules = new Map<ObservationKind, Rule[]>();
  readonly #sets = new Map<ObservationKind, RuleSet>();
  readonly #found = new WeakMap<Rows, ReadonlyMap<Rule, ReadonlySet<number>>>();

  add(rule: Rule, kind: ObservationKind): void {
    this.#rules.set(kind, [...(this.#rules.get(kind) ?? []), rule]);
    this.#sets.delete(kind);
  }

  /** Which rows match a rule. */
  matches(rule: Rule, kind: ObservationKind, rows: Rows): ReadonlySet<number> {
    let found = this.#found.get(rows);
    if (found?.has(rule) !== true) {
      const set = this.#sets.get(kind) ?? compileRules(this.#rules.get(kind) ?? []);
      this.#sets.set(kind, set);
      const byRule = new Map(set.rules.map((one) => [one, new Set<number>()]));
      set.match(rows as readonly unknown[] as readonly SigmaEvent[], (one, index) => byRule.get(one)?.add(index), {});
      this.#found.set(rows, byRule);
      found = byRule;
    }
    return found.get(rule) ?? new Set();
  }
}

/**
 * A Sigma rule as a detector, so that everything behind it knows one shape.
 *
 * A field that could not be read makes the row unseen for the rule. The identity is the rule's own attribute `identity`, a
 * list of fields; without it the subject without its numbers.
 */
export function sigmaDetector(rule: Rule, together: RulesTogether = new RulesTogether()): Detector {
  const kind = rule.logsource.category as ObservationKind;
  together.add(rule, kind);
  // What is told of the wire was seen.
  const unseen = WIRE_KINDS.has(kind) ? undefined : compileRules([rule]);
  const fields = identityFields(rule.custom.get('identity'));
  return {
    id: rule.id ?? rule.file,
    title: rule.title,
    level: rule.level ?? 'medium',
    status: rule.status === 'stable' || rule.status === 'test' ? rule.status : 'experimental',
    attack: techniquesOf(rule.tags),
    needs: [kind],
    judges: kind,
    identity: fields.length > 0 ? fields : ['the subject'],
    falsePositives: rule.falsepositives,
    next: ['compare with a sibling host of the same role'],
    *detect(facts) {
      const each: Iterable<Observation> = facts.each(kind);
      const rows: Rows = Array.isArray(each) ? (each as Rows) : [...each];
      const matched = together.matches(rule, kind, rows);
      for (const [index, row] of rows.entries()) {
        if (matched.has(index)) {
          yield row.kind === 'network_event' ? onTheWire(row) : onTheHost(rule, row, fields);
        } else if (unseen?.touchesUnseen(rule, row as unknown as SigmaEvent) === true)
          yield notSeen(row, rule.fields.join(', '));
      }
    },
  };
}

function onTheHost(rule: Rule, row: Observation, fields: readonly string[]): Detection {
  const subject = subjectOf(row);
  const words = wordsOf(subject);
  const identity = fields.map((field) => String(valueAt(row, field)));
  return {
    message: `${words.join(', ') || row.kind}: ${rule.description ?? rule.title}`,
    subject,
    identity: identity.length > 0 ? identity : words,
    evidence: [{ observation: row, text: shownFields(rule, row) }],
  };
}

/**
 * What was seen on the wire speaks for itself, and belongs to one of the machines that were seen. Name, host and peer make its
 * identity, for an event with the same three is told once: what is judged as it comes is what is judged at the end.
 */
function onTheWire(row: Observation<'network_event'>): Detection {
  const { event } = row;
  return {
    message: event.text,
    host: event.host,
    subject: subjectOf(row),
    identity: [event.name, event.peer],
    at: event.first,
    evidence: event.frames.map(({ frame, offset, at, text }) => ({
      observation: row,
      text: `${at} ${text}`,
      at: { frame, offset },
    })),
    next: [`look at the frames in Wireshark: ${event.filter}`, `look at ${event.host} itself: longwatch scan`],
  };
}

function identityFields(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

function wordsOf(subject: object): string[] {
  return Object.values(subject).filter((value): value is string => typeof value === 'string');
}

function shownFields(rule: Rule, row: Observation): string {
  const wanted = rule.shownFields.length > 0 ? rule.shownFields : rule.fields;
  const pairs = wanted.flatMap((field) => {
    const value = valueAt(row, field);
    return value === undefined ? [] : [`${field}: ${JSON.stringify(value)}`];
  });
  return pairs.join(', ').slice(0, 500);
}

/** Own properties along a dotted path. */
function valueAt(row: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined,
      row,
    );
}
