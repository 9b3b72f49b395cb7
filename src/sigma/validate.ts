import { parseCondition } from './condition.ts';
import type { Condition } from './condition.ts';
import { readSearch } from './detection.ts';
import type { SearchContext } from './detection.ts';
import { Refusal } from './diagnostics.ts';
import type { Diagnostic } from './diagnostics.ts';
import { readMetadata } from './metadata.ts';
import type { Placeholders } from './modifiers/placeholders.ts';
import { TAXONOMIES } from './rule.ts';
import type { Item, LogSource, Rule, Search } from './rule.ts';
import { entry } from './yaml.ts';
import type { YamlMap, YamlNode } from './yaml.ts';

// Not search identifiers: how they are joined, and a left-over of the old aggregations.
const RESERVED = ['condition', 'timeframe'];
const SOURCE_ATTRIBUTES = ['category', 'product', 'service'] as const;

/**
 * Checks a document and makes it a rule.
 *
 * @returns The rule, and remarks on what was loaded but is not as it should be.
 * @throws {Refusal} When the document is no detection rule that can be evaluated.
 */
export function readRule(
  root: YamlMap,
  { file, document }: { readonly file: string; readonly document: number },
  placeholders: Placeholders,
): { readonly rule: Rule; readonly remarks: readonly Diagnostic[] } {
  const remarks: Diagnostic[] = [];
  const taxonomy = taxonomyOf(root);
  const title = entry(root, 'title');
  if (title?.type !== 'text' || title.text.trim() === '')
    throw new Refusal('TITLE_MISSING', 'the rule has no title', title ?? root);
  const logsource = readLogSource(root);
  const { detection, condition } = readDetection(root, { placeholders, remarks });
  const items = [...detection.values()].flatMap(itemsOf);
  const rule: Rule = {
    ...readMetadata(root, remarks),
    file,
    document,
    title: title.text,
    taxonomy,
    logsource,
    detection,
    condition,
    fields: [...new Set(items.flatMap(fieldsOf))],
    keywords: items.some(({ field }) => field === undefined),
  };
  return { rule, remarks };
}

function taxonomyOf(root: YamlMap): Rule['taxonomy'] {
  const version = entry(root, 'sigma-version');
  if (version && 'text' in version && Number(version.text) >= 3) {
    throw new Refusal('VERSION_UNSUPPORTED', `the rule is written for Sigma ${version.text}`, version);
  }
  const node = entry(root, 'taxonomy');
  if (node === undefined) return 'sigma';
  const known = TAXONOMIES.find((name) => 'text' in node && node.text === name);
  if (known === undefined) throw new Refusal('TAXONOMY_UNSUPPORTED', 'the rule has a taxonomy of its own', node);
  return known;
}

function readLogSource(root: YamlMap): LogSource {
  const node = entry(root, 'logsource');
  if (node?.type !== 'map') throw new Refusal('LOGSOURCE_MISSING', 'the rule has no log source', node ?? root);
  const stated = SOURCE_ATTRIBUTES.flatMap((name) => {
    const value = entry(node, name);
    if (value === undefined || value.type === 'null') return [];
    if (value.type !== 'text' || value.text === '')
      throw new Refusal('LOGSOURCE_MISSING', `the ${name} of the log source is no text`, value);
    return [[name, value.text] as const];
  });
  if (stated.length === 0)
    throw new Refusal('LOGSOURCE_MISSING', 'the log source states no category, product or service', node);
  return Object.fromEntries(stated);
}

function readDetection(root: YamlMap, context: SearchContext): Pick<Rule, 'detection' | 'condition'> {
  const node = entry(root, 'detection');
  if (node?.type !== 'map') throw new Refusal('DETECTION_MISSING', 'the rule has no detection', node ?? root);
  const condition = entry(node, 'condition');
  if (condition === undefined) throw new Refusal('CONDITION_MISSING', 'the detection has no condition', node);
  // The condition first: of a rule with an old aggregation, that is what its author must know.
  const names = node.entries.map(({ key }) => key.text).filter((name) => !RESERVED.includes(name));
  const joined = readCondition(condition, names);
  const detection = node.entries
    .filter(({ key }) => !RESERVED.includes(key.text))
    .map(({ key, value }) => [key.text, readSearch(value, context)] as const);
  const timeframe = entry(node, 'timeframe');
  if (timeframe)
    context.remarks.push({
      code: 'TIMEFRAME_IGNORED',
      message: 'the timeframe has no effect',
      line: timeframe.line,
      column: timeframe.column,
    });
  return { detection: new Map(detection), condition: joined };
}

/** A list of conditions means any of them. */
function readCondition(node: YamlNode, names: readonly string[]): Condition {
  const parts = node.type === 'list' ? node.items : [node];
  const of = parts.map((part) => {
    if (part.type === 'null') throw new Refusal('CONDITION_MISSING', 'the condition is empty', part);
    if (part.type === 'map' || part.type === 'list')
      throw new Refusal('CONDITION_SYNTAX', 'a condition is a text', part);
    return parseCondition(part.text, names, part);
  });
  const [first] = of;
  if (first === undefined) throw new Refusal('CONDITION_MISSING', 'the list of conditions is empty', node);
  return of.length === 1 ? first : { kind: 'or', of };
}

function itemsOf(search: Search): readonly Item[] {
  return search.kind === 'item' ? [search] : search.of.flatMap(itemsOf);
}

function fieldsOf({ field, values }: Item): string[] {
  const others = values.flat().flatMap((test) => (test.kind === 'field' ? [test.field] : []));
  return field === undefined ? others : [field, ...others];
}
