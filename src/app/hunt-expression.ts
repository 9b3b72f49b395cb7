import { spawnSync } from 'node:child_process';
import type { Link } from '../bpf/link.ts';
import { readPrograms } from '../bpf/read.ts';
import { LongwatchError } from '../model/errors.ts';
import { chosen, type FoundFilters } from './hunt-filters.ts';

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
    env: { ...process.env, PATH: [process.env['PATH'], '/usr/sbin', '/sbin'].filter(Boolean).join(':') },
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
