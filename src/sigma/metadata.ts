import type { Diagnostic, Position } from './diagnostics.ts';
import { LEVELS } from '../model/level.ts';
import { RELATIONS, STATUSES } from './rule.ts';
import type { Rule } from './rule.ts';
import { entry, plainValue } from './yaml.ts';
import type { YamlMap, YamlNode } from './yaml.ts';

type Metadata = Omit<
  Rule,
  'file' | 'document' | 'title' | 'taxonomy' | 'logsource' | 'detection' | 'condition' | 'fields' | 'keywords'
>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const TAG = /^[^\s.]+\.\S+$/;
// The first five are read elsewhere.
const KNOWN: readonly string[] = (
  'title logsource detection taxonomy sigma-version id name status description license author date modified level ' +
  'references falsepositives tags scope fields related'
).split(' ');

/**
 * The attributes that say what a rule is about. None of them changes what matches: one that is not as the specification has
 * it is left out, with a remark.
 */
export function readMetadata(root: YamlMap, remarks: Diagnostic[]): Metadata {
  const remark = (message: string, { line, column }: Position) =>
    void remarks.push({ code: 'METADATA_INVALID', message, line, column });

  function text(name: string, pattern?: RegExp): string | undefined {
    const node = entry(root, name);
    if (node === undefined || node.type === 'null') return undefined;
    if ('text' in node && (pattern === undefined || pattern.test(node.text))) return node.text;
    remark(`${name} is not as the specification has it`, node);
    return undefined;
  }

  function oneOf<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const node = entry(root, name);
    const given = text(name);
    const word = words.find((one) => one === given);
    if (node && given !== undefined && word === undefined) remark(`${name} is none of ${words.join(', ')}`, node);
    return word;
  }

  function list(name: string, pattern?: RegExp): readonly string[] {
    const node = entry(root, name);
    if (node === undefined || node.type === 'null') return [];
    // A lone text is often written where a list is meant.
    const items: readonly YamlNode[] = node.type === 'list' ? node.items : [node];
    return items.flatMap((item) => {
      if ('text' in item && (pattern === undefined || pattern.test(item.text))) return [item.text];
      remark(`${name} holds something that is not as the specification has it`, item);
      return [];
    });
  }

  function related(): Metadata['related'] {
    const node = entry(root, 'related');
    const items = node?.type === 'list' ? node.items : node === undefined || node.type === 'null' ? [] : [node];
    return items.flatMap((item) => {
      const [id, type] = item.type === 'map' ? [entry(item, 'id'), entry(item, 'type')] : [];
      const relation = RELATIONS.find((word) => type && 'text' in type && type.text === word);
      if (id && 'text' in id && UUID.test(id.text) && relation) return [{ id: id.text, type: relation }];
      remark('related needs an id and one of the relations of the specification', item);
      return [];
    });
  }

  const optional = {
    id: text('id', UUID),
    name: text('name'),
    status: oneOf('status', STATUSES),
    description: text('description'),
    license: text('license'),
    author: text('author'),
    date: text('date', DATE),
    modified: text('modified', DATE),
    level: oneOf('level', LEVELS),
  };
  return {
    ...defined(optional),
    references: list('references'),
    falsepositives: list('falsepositives'),
    tags: list('tags', TAG),
    scope: list('scope'),
    shownFields: list('fields'),
    related: related(),
    custom: new Map(
      root.entries.flatMap(({ key, value }) =>
        KNOWN.includes(key.text) ? [] : [[key.text, plainValue(value)] as const],
      ),
    ),
  };
}

function defined<Shape extends object>(shape: Shape): { [Key in keyof Shape]?: Exclude<Shape[Key], undefined> } {
  const entries = Object.entries(shape).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Shape]?: Exclude<Shape[Key], undefined> };
}
