import type { Entry } from '../bpf/entry.ts';
import { likelyLink, type Link } from '../bpf/link.ts';
import { readJson } from '../bpf/read-json.ts';
import { refusalOf } from '../bpf/validate.ts';
import { unknownTo, type Sought } from '../hunt/predicates/seats.ts';
import { linesOf } from '../lib/lines.ts';

/** Filters to hunt with, and what of the input is none, in words. */
export interface FoundFilters {
  readonly filters: readonly Sought[];
  readonly issues: readonly string[];
}

/**
 * Filters in any form that `filter` reads: programs in their own forms, or those on the sockets of a snapshot or a look's output.
 *
 * @param name What the input is called in issues.
 * @param link What offset 0 is where the input does not say it.
 * @param before So many filters came before: those without a name are called by their number.
 */
export async function filtersIn(name: string, bytes: Uint8Array, link: Link, before: number): Promise<FoundFilters> {
  return chosen(name, await entriesOf(name, bytes), link, before);
}

/** The filters of all sockets of stored evidence: a snapshot, an archive of another collector, outputs of commands. */
export async function filtersOnHost(path: string, link: Link, before: number): Promise<FoundFilters> {
  const [{ readStored }, { filtersOf }] = await Promise.all([import('./stored.ts'), import('./evidence-filters.ts')]);
  const { evidence } = await readStored(path);
  return chosen(path, filtersOf(evidence), link, before);
}

/** No text that holds programs needs longer lines. */
const LINE_LIMIT_BYTES = 4 << 20;

/** What reads the other forms is loaded for them alone: most hunts have their filters in JSON, and are over in a moment. */
async function entriesOf(name: string, bytes: Uint8Array): Promise<Iterable<Entry>> {
  const lines = [...linesOf(bytes, LINE_LIMIT_BYTES)].filter(({ text }) => text.trim() !== '');
  if (/^\s*\{\s*"/.test(lines[0]?.text ?? '')) return readJson(lines, bytes);
  const { isEvidence, readStored } = await import('./stored.ts');
  if (isEvidence(bytes)) {
    const { filtersOf } = await import('./evidence-filters.ts');
    return filtersOf((await readStored({ name, bytes })).evidence);
  }
  const { readPrograms } = await import('../bpf/read.ts');
  return readPrograms(bytes);
}

/** Those of the entries that Linux takes. */
export function chosen(name: string, entries: Iterable<Entry>, link: Link, before: number): FoundFilters {
  const filters: Sought[] = [];
  const issues: string[] = [];
  for (const entry of entries) {
    if (entry.kind === 'issue') {
      issues.push(`${name}, line ${entry.where.line}: ${entry.reason}`);
      continue;
    }
    const { insns: program, link: own = link } = entry;
    const id = entry.id ?? String(before + filters.length + 1);
    const refusal = refusalOf(program);
    if (refusal !== undefined) {
      issues.push(`${name}, line ${entry.where.line}: Linux refuses filter ${id}: ${refusal}`);
      continue;
    }
    const unknown = unknownTo(program);
    if (unknown.length > 0)
      issues.push(
        `${name}, line ${entry.where.line}: filter ${id} asks for ${unknown.join(', ')}, which no capture holds; a packet of which it asks that is not matched`,
      );
    filters.push({ id, program, link: own === 'any' ? likelyLink(program) : own });
  }
  return { filters, issues };
}
