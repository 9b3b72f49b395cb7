import { Refusal } from './diagnostics.ts';
import type { Diagnostic } from './diagnostics.ts';
import type { Placeholders } from './modifiers/placeholders.ts';
import type { Rule } from './rule.ts';
import { readRule } from './validate.ts';
import { entry, yamlDocuments } from './yaml.ts';
import type { YamlDocument, YamlMap, YamlNode } from './yaml.ts';

/** What became of one document. A degraded rule is evaluated; its diagnostics say what is not as it should be. */
export type RuleReading = {
  readonly file: string;
  /** Number of the document in its file, from 1. */
  readonly document: number;
  /** The rule's id as the document states it. */
  readonly id?: string;
  /** The first is the one to show. */
  readonly diagnostics: readonly Diagnostic[];
} & ({ readonly outcome: 'loaded' | 'degraded'; readonly rule: Rule } | { readonly outcome: 'refused' });

export interface ReadOptions {
  readonly placeholders?: Placeholders;
}

/** Rule files are pages, not books. */
export const LIMIT_BYTES = 1 << 20;
const START = { line: 1, column: 1 };
const ACTIONS = ['global', 'reset', 'repeat'];

/**
 * Reads the documents of a rule file. One bad document never stops the others, and nothing in a file makes this throw.
 *
 * @param file How results name the file.
 * @param content UTF-8, at most 1 MiB.
 */
export function readRules(
  file: string,
  content: Uint8Array | string,
  { placeholders = new Map() }: ReadOptions = {},
): RuleReading[] {
  const text = decode(content);
  if (text instanceof Refusal) return [refusedFile(file, text)];
  let isGlobal = false;
  return yamlDocuments(text).map((document, index): RuleReading => {
    const place = { file, document: index + 1 };
    const action = actionOf(document);
    if (action !== undefined) isGlobal = action !== 'reset';
    try {
      if ('refusal' in document) throw document.refusal;
      if (action !== undefined)
        throw new Refusal('ACTION_UNSUPPORTED', `the document has "action: ${action}"`, document.root);
      if (isGlobal)
        throw new Refusal('ACTION_UNSUPPORTED', 'the document builds on one with "action: global"', document.root);
      const root = detectionRule(document.root);
      const { rule, remarks } = readRule(root, place, placeholders);
      const id = rule.id === undefined ? {} : { id: rule.id };
      return { ...place, ...id, outcome: remarks.length === 0 ? 'loaded' : 'degraded', rule, diagnostics: remarks };
    } catch (error) {
      if (error instanceof Refusal) return refused(place, error, 'root' in document ? document.root : undefined);
      throw error;
    }
  });
}

/** The result for a file of which no document could be read. */
export function refusedFile(file: string, refusal: Refusal): RuleReading {
  return refused({ file, document: 1 }, refusal);
}

export function tooLarge(): Refusal {
  return new Refusal('FILE_TOO_LARGE', `more than ${LIMIT_BYTES} bytes`, START);
}

function decode(content: Uint8Array | string): string | Refusal {
  if (content.length > LIMIT_BYTES) return tooLarge();
  if (typeof content === 'string') return content;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return new Refusal('FILE_ENCODING', 'the file is not UTF-8', START);
  }
}

function actionOf(document: YamlDocument): string | undefined {
  const node = 'root' in document && document.root.type === 'map' ? entry(document.root, 'action') : undefined;
  return ACTIONS.find((action) => node?.type === 'text' && node.text === action);
}

function detectionRule(root: YamlNode): YamlMap {
  if (root.type !== 'map') throw new Refusal('NOT_A_RULE', 'the document is no map', root);
  const [correlation, filter] = [entry(root, 'correlation'), entry(root, 'filter')];
  if (correlation) throw new Refusal('CORRELATION_UNSUPPORTED', 'the document is a correlation rule', correlation);
  if (filter) throw new Refusal('FILTER_UNSUPPORTED', 'the document is a filter rule', filter);
  return root;
}

function refused(
  place: { readonly file: string; readonly document: number },
  { diagnostic }: Refusal,
  root?: YamlNode,
): RuleReading {
  const id = root?.type === 'map' ? entry(root, 'id') : undefined;
  return { ...place, ...(id?.type === 'text' && { id: id.text }), outcome: 'refused', diagnostics: [diagnostic] };
}
