import { Refusal } from './diagnostics.ts';
import type { Diagnostic } from './diagnostics.ts';
import { parseChain } from './modifiers/chain.ts';
import type { Placeholders } from './modifiers/placeholders.ts';
import { testsOf } from './modifiers/tests.ts';
import type { Item, Search } from './rule.ts';
import type { YamlNode, YamlScalar } from './yaml.ts';

/** What reading a selection needs and leaves: the placeholders, and remarks that do not stop the rule. */
export interface SearchContext {
  readonly placeholders: Placeholders;
  readonly remarks: Diagnostic[];
}

const LIMIT_LENGTH = 256;
const KEYWORDS = '';

/**
 * Reads what one search identifier holds: a map (all its lines), a list of maps and values (any of them), or one keyword.
 *
 * @throws {Refusal} With the place of the fault.
 */
export function readSearch(node: YamlNode, context: SearchContext): Search {
  if (node.type === 'map') {
    if (node.entries.length === 0) throw new Refusal('SELECTION_EMPTY', 'a selection without a line', node);
    return joined(
      'and',
      node.entries.map(({ key, value }) => readItem(key, value, context)),
    );
  }
  if (node.type !== 'list') return item(KEYWORDS, [], node, [node], context);
  if (node.items.length === 0) throw new Refusal('SELECTION_EMPTY', 'an empty list', node);
  const maps = node.items.flatMap((one) => (one.type === 'map' ? [readSearch(one, context)] : []));
  const keywords = node.items.flatMap((one) => {
    if (one.type === 'list') throw new Refusal('SELECTION_INVALID', 'a list within a list', one);
    return one.type === 'map' ? [] : [one];
  });
  const [first] = keywords;
  return joined('or', first ? [item(KEYWORDS, [], first, keywords, context), ...maps] : maps);
}

function joined(kind: 'and' | 'or', of: readonly Search[]): Search {
  const [only] = of;
  return of.length === 1 && only ? only : { kind, of };
}

function readItem(key: YamlScalar, node: YamlNode, context: SearchContext): Item {
  const [field = '', ...names] = key.text.split('|');
  if (key.text.length > LIMIT_LENGTH)
    throw new Refusal('SELECTION_INVALID', `a key of more than ${LIMIT_LENGTH} characters`, key);
  if (key.text === '' || key.type === 'null') throw new Refusal('SELECTION_INVALID', 'a line without a field', key);
  if (node.type === 'map') throw new Refusal('VALUE_INVALID', `${field} holds a map, which is no value`, node);
  if (node.type !== 'list') {
    if (names.includes('all')) {
      context.remarks.push({
        code: 'ALL_WITH_ONE_VALUE',
        message: 'all has one value only',
        line: key.line,
        column: key.column,
      });
    }
    return item(field, names, key, [node], context);
  }
  if (node.items.length === 0) throw new Refusal('SELECTION_EMPTY', `${field} has an empty list`, node);
  if (names.includes('exists')) throw new Refusal('VALUE_TYPE', 'exists needs true or false', node);
  const values = node.items.map((value) => {
    if (value.type === 'map' || value.type === 'list')
      throw new Refusal('VALUE_INVALID', `a ${value.type} within a list`, value);
    if (value.type === 'null') throw new Refusal('VALUE_INVALID', 'null within a list', value);
    return value;
  });
  return item(field, names, key, values, context);
}

function item(
  field: string,
  names: readonly string[],
  key: YamlScalar,
  values: readonly YamlScalar[],
  context: SearchContext,
): Item {
  const chain = parseChain(names, key);
  const keyword = field === KEYWORDS;
  if (keyword && (chain.kind === 'exists' || chain.kind === 'fieldref')) {
    throw new Refusal('MODIFIER_NEEDS_FIELD', `${chain.kind} needs a field`, key);
  }
  return {
    kind: 'item',
    field: keyword ? undefined : field,
    values: values.map((value) => testsOf(value, chain, keyword, context.placeholders)),
    quantifier: chain.all ? 'all' : 'any',
    negated: chain.neq,
  };
}
