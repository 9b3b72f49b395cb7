import { isAlias, isCollection, isMap, isPair, isScalar, LineCounter, parseAllDocuments } from 'yaml';
import type { Document, ParsedNode, YAMLMap } from 'yaml';
import { Refusal } from './diagnostics.ts';
import type { Position, RuleCode } from './diagnostics.ts';

/** A value of a YAML document with its place. An alias is the node that it names. */
export type YamlNode = YamlScalar | YamlList | YamlMap;

export interface YamlScalar extends Position {
  readonly type: 'text' | 'number' | 'boolean' | 'null';
  /** As written, without quotes and escapes; of a boolean `true` or `false`. A number keeps all its digits here. */
  readonly text: string;
}

export interface YamlList extends Position {
  readonly type: 'list';
  readonly items: readonly YamlNode[];
}

export interface YamlMap extends Position {
  readonly type: 'map';
  readonly entries: readonly YamlEntry[];
}

/** The entries of a map, in the order of the file. */
export interface YamlEntry {
  readonly key: YamlScalar;
  readonly value: YamlNode;
}

/** One document of a file: its root, or why it cannot be read. */
export type YamlDocument = { readonly root: YamlNode } | { readonly refusal: Refusal };

const LIMIT_DEPTH = 64;
const LIMIT_VALUES = 200_000;
const START: Position = { line: 1, column: 1 };

/**
 * Reads YAML 1.2 with its core schema: `yes`, `no`, `on` and `off` are text. Empty documents are skipped, a duplicate key is
 * an error, and neither depth nor aliases can exhaust memory. Never throws.
 */
export function yamlDocuments(text: string): YamlDocument[] {
  const lines = new LineCounter();
  let documents: readonly Document.Parsed[];
  try {
    // Duplicate keys are found below: the library compares every pair of keys.
    const parsed = parseAllDocuments(text, {
      version: '1.2',
      schema: 'core', // whatever a %YAML directive says
      uniqueKeys: false,
      prettyErrors: false,
      lineCounter: lines,
    });
    documents = Array.isArray(parsed) ? parsed : [];
  } catch (error) {
    // The library reads nested values by recursion: depth ends in a RangeError.
    const code: RuleCode = error instanceof RangeError ? 'YAML_TOO_DEEP' : 'YAML_SYNTAX';
    return [{ refusal: new Refusal(code, `the file cannot be read as YAML: ${String(error)}`, START) }];
  }
  return documents.flatMap((document): YamlDocument[] => {
    if (document.errors.length === 0 && isEmpty(document)) return [];
    try {
      return [{ root: new Conversion(document, lines).root() }];
    } catch (error) {
      if (error instanceof Refusal) return [{ refusal: error }];
      throw error;
    }
  });
}

function isEmpty({ contents }: Document.Parsed): boolean {
  return contents === null || (isScalar(contents) && contents.value === null && (contents.source ?? '') === '');
}

class Conversion {
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;
  readonly #anchors = new Map<string, { node: YamlNode; values: number } | 'open'>();
  #values = 0;

  constructor(document: Document.Parsed, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
  }

  root(): YamlNode {
    const [error] = this.#document.errors;
    if (error) {
      const code: RuleCode = error.code === 'RESOURCE_EXHAUSTION' ? 'YAML_TOO_DEEP' : 'YAML_SYNTAX';
      throw new Refusal(code, error.message, this.#at(error.pos[0]));
    }
    return this.#node(this.#document.contents, 0, START);
  }

  #at(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  #node(node: ParsedNode | null, depth: number, parent: Position): YamlNode {
    if (node === null) return { ...parent, type: 'null', text: '' };
    const place = this.#at(node.range[0]);
    if (depth > LIMIT_DEPTH) throw new Refusal('YAML_TOO_DEEP', `more than ${LIMIT_DEPTH} levels`, place);
    if (isAlias(node)) return this.#alias(node.source, place);
    const { anchor } = node;
    if (anchor !== undefined) this.#anchors.set(anchor, 'open');
    const before = this.#values;
    this.#count(1, place);
    const result = isScalar(node)
      ? scalar(node.value, node.source, place)
      : isMap(node)
        ? this.#map(node, depth, place)
        : this.#list(node, depth, place);
    if (anchor !== undefined) this.#anchors.set(anchor, { node: result, values: this.#values - before });
    return result;
  }

  #alias(name: string, place: Position): YamlNode {
    const target = this.#anchors.get(name);
    if (target === undefined) throw new Refusal('YAML_ALIAS', `*${name} names no anchor before it`, place);
    if (target === 'open') throw new Refusal('YAML_ALIAS', `*${name} stands within what it names`, place);
    this.#count(target.values, place);
    return { ...target.node, ...place };
  }

  /** Counts what a reader of the tree will meet: an alias counts as much as what it stands for. */
  #count(values: number, place: Position): void {
    this.#values += values;
    if (this.#values > LIMIT_VALUES)
      throw new Refusal('YAML_TOO_MANY_VALUES', `more than ${LIMIT_VALUES} values`, place);
  }

  #list(node: ParsedNode, depth: number, place: Position): YamlList {
    if (!isCollection(node)) throw new Refusal('YAML_SYNTAX', 'a value of an unknown kind', place);
    const items = node.items.map((item) => {
      if (isPair(item)) throw new Refusal('YAML_SYNTAX', 'a pair outside a map', place);
      return this.#node(item, depth + 1, place);
    });
    return { ...place, type: 'list', items };
  }

  #map(node: YAMLMap.Parsed, depth: number, place: Position): YamlMap {
    const seen = new Set<string>();
    const entries = node.items.map((pair): YamlEntry => {
      const key = this.#node(pair.key, depth + 1, place);
      if (key.type === 'map' || key.type === 'list')
        throw new Refusal('YAML_SYNTAX', 'a key must be a plain value', key);
      if (seen.has(key.text)) throw new Refusal('YAML_DUPLICATE_KEY', `the key ${key.text} stands here twice`, key);
      seen.add(key.text);
      return { key, value: this.#node(pair.value, depth + 1, key) };
    });
    return { ...place, type: 'map', entries };
  }
}

function scalar(value: unknown, source: string | undefined, place: Position): YamlScalar {
  if (value === null || value === undefined) return { ...place, type: 'null', text: source ?? '' };
  if (typeof value === 'boolean') return { ...place, type: 'boolean', text: String(value) };
  if (typeof value === 'number' || typeof value === 'bigint')
    return { ...place, type: 'number', text: source ?? String(value) };
  return { ...place, type: 'text', text: typeof value === 'string' ? value : (source ?? '') };
}

/** The value under a key of a map. */
export function entry(map: YamlMap, key: string): YamlNode | undefined {
  return map.entries.find((one) => one.key.text === key)?.value;
}

/** A tree as plain values: maps as `Map`, numbers as their text when a double would change them. */
export function plainValue(node: YamlNode): unknown {
  switch (node.type) {
    case 'map':
      return new Map(node.entries.map(({ key, value }) => [key.text, plainValue(value)]));
    case 'list':
      return node.items.map(plainValue);
    case 'null':
      return null;
    case 'boolean':
      return node.text === 'true';
    case 'number':
      return String(Number(node.text)) === node.text ? Number(node.text) : node.text;
    case 'text':
      return node.text;
  }
}
