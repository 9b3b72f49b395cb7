import { compareDecimals, decimalOf } from '../lib/decimal.ts';
import type { Decimal } from '../lib/decimal.ts';
import { foldCase } from '../lib/fold.ts';
import { addressOf, contains } from '../lib/network.ts';
import type { Network } from '../lib/network.ts';
import { datePart } from './dates.ts';
import { compileGlob } from './glob.ts';
import type { Comparison, Item, Test } from './rule.ts';
import { plainText } from './text.ts';
import type { EventView, Found } from './view.ts';

type Check = (found: Found, view: EventView) => boolean;
type TextCheck = (text: string) => boolean;

/** A test that looks at one text at a time, or at all that was found. */
type CompiledTest =
  { readonly on: 'text'; readonly holds: TextCheck } | { readonly on: 'found'; readonly holds: Check };

// Two lists in one event, both long, must not cost their product; equality does not, by a set.
const LIMIT_PAIRS = 1_000_000;

/** Compiles one line of a selection. `indexes` numbers the fields as the view does. */
export function compileItem(
  { field, values, quantifier, negated }: Item,
  indexes: ReadonlyMap<string, number>,
): (view: EventView) => boolean {
  const tests = values.flat();
  const checks = (quantifier === 'any' ? [tests] : values).map((some) => compileTests(some, indexes));
  const holds = allOf(checks);
  const index = field === undefined ? undefined : indexes.get(field);
  const find = (view: EventView) => (index === undefined ? view.whole() : view.field(index));
  if (!negated) {
    const bearsAbsence = tests.some((test) => test.kind === 'null' || test.kind === 'exists');
    return (view) => {
      const found = find(view);
      return (found.exists || bearsAbsence) && holds(found, view);
    };
  }
  const others = tests.flatMap((test) => (test.kind === 'field' ? [indexes.get(test.field) ?? -1] : []));
  // Of what could not be read nobody can say that it differs.
  return (view) => {
    const found = find(view);
    return !found.hasUnseen && !others.some((other) => view.field(other).hasUnseen) && !holds(found, view);
  };
}

function allOf(checks: readonly Check[]): Check {
  const [only] = checks;
  return checks.length === 1 && only ? only : (found, view) => checks.every((check) => check(found, view));
}

function anyOf(checks: readonly Check[]): Check {
  const [only] = checks;
  return checks.length === 1 && only ? only : (found, view) => checks.some((check) => check(found, view));
}

/** A check that holds where any of the tests does. Those on the text alone are looked at together, the cheap ones first. */
function compileTests(tests: readonly Test[], indexes: ReadonlyMap<string, number>): Check {
  const exact = { cased: new Set<string>(), folded: new Set<string>() };
  const texts = { cased: [] as TextCheck[], folded: [] as TextCheck[] };
  const networks: Network[] = [];
  const checks: Check[] = [];
  for (const test of tests) {
    if (test.kind === 'cidr') networks.push(test.network);
    else if (test.kind === 'text') {
      const plain = plainText(test.text);
      const form = test.cased ? 'cased' : 'folded';
      if (plain === undefined) texts[form].push(compileGlob(test.text, test.cased));
      else exact[form].add(test.cased ? plain : foldCase(plain));
    } else {
      const check = compileTest(test, indexes);
      if (check.on === 'text') texts.cased.push(check.holds);
      else checks.push(check.holds);
    }
  }
  if (networks.length > 0) texts.cased.push((text) => inAny(networks, text));
  for (const form of ['cased', 'folded'] as const) {
    const { size } = exact[form];
    if (size > 0) texts[form].unshift((text) => exact[form].has(text));
    if (texts[form].length > 0) checks.push(onTexts(form, texts[form]));
  }
  return anyOf(checks);
}

/** Whether any text passes any check. Written as loops: this is where an evaluation spends its time. */
function onTexts(form: 'cased' | 'folded', checks: readonly TextCheck[]): Check {
  return (found) => {
    for (const text of form === 'cased' ? found.texts : found.folded) {
      for (const check of checks) if (check(text)) return true;
    }
    return false;
  };
}

function inAny(networks: readonly Network[], text: string): boolean {
  const address = addressOf(text);
  return address !== undefined && networks.some((network) => contains(network, address));
}

function compileTest(
  test: Exclude<Test, { kind: 'text' | 'cidr' }>,
  indexes: ReadonlyMap<string, number>,
): CompiledTest {
  switch (test.kind) {
    case 'null':
      return { on: 'found', holds: ({ exists, hasNull }) => !exists || hasNull };
    case 'exists':
      // Something that could not be read may not be there at all, unless it is one member of a list.
      return {
        on: 'found',
        holds: ({ exists, hasUnseen, texts }) => (!hasUnseen || texts.length > 0) && exists === test.exists,
      };
    case 'regex':
      return { on: 'text', holds: (text) => test.regex.test(text) };
    case 'number':
      return { on: 'text', holds: (text) => compares(decimalOf(text), test.comparison, test.value) };
    case 'date':
      return {
        on: 'text',
        holds(text) {
          const part = datePart(text, test.part);
          return part !== undefined && compares({ number: part, integer: undefined }, test.comparison, test.value);
        },
      };
    case 'field':
      return { on: 'found', holds: compileFieldTest(test, indexes.get(test.field) ?? -1) };
  }
}

function compares(given: Decimal | undefined, comparison: Comparison, wanted: Decimal): boolean {
  if (given === undefined) return false;
  const order = compareDecimals(given, wanted);
  switch (comparison) {
    case 'eq':
      return order === 0;
    case 'lt':
      return order < 0;
    case 'lte':
      return order <= 0;
    case 'gt':
      return order > 0;
    case 'gte':
      return order >= 0;
  }
}

/** Two fields of one event. Of lists, any member with any other; of very long ones only the first {@link LIMIT_PAIRS} pairs. */
function compileFieldTest({ side, cased }: Extract<Test, { kind: 'field' }>, index: number): Check {
  const textsOf = (found: Found) => (cased ? found.texts : found.folded);
  if (side === undefined) {
    return (found, view) => {
      const others = new Set(textsOf(view.field(index)));
      return textsOf(found).some((text) => others.has(text));
    };
  }
  const fits = {
    contains: (text: string, other: string) => text.includes(other),
    startswith: (text: string, other: string) => text.startsWith(other),
    endswith: (text: string, other: string) => text.endsWith(other),
  }[side];
  return (found, view) => {
    const others = textsOf(view.field(index));
    let pairs = 0;
    return textsOf(found).some((text) => others.some((other) => pairs++ < LIMIT_PAIRS && fits(text, other)));
  };
}
