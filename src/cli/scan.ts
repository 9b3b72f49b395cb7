import { Option } from 'commander';
import { forEachBounded } from '../lib/async.ts';
import { look, lookScript } from '../app/look.ts';
import { saveSnapshot } from '../app/save.ts';
import { examine } from '../engine/examine.ts';
import { parsers } from '../parsers/index.ts';
import { printable } from '../lib/printable.ts';
import type { Evidence } from '../model/artifact.ts';
import { LongwatchError } from '../model/errors.ts';
import type { Gap } from '../model/gap.ts';
import type { HostResult } from '../model/result.ts';
import { isSshTarget } from '../sources/ssh.ts';
import { command, runCommand, wholeNumber } from './command.ts';
import type { Io, Run } from './io.ts';
import { progressOf } from './progress.ts';
import { detectorsOf, forOneHost, gapOf, judged, printResults, type ResultOptions } from './results.ts';

const EXAMPLES = `
Examples:
  longwatch scan                              look at this host and judge
  longwatch scan root@hss1 root@hss2          look at two hosts by ssh
  longwatch scan --save hss1.lwsnap           keep the evidence as well
  longwatch scan --script | ssh hss1 sh -s >hss1.look && longwatch analyze hss1.look
`;

interface ScanOptions extends ResultOptions {
  readonly save?: string;
  readonly host?: string;
  readonly borrow: boolean;
  readonly script?: boolean;
  readonly jobs: number;
}

/** `longwatch scan`: looks at live hosts and judges. */
export const run: Run = async (args, io) => {
  const status = { value: 0 };
  const program = judged(
    command(
      'scan',
      'Looks at this host, or at hosts by ssh, and says whether an intruder is here. Nothing is written or changed there.',
    ),
  )
    .argument('[target...]', 'user@host; this host when there is none')
    .option('--save <file>', 'keep the evidence as a snapshot')
    .option('--host <name>', 'the name under which a single host is judged')
    .option('--no-borrow', 'do not duplicate descriptors to read filters; what stays unseen is told')
    .option('--script', 'print the exact script that a look runs, and stop')
    .addOption(new Option('--jobs <n>', 'hosts looked at beside each other').default(8).argParser(wholeNumber))
    .addHelpText('after', EXAMPLES)
    .action(async (targets: string[], options: ScanOptions) => {
      if (options.script) {
        if (targets.length > 0 || options.save !== undefined || options.host !== undefined)
          throw new LongwatchError('USAGE', '--script looks at nothing: it takes no target, no --save and no --host');
        await io.out(lookScript(options.borrow));
        return;
      }
      const wrong = targets.find((target) => !isSshTarget(target));
      if (wrong !== undefined)
        throw new LongwatchError('USAGE', `${JSON.stringify(wrong)} is no target: give user@host`);
      forOneHost(targets.length, { '--save': options.save, '--host': options.host });
      const started = performance.now();
      const detectors = await detectorsOf(options, io);
      const results: HostResult[] = [];
      const failed: Gap[] = [];
      let unsaved = false;
      const visited = targets.length === 0 ? [undefined] : targets;
      const progress = progressOf(io, visited.length, 'hosts');
      await forEachBounded(visited, options.jobs, async (target) => {
        const seen = await look(target, {
          borrow: options.borrow,
          signal: io.signal,
          ...(options.host === undefined ? {} : { host: options.host }),
        });
        progress.step();
        if ('hint' in seen) {
          failed.push(gapOf(seen, 'the look', detectors));
          io.err(`longwatch scan: ${seen.host} could not be looked at: ${printable(seen.detail)}. ${seen.hint}\n`);
          return;
        }
        if (options.save !== undefined) unsaved = !(await saved(options.save, seen.evidence, io));
        results.push(await examine(seen.evidence, { parsers, detectors }, { issues: seen.issues, signal: io.signal }));
      }).finally(() => progress.stop());
      const reached = await printResults(results, failed, options, io, performance.now() - started);
      status.value = results.length === 0 || unsaved ? 2 : reached ? 1 : 0;
    });
  return runCommand(program, args, io, status);
};

/** Keeps the evidence; what hinders that is told, and the host is judged all the same. */
async function saved(path: string, evidence: Evidence, io: Io): Promise<boolean> {
  try {
    await saveSnapshot(path, evidence);
    return true;
  } catch (error) {
    if (!(error instanceof LongwatchError) || error.code !== 'OUTPUT_FAILED') throw error;
    io.err(`longwatch scan: ${printable(error.message)}. ${error.hint}\n`);
    return false;
  }
}
