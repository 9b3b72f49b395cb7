import { spawnSync } from 'node:child_process';
import type { Entry } from '../bpf/entry.ts';
import { likelyLink, type Link } from '../bpf/link.ts';
import { readPrograms } from '../bpf/read.ts';
import { refusalOf } from '../bpf/validate.ts';
import { unknownTo, type Sought } from '../hunt/predicates/seats.ts';
import { LongwatchError } from '../model/errors.ts';

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

/** Programs begin like this in JSON; then all that reads evidence need not be loaded. */
const JSON_STARTS: ReadonlySet<number | undefined> = new Set([0x5b, 0x7b]);

async function entriesOf(name: string, bytes: Uint8Array): Promise<Iterable<Entry>> {
  if (!JSON_STARTS.has(bytes[0])) {
    const { isEvidence, readStored } = await import('./stored.ts');
    if (isEvidence(bytes)) {
      const { filtersOf } = await import('./evidence-filters.ts');
      return filtersOf((await readStored({ name, bytes })).evidence);
    }
  }
  return readPrograms(bytes);
}

function chosen(name: string, entries: Iterable<Entry>, link: Link, before: number): FoundFilters {
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

/** Names of links as tcpdump has them. */
const DLT: Readonly<Partial<Record<Link, string>>> = {
  ethernet: 'EN10MB',
  network: 'RAW',
  linux_sll: 'LINUX_SLL',
  ppp: 'PPP',
};

/**
 * The filter that libpcap makes of an expression, by way of the tcpdump of this machine.
 *
 * @throws {LongwatchError} `USAGE` where there is no tcpdump, no such link, or the expression is none.
 */
export function filterOfExpression(expression: string, link: Link, before: number): FoundFilters {
  const own = link === 'any' ? 'ethernet' : link;
  const dlt = DLT[own];
  if (dlt === undefined) throw new LongwatchError('USAGE', `there are no expressions for ${own}`);
  const { error, status, stdout, stderr } = spawnSync('tcpdump', ['-y', dlt, '-ddd', '--', expression], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
    maxBuffer: 4 << 20,
    timeout: 10_000,
  });
  if (error !== undefined)
    throw new LongwatchError(
      'USAGE',
      `an expression needs tcpdump, which cannot be run here; --filters takes its -ddd output`,
      {
        cause: error,
      },
    );
  const id = expression;
  if (stderr.includes('rejects all packets')) return { filters: [], issues: [`${expression}: no packet is like that`] };
  if (status !== 0)
    throw new LongwatchError('USAGE', `tcpdump refuses ${expression}: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  const { filters, issues } = chosen('tcpdump', readPrograms(Buffer.from(stdout)), own, before);
  return { filters: filters.map((one) => ({ ...one, id })), issues };
}
