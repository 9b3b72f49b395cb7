import { foldCase } from '../lib/fold.ts';
import type { Item, LogSource, Rule, Search, Test } from './rule.ts';
import { literal, plainText } from './text.ts';

/**
 * How one kind of source names what rules look for. Names that it does not mention stay as they are, but for the prefix.
 */
export interface FieldMapping {
  /** Only rules whose log source states at least this are mapped. */
  readonly logsource?: LogSource;
  /** A field to the names that the source has for it; of several, any one will do. */
  readonly fields?: ReadonlyMap<string, readonly string[]>;
  /** Put before every name that `fields` does not give. */
  readonly prefix?: string;
  /** Of a field, as the rule names it: a plain value to the values that the source has for it. Case does not count. */
  readonly values?: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
}

/** A rule in the words of a source: the same rule where the mapping is not meant for it. */
export function mapRule(rule: Rule, mapping: FieldMapping): Rule {
  if (!isMeantFor(mapping.logsource ?? {}, rule.logsource)) return rule;
  const detection = new Map([...rule.detection].map(([name, search]) => [name, mapSearch(search, mapping)]));
  return { ...rule, detection, fields: [...new Set(rule.fields.flatMap((field) => namesOf(field, mapping)))] };
}

function isMeantFor(condition: LogSource, rule: LogSource): boolean {
  return (['category', 'product', 'service'] as const).every(
    (attribute) => condition[attribute] === undefined || condition[attribute] === rule[attribute],
  );
}

function namesOf(field: string, { fields, prefix = '' }: FieldMapping): readonly string[] {
  return fields?.get(field) ?? [prefix + field];
}

function mapSearch(search: Search, mapping: FieldMapping): Search {
  if (search.kind !== 'item') return { ...search, of: search.of.map((part) => mapSearch(part, mapping)) };
  const values = search.values.map((tests) => tests.flatMap((test) => mapTest(test, search.field, mapping)));
  if (search.field === undefined) return { ...search, values };
  const of = namesOf(search.field, mapping).map((field): Item => ({ ...search, field, values }));
  const [only] = of;
  if (of.length === 1 && only) return only;
  // What must be absent or different must be so under every name.
  const isAbsence =
    search.negated || values.flat().some((test) => test.kind === 'null' || (test.kind === 'exists' && !test.exists));
  return { kind: isAbsence ? 'and' : 'or', of };
}

function mapTest(test: Test, field: string | undefined, mapping: FieldMapping): readonly Test[] {
  if (test.kind === 'field') return namesOf(test.field, mapping).map((name) => ({ ...test, field: name }));
  const values = field === undefined || test.kind !== 'text' ? undefined : mapping.values?.get(field);
  const plain = test.kind === 'text' ? plainText(test.text) : undefined;
  if (values === undefined || plain === undefined) return [test];
  for (const [from, to] of values) {
    if (foldCase(from) === foldCase(plain)) return to.map((text) => ({ ...test, text: literal(text) }));
  }
  return [test];
}
