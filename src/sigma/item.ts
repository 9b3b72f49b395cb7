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

// Two lists in one event, both long, must not cost their product; equality does not, by a set.
const LIMIT_PAIRS = 1_000_000;

/** Compiles one line of a selection. `indexes` numbers the fields as the view does. */
export function compileItem(
  { field, values, quantifier, negated }: Item,
  indexes: ReadonlyMap<string, number>,
): (view: EventView) => boolean {
  const alternatives = quantifier === 'any' ? [values.flat()] : values;
  const checks = alternatives.map((tests) => compileTests(tests, indexes));
  const holds: Check = (found, view) => checks.every((check) => check(found, view));
  const index = field === undefined ? undefined : indexes.get(field);
  const find = (view: EventView) => (index === undefined ? view.whole() : view.field(index));
  if (!negated) return (view) => holds(find(view), view);
  const others = values.flat().flatMap((test) => (test.kind === 'field' ? [indexes.get(test.field) ?? -1] : []));
  // Of what could not be read nobody can say that it differs.
  return (view) => {
    const found = find(view);
    return !found.hasUnseen && !others.some((other) => view.field(other).hasUnseen) && !holds(found, view);
  };
}

/** A check that holds where any of the tests does. Texts without wildcards and networks are looked at together. */
function compileTests(tests: readonly Test[], indexes: ReadonlyMap<string, number>): Check {
  const exact = { cased: new Set<string>(), folded: new Set<string>() };
  const networks: Network[] = [];
  const checks: Check[] = [];
  for (const test of tests) {
    const plain = test.kind === 'text' ? plainText(test.text) : undefined;
    if (test.kind === 'cidr') networks.push(test.network);
    else if (test.kind === 'text' && plain !== undefined) {
      if (test.cased) exact.cased.add(plain);
      else exact.folded.add(foldCase(plain));
    } else checks.push(compileTest(test, indexes));
  }
  if (exact.cased.size > 0) checks.unshift(({ texts }) => texts.some((text) => exact.cased.has(text)));
  if (exact.folded.size > 0) checks.unshift(({ folded }) => folded.some((text) => exact.folded.has(text)));
  if (networks.length > 0) checks.push(({ texts }) => texts.some((text) => inAny(networks, text)));
  const [only] = checks;
  return checks.length === 1 && only ? only : (found, view) => checks.some((check) => check(found, view));
}

function inAny(networks: readonly Network[], text: string): boolean {
  const address = addressOf(text);
  return address !== undefined && networks.some((network) => contains(network, address));
}

function compileTest(test: Test, indexes: ReadonlyMap<string, number>): Check {
  switch (test.kind) {
    case 'text': {
      const { cased } = test;
      const glob = compileGlob(test.text, cased);
      return (found) => (cased ? found.texts : found.folded).some((text) => glob(text));
    }
    case 'null':
      return ({ exists, hasNull }) => !exists || hasNull;
    case 'exists':
      // Something that could not be read may not be there at all, unless it is one member of a list.
      return ({ exists, hasUnseen, texts }) => (!hasUnseen || texts.length > 0) && exists === test.exists;
    case 'regex': {
      const { regex } = test;
      return ({ texts }) => texts.some((text) => regex.test(text));
    }
    case 'cidr':
      return ({ texts }) => texts.some((text) => inAny([test.network], text));
    case 'number':
      return ({ texts }) => texts.some((text) => compares(decimalOf(text), test.comparison, test.value));
    case 'date':
      return ({ texts }) =>
        texts.some((text) => {
          const part = datePart(text, test.part);
          return part !== undefined && compares({ number: part, integer: undefined }, test.comparison, test.value);
        });
    case 'field':
      return compileFieldTest(test, indexes.get(test.field) ?? -1);
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
