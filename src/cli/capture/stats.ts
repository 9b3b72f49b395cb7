import type { Command } from 'commander';
import { captureStats, type CaptureStats } from '../../app/capture-stats.ts';
import { printable } from '../../lib/printable.ts';
import { LongwatchError } from '../../model/errors.ts';
import { command } from '../command.ts';
import { nameOf } from '../files.ts';
import type { Io } from '../io.ts';

const EXAMPLES = `
Examples:
  longwatch capture stats gn-2026-11-24.pcapng      its protocols as a tree, with frames and bytes
  tcpdump -i eth1 -w - -c 100000 | longwatch capture stats -
`;

export function statsCommand(io: Io, status: { value: number }): Command {
  return command('stats', 'what captures hold, as a tree of protocols under the names of Wireshark')
    .argument('<file...>', 'captures in pcap or pcapng, packed by gzip or zstd or not; - is standard input')
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], { format }: { readonly format: 'text' | 'ndjson' }) => {
      let read = 0;
      for (const file of files) {
        io.signal.throwIfAborted();
        try {
          const stats = await captureStats(file === '-' ? io.stdinParts() : file, io.signal);
          read += 1;
          await io.out(format === 'ndjson' ? record(file, stats) : forPeople(nameOf(file), stats));
        } catch (error) {
          if (!(error instanceof LongwatchError) || io.signal.aborted) throw error;
          io.err(`longwatch capture stats: ${printable(error.message)}. ${error.hint}\n`);
        }
      }
      if (read === 0) status.value = 2;
    });
}

function record(file: string, { linktypes, packets, issues, protocols, paths }: CaptureStats): string {
  return `${JSON.stringify({
    record: 'capture-stats',
    file,
    linktype: linktypes[0] ?? null,
    linktypes,
    packets,
    truncated: issues.length > 0,
    issues,
    protocols,
    paths,
  })}\n`;
}

function forPeople(file: string, { linktypes, packets, issues, paths }: CaptureStats): string {
  const rows = Object.entries(paths).map(([path, [frames, bytes]]) => {
    const steps = path.split('/');
    return [`${'  '.repeat(steps.length)}${steps.at(-1)}`, String(frames), String(bytes)] as const;
  });
  const width = Math.max(20, ...rows.map(([name]) => name.length));
  return [
    `${printable(file)}: ${packets} frames, ${linktypes.map(({ name }) => name).join(', ') || 'no interface'}\n`,
    ...rows.map(([name, frames, bytes]) => `${name.padEnd(width)}  ${frames.padStart(10)}  ${bytes.padStart(14)}\n`),
    ...linktypes
      .filter(({ read }) => !read)
      .map(({ name, frames }) => `  not read: ${frames} frames that begin as ${name}\n`),
    ...issues.map(({ offset, reason }) => `  at byte ${offset}: ${printable(reason)}\n`),
  ].join('');
}
