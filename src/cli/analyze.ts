import { examinePaths, isStream } from '../app/examine-paths.ts';
import { gather } from '../app/gather.ts';
import type { Source } from '../app/stored.ts';
import { printable } from '../lib/printable.ts';
import { LongwatchError } from '../model/errors.ts';
import { growing, standardInput } from './analyze/input.ts';
import { liveOutput } from './analyze/live.ts';
import { command, runCommand } from './command.ts';
import type { Io, Run } from './io.ts';
import { progressOf } from './progress.ts';
import { detectorsOf, forOneHost, gapOf, judged, printResults, type ResultOptions } from './results.ts';

const EXAMPLES = `
Examples:
  longwatch analyze hss1.lwsnap               judge a snapshot again
  longwatch analyze hss1.look                 judge what scan --script printed on a host
  longwatch analyze *.lwsnap --workers 4      many snapshots, several at once
  longwatch analyze uac-hss1-linux-20261124.tar.gz sosreport-hss2.tar.xz
  longwatch analyze gn-2026-11-24.pcapng      a capture: every packet at every level of nesting
  tcpdump -i eth1 -U -w - | longwatch analyze -   the wire as it is now: findings come as they are certain
  longwatch analyze ss.txt ps.txt exe.txt     outputs of ss -0pbn, ps auxww, ls -l /proc/[0-9]*/exe: one host
`;

interface AnalyzeOptions extends ResultOptions {
  readonly host?: string;
  readonly workers?: number;
  readonly follow?: boolean;
  readonly workspace?: string;
}

/** @throws {LongwatchError} `USAGE` where something else than one file is to be followed. */
async function sourcesOf(
  paths: readonly string[],
  { follow = false }: AnalyzeOptions,
  io: Io,
): Promise<readonly Source[]> {
  if (follow) {
    const [path, ...others] = paths;
    if (path === undefined || path === '-' || others.length > 0)
      throw new LongwatchError('USAGE', '--follow: for a single file');
    return [growing(path, io)];
  }
  const stdin = paths.includes('-') ? await standardInput(io) : undefined;
  return gather(paths.map((path) => (path === '-' && stdin ? stdin : path)));
}

/** `longwatch analyze`: judges stored evidence, found by its content. */
export const run: Run = async (args, io) => {
  const status = { value: 0 };
  const program = judged(
    command(
      'analyze',
      'Judges stored evidence: snapshots, the output of scan --script, archives of UAC and sos, captures of packets, outputs of commands. It contacts nobody.',
      ['format', 'workers', 'workspace'],
    ),
  )
    .argument('<path...>', 'files and folders, found by what they hold; - is standard input')
    .option('--host <name>', 'the name under which the evidence is judged')
    .option('--follow', 'keep reading a capture that grows, until its name is another file')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], options: AnalyzeOptions) => {
      const started = performance.now();
      const detectors = await detectorsOf(options, io);
      const sources = await sourcesOf(paths, options, io);
      const live = paths.length === 1 && isStream(sources[0]) ? liveOutput(io, options) : undefined;
      forOneHost(sources.length, { '--host': options.host });
      if (live && io.progress)
        io.err('longwatch analyze: findings are printed as they are certain; Ctrl-C ends it with a summary\n');
      const progress = progressOf(io, sources.length, 'pieces of evidence');
      const { results, failed } = await examinePaths(sources, {
        workers: options.workers ?? 1,
        detectors,
        rules: options.rules,
        indicators: options.indicators,
        keepObservations: options.include.includes('observations'),
        signal: io.signal,
        ...(live ? { live } : {}),
        onDone: () => progress.step(),
        ...(options.host === undefined ? {} : { host: options.host }),
      }).finally(() => progress.stop());
      for (const { detail, hint } of failed) io.err(`longwatch analyze: ${printable(detail)}. ${hint}\n`);
      const gaps = failed.map((one) => gapOf(one, 'the evidence', detectors));
      const reached = await printResults(
        results,
        gaps,
        { ...options, ...(live ? { told: live.told } : {}) },
        io,
        performance.now() - started,
      );
      status.value = results.length === 0 ? 2 : reached ? 1 : 0;
    });
  return runCommand(program, args, io, status);
};
