import { Option } from 'commander';
import { filtersIn, filtersOnHost } from '../app/hunt-filters.ts';
import { huntCaptures, refusedOn } from '../app/hunt.ts';
import { LINKS, type Link } from '../bpf/link.ts';
import type { Sought } from '../hunt/predicates/seats.ts';
import { printable } from '../lib/printable.ts';
import { LongwatchError } from '../model/errors.ts';
import { linkName } from '../packets/capture/link-types.ts';
import { command, runCommand } from './command.ts';
import { bytesOf, nameOf } from './files.ts';
import { matchLines } from './hunt/lines.ts';
import type { Io, Run } from './io.ts';

const HELP = `
Filters are taken from where they are: --filters reads all that longwatch filter reads, --from the sockets of a snapshot or of other
evidence. - among the captures is a capture on standard input, which may be live.

Examples:
  longwatch hunt --filters suspect.txt gn-2026-11-*.pcap.gz
  longwatch hunt --from host.snapshot --inner core.pcapng      what would have woken any socket of that host, in tunnels too
  longwatch hunt --expression 'udp[8:2] = 0x7255' old.pcap
  tcpdump -i eth1 -U -w - | longwatch hunt --filters suspect.txt -`;

interface Options {
  readonly filters: readonly string[];
  readonly from: readonly string[];
  readonly expression: readonly string[];
  readonly link: Link;
  readonly inner?: true;
  readonly format: 'text' | 'ndjson';
  readonly workers?: number;
}

const several = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** Finds the packets of captures that filters would have let through. */
export const run: Run = (args, io) => {
  const status = { value: 0 };
  const program = command('hunt', 'find the packets of captures that given filters would have let through', [
    'format',
    'workers',
  ])
    .argument('<capture...>', 'captures in pcap or pcapng, packed by gzip or zstd or not; - is standard input')
    .option('--filters <file>', 'file with filters; - is standard input', several, [] as readonly string[])
    .option(
      '--from <evidence>',
      'snapshot or other evidence: the filters of all its sockets',
      several,
      [] as readonly string[],
    )
    .option(
      '--expression <text>',
      'filter as an expression of pcap, by the tcpdump of this machine',
      several,
      [] as readonly string[],
    )
    .addOption(
      new Option('--link <link>', 'what offset 0 of a packet is to filters that do not say it')
        .choices(LINKS)
        .default('any'),
    )
    .option('--inner', 'look at packets inside of tunnels and behind tags, too')
    .addHelpText('after', HELP)
    .action(async (captures: readonly string[], options: Options) => {
      status.value = await hunt(captures, options, io);
    });
  return runCommand(program, args, io, status);
};

async function hunt(captures: readonly string[], options: Options, io: Io): Promise<number> {
  const filters = await filtersOf(captures, options, io);
  const text = options.format === 'text';
  // What puts a filter into words is not loaded where lines are for machines.
  const tally = text ? new (await import('./hunt/tally.ts')).Tally() : undefined;
  let read = 0;
  await huntCaptures(
    captures,
    { filters, inner: options.inner === true, senders: text, workers: options.workers ?? 1 },
    {
      signal: io.signal,
      stdin: () => io.stdinParts(),
      async onHits(file, hits) {
        if (tally !== undefined) tally.add(nameOf(file), hits);
        else for (const lines of matchLines(file, filters, hits)) await io.out(lines);
      },
      async onDone({ path, linkTypes, issues, failed }) {
        if (failed === undefined) read += 1;
        else await told(failed.message, path, options, io);
        for (const linkType of linkTypes) {
          for (const { filter, reason } of refusedOn(filters, linkType))
            await told(
              `filter ${filter.id} is not run on frames of ${linkName(linkType)}: ${reason}`,
              path,
              options,
              io,
            );
        }
        for (const { reason, offset } of issues) await told(reason, path, options, io, offset);
      },
    },
  );
  if (tally !== undefined && read > 0) for (const line of tally.lines(filters, io)) await io.out(line);
  return read === 0 ? 2 : 0;
}

/** Something that is not as asked; it goes on. */
async function told(
  reason: string,
  file: string,
  { format }: Pick<Options, 'format'>,
  io: Io,
  offset?: number,
): Promise<void> {
  if (format === 'text') io.err(`longwatch hunt: ${printable(nameOf(file))}: ${printable(reason)}\n`);
  else {
    const where = offset === undefined ? {} : { offset };
    await io.out(`${JSON.stringify({ record: 'issue', artifact: file, ...where, reason })}\n`);
  }
}

/**
 * @throws {LongwatchError} `USAGE` when no filter is given, `BPF_SYNTAX` when none can be read.
 */
async function filtersOf(captures: readonly string[], options: Options, io: Io): Promise<readonly Sought[]> {
  const { filters: files, from, expression: expressions, link } = options;
  if (files.length + from.length + expressions.length === 0)
    throw new LongwatchError('USAGE', 'no filter is given: --filters, --from or --expression');
  if ([...files, ...captures].filter((file) => file === '-').length > 1)
    throw new LongwatchError('USAGE', 'standard input can be read once only');
  const filters: Sought[] = [];
  const issues: string[] = [];
  for (const file of files) {
    const found = await filtersIn(nameOf(file), await bytesOf(file, io), link, filters.length);
    filters.push(...found.filters);
    issues.push(...found.issues);
  }
  for (const path of from) {
    const found = await filtersOnHost(path, link, filters.length);
    filters.push(...found.filters);
    issues.push(...found.issues);
  }
  for (const text of expressions) {
    const { filterOfExpression } = await import('../app/hunt-expression.ts');
    const found = filterOfExpression(text, link, filters.length);
    filters.push(...found.filters);
    issues.push(...found.issues);
  }
  for (const issue of issues) io.err(`longwatch hunt: ${printable(issue)}\n`);
  if (filters.length === 0) throw new LongwatchError('BPF_SYNTAX', 'there is no filter to hunt with');
  return filters;
}
