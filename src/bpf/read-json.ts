import type { Line } from '../lib/lines.ts';
import { issue, type Entry } from './entry.ts';
import { LINKS } from './link.ts';
import { programOfRows } from './row.ts';

/**
 * Reads one JSON document, or one a line: `{"id","insns":[[code,jt,jf,k],…],"link"?,"boundTo"?,"ipProtocol"?,"port"?}`, rows
 * alone, or several of either.
 */
export function* readJson(lines: readonly Line[], bytes: Uint8Array): Generator<Entry> {
  const whole = lines.length > 1 && parseJson(new TextDecoder().decode(bytes));
  if (whole) {
    yield* ofJson(whole.value, lines[0]?.number ?? 1);
    return;
  }
  for (const { text, number } of lines) {
    const parsed = parseJson(text);
    if (parsed === undefined) yield issue(number, 'the line is no JSON');
    else yield* ofJson(parsed.value, number);
  }
}

export function isJson(text: string): boolean {
  return parseJson(text) !== undefined;
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** A program is an array of rows or an object with `insns`; several are an array of programs or an object with `entries`. */
function* ofJson(value: unknown, line: number, depth = 0): Generator<Entry> {
  const entries = Array.isArray(value) ? (value as unknown[]) : fieldOf(value, 'entries');
  const listed = Array.isArray(entries) && (!Array.isArray(value) || isListOfPrograms(entries));
  if (listed && depth < 2) {
    for (const entry of entries) yield* ofJson(entry, line, depth + 1);
    return;
  }
  const rows: unknown = Array.isArray(value) ? value : fieldOf(value, 'insns');
  const insns = programOfRows(rows);
  if (typeof insns === 'string') {
    yield issue(line, insns);
    return;
  }
  const id = fieldOf(value, 'id');
  const link = fieldOf(value, 'link');
  const known = LINKS.find((name) => name === link);
  if (link !== undefined && known === undefined) yield issue(line, '"link" is none that is known; it is passed over');
  yield {
    kind: 'program',
    insns,
    where: { line },
    ...(typeof id === 'string' || typeof id === 'number' ? { id: String(id) } : {}),
    ...(known === undefined ? {} : { link: known }),
    ...standpointOf(value),
  };
}

/** What the input says of the socket, as far as it makes sense; see `Standpoint`. */
function standpointOf(value: unknown): Partial<Record<'boundTo' | 'ipProtocol' | 'port', number>> {
  const limits = { boundTo: 0xffff, ipProtocol: 0xff, port: 0xffff };
  return Object.fromEntries(
    Object.entries(limits).flatMap(([name, most]) => {
      const number = fieldOf(value, name);
      return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= most
        ? [[name, number]]
        : [];
    }),
  );
}

function isListOfPrograms(entries: readonly unknown[]): boolean {
  const [first] = entries;
  return Array.isArray(first) ? Array.isArray(first[0]) : typeof first === 'object' && first !== null;
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
