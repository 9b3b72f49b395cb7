import { z } from 'zod';
import { Collection } from './collect.ts';
import type { IndicatorKind, IndicatorReading } from './indicator.ts';

const Bundle = z.object({ type: z.literal('bundle'), objects: z.array(z.unknown()) });
const StixIndicator = z.object({
  type: z.literal('indicator'),
  id: z.string(),
  name: z.string().optional(),
  pattern: z.string().max(100_000),
  pattern_type: z.string().optional(),
  valid_from: z.string().optional(),
  revoked: z.boolean().optional(),
});

export function isStix(value: unknown): boolean {
  return Bundle.safeParse(value).success;
}

/**
 * The indicators of a STIX 2.1 bundle whose patterns are simple comparisons: `=` and `IN`, joined by OR. Of comparisons joined
 * by AND a digest stands for all; without one the pattern says more than can be compared, and is told.
 *
 * @param lineOf The line on which a text first stands, for entries that cannot be used.
 * @see STIX Version 2.1, section 9, STIX Patterning
 */
export function readStix(file: string, bundle: unknown, lineOf: (text: string) => number): IndicatorReading {
  const collection = new Collection(file);
  for (const object of Bundle.parse(bundle).objects) {
    const read = StixIndicator.safeParse(object);
    if (!read.success || read.data.revoked === true) {
      if (isNamed(object)) collection.issue(() => lineOf(object.id), `${object.id} is no whole indicator`);
      continue;
    }
    const { id, name = id, pattern, pattern_type: language = 'stix', valid_from: date } = read.data;
    const at = () => lineOf(id);
    const about = {
      family: name.slice(0, 200),
      source: file,
      perishable: true,
      ...(date ? { date: date.slice(0, 10) } : {}),
    };
    const compared = language === 'stix' ? alternativesOf(pattern) : undefined;
    if (compared === undefined) collection.issue(at, `the pattern of ${id} is more than simple comparisons`);
    for (const { path, values } of compared ?? []) {
      const kind = KINDS.get(path.toLowerCase().replaceAll(/['"]/g, ''));
      if (kind === undefined) collection.issueOnce(at, `${path.slice(0, 80)} cannot be compared with a host`);
      else for (const value of values) collection.add(kind, value, about, at);
    }
  }
  return collection.reading();
}

function isNamed(value: unknown): value is { id: string } {
  const { success, data } = z
    .object({ type: z.literal('indicator'), id: z.string(), revoked: z.boolean().optional() })
    .safeParse(value);
  return success && data.revoked !== true;
}

const KINDS: ReadonlyMap<string, IndicatorKind> = new Map([
  ['file:hashes.md5', 'md5'],
  ['file:hashes.sha-1', 'sha1'],
  ['file:hashes.sha1', 'sha1'],
  ['file:hashes.sha-256', 'sha256'],
  ['file:hashes.sha256', 'sha256'],
  ['file:name', 'name'],
  ['directory:path', 'path'],
  ['mutex:name', 'marker'],
  ['process:name', 'name'],
  ['process:command_line', 'title'],
  ['user-account:user_id', 'user'],
  ['user-account:account_login', 'user'],
  ['ipv4-addr:value', 'address'],
  ['ipv6-addr:value', 'address'],
  ['domain-name:value', 'domain'],
  ['network-traffic:dst_port', 'port'],
]);

interface Comparison {
  readonly path: string;
  readonly values: readonly string[];
}

const TEXT = String.raw`'(?:[^'\\]|\\.)*'`;
const VALUE = String.raw`(?:${TEXT}|-?\d{1,15})`;
const TOKEN = new RegExp(
  String.raw`\s*(?:(?<bracket>[[\]])|(?<join>AND|OR)\b|(?<path>[a-z0-9-]+:(?:[\w.-]|'[^']*'|\[\*\]|\[\d+\])+)\s*(?:=\s*(?<one>${VALUE})|IN\s*\(\s*(?<some>${VALUE}(?:\s*,\s*${VALUE})*)\s*\)))`,
  'y',
);

/** The comparisons of which any one is enough; undefined for a pattern that asks for more. */
function alternativesOf(pattern: string): readonly Comparison[] | undefined {
  let depth = 0;
  let groups: Comparison[][] = [[]];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < pattern.trimEnd().length) {
    const { bracket, join, path, one, some } = TOKEN.exec(pattern)?.groups ?? {};
    if (bracket !== undefined) depth += bracket === '[' ? 1 : -1;
    else if (join === 'OR') groups = [...groups, []];
    else if (join === 'AND') {
      if (depth !== 1) return undefined;
    } else if (path !== undefined && depth === 1) groups.at(-1)?.push({ path, values: valuesOf(one ?? some ?? '') });
    else return undefined;
    if (depth < 0 || depth > 1) return undefined;
  }
  const told = groups.map((group) => (group.length > 1 ? group.filter(({ path }) => path.includes('hashes')) : group));
  return depth === 0 && told.every((group) => group.length > 0) ? told.flat() : undefined;
}

function valuesOf(text: string): string[] {
  return (text.match(new RegExp(VALUE, 'g')) ?? []).map((value) =>
    value.startsWith("'") ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value,
  );
}
