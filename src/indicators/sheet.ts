import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
  type ParsedNode,
  type YAMLMap,
} from 'yaml';
import { Collection, type Line } from './collect.ts';
import { INDICATOR_KINDS, type IndicatorKind, type IndicatorReading } from './indicator.ts';

const KINDS: ReadonlySet<string> = new Set(INDICATOR_KINDS);
const HEAD = new Set(['family', 'source', 'date', 'note', 'perishable']);
const DATE = /^\d{4}(?:-\d{2}(?:-\d{2})?)?$/;

/**
 * Sheets of our own form, one a YAML document: whose the entries are, where and when they were published, and a list for
 * each kind. A bad entry is told and the next is read.
 *
 * @example
 * // family: BPFDoor
 * // source: who published it
 * // date: 2025-05-12
 * // perishable: true
 * // sha256: [c7f6…]
 */
export function readSheets(file: string, text: string): IndicatorReading {
  const collection = new Collection(file);
  const lines = new LineCounter();
  let documents: readonly Document.Parsed[] = [];
  try {
    const parsed = parseAllDocuments(text, { version: '1.2', schema: 'core', prettyErrors: false, lineCounter: lines });
    documents = Array.isArray(parsed) ? parsed : [];
  } catch (error) {
    // The library reads nested values by recursion: depth ends in a RangeError.
    collection.issue(() => 1, `cannot be read as YAML: ${String(error).slice(0, 200)}`);
  }
  const lineOf =
    (node: { range?: readonly [number, number, number] | null } | null | undefined): Line =>
    () =>
      Math.max(1, lines.linePos(node?.range?.[0] ?? 0).line);
  for (const { contents, errors } of documents) {
    const [error] = errors;
    if (error) collection.issue(() => Math.max(1, lines.linePos(error.pos[0]).line), error.message.slice(0, 200));
    else if (isMap(contents)) readSheet(contents, collection, lineOf);
    else if (contents !== null) collection.issue(lineOf(contents), 'no sheet of indicators: a map is expected');
  }
  return collection.reading();
}

type LineOf = (node: ParsedNode | null) => Line;

function readSheet(sheet: YAMLMap.Parsed, collection: Collection, lineOf: LineOf): void {
  const head = new Map<string, string>();
  const lists: (readonly [IndicatorKind, ParsedNode | null])[] = [];
  for (const { key, value } of sheet.items) {
    const name = textOf(key) ?? '';
    if (KINDS.has(name)) lists.push([name as IndicatorKind, value]);
    else if (HEAD.has(name)) head.set(name, textOf(value) ?? '');
    else collection.issue(lineOf(key), `there is no ${JSON.stringify(name.slice(0, 40))} in a sheet of indicators`);
  }
  const { family = '', source = '', date } = Object.fromEntries(head);
  if (family === '' || source === '')
    return collection.issue(lineOf(sheet), 'a sheet says of which family it is, and from which source');
  if (date !== undefined && !DATE.test(date)) collection.issue(lineOf(sheet), 'the date is no year, month or day');
  const about = {
    family,
    source,
    ...(date !== undefined && DATE.test(date) ? { date } : {}),
    perishable: head.get('perishable') !== 'false',
  };
  for (const [kind, list] of lists) {
    for (const entry of isSeq(list) ? (list.items as readonly (ParsedNode | null)[]) : [list]) {
      const text = textOf(entry);
      if (text === undefined) collection.issue(lineOf(entry), `an entry of ${kind} is no text`);
      else collection.add(kind, text, about, lineOf(entry));
    }
  }
}

/** A scalar as it is written: of digits that look like a number none is lost. */
function textOf(node: unknown): string | undefined {
  if (!isScalar(node)) return undefined;
  return typeof node.value === 'string' ? node.value : (node.source ?? '');
}
