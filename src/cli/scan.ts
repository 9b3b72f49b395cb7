import { Option } from 'commander';
import { forEachBounded } from '../lib/async.ts';
import { searchedWords } from '../app/indicators.ts';
import { withContainers } from '../app/containers.ts';
import { readImage } from '../app/image.ts';
import { look, lookScript } from '../app/look.ts';
import { passwordKeeper } from '../app/password.ts';
import { saveSnapshot, writeWhole } from '../app/save.ts';
import { examine } from '../engine/examine.ts';
import { parsers } from '../parsers/index.ts';
import { printable } from '../lib/printable.ts';
import type { Evidence } from '../model/artifact.ts';
import { PROFILES, type Profile } from '../model/collector.ts';
import { LongwatchError } from '../model/errors.ts';
import type { HostResult } from '../model/result.ts';
import { BECOME, type Become } from '../model/target.ts';
import { command, runCommand, wholeNumber } from './command.ts';
import type { Io, Run } from './io.ts';
import { detectorsOf, forOneHost, gapOf, judged, printResults, type ResultOptions } from './results.ts';
import { boardOf } from './scan/board.ts';
import { containersOf, isContainer } from './scan/containers.ts';
import { againCommand, failedTargets, failureLines, type Miss } from './scan/failures.ts';
import { hostsOf } from './scan/hosts.ts';

const EXAMPLES = `
Examples:
  longwatch scan                              look at this host and judge
  longwatch scan root@hss1 root@hss2          look at two hosts by ssh
  longwatch scan --targets hosts.ini --become sudo --failed again.txt
                                              look at the hosts of an inventory, as root by sudo
  longwatch scan --save hss1.lwsnap           keep the evidence as well
  longwatch scan --containers                 look at this host, and at each of its containers
  longwatch scan container:4f2a81             look at one container, by id, name or pid/NUMBER
  longwatch scan --root /mnt/hss1             judge a mounted image or an unpacked root folder
  longwatch scan --script | ssh hss1 sh -s >hss1.look && longwatch analyze hss1.look
`;

interface ScanOptions extends ResultOptions {
  readonly save?: string;
  readonly host?: string;
  readonly borrow: boolean;
  readonly profile: Profile;
  readonly script?: boolean;
  readonly jobs: number;
  readonly targets: readonly string[];
  readonly failed?: string;
  readonly root?: string;
  readonly containers?: boolean;
  readonly become?: Become;
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
    .argument('[target...]', 'user@host, this host when there is none; container:ID for a container of each of them')
    .option('--save <file>', 'keep the evidence as a snapshot')
    .option('--host <name>', 'the name under which a single host is judged')
    .option('--root <dir>', 'judge the root folder of a host that does not run, as a mounted image, instead')
    .option('--containers', 'look at every container of each host as well, each as a host of its own')
    .option('--no-borrow', 'do not duplicate descriptors to read filters; what stays unseen is told')
    .addOption(
      new Option(
        '--profile <how>',
        'quick: processes and sockets; standard: and what starts, who may enter, the kernel; deep: and every packaged file',
      )
        .choices(PROFILES)
        .default('standard'),
    )
    .option('--script', 'print the exact script that a look runs, and stop')
    .option(
      '--targets <file>',
      'hosts to look at: lines of user@host, an ssh_config, an Ansible inventory in INI form',
      (value: string, before: readonly string[]) => [...before, value],
      [] as readonly string[],
    )
    .addOption(new Option('--become <how>', 'look as root by this; a password is asked for once').choices(BECOME))
    .option('--failed <file>', 'write the hosts that could not be looked at there, for --targets')
    .addOption(new Option('--jobs <n>', 'hosts looked at beside each other').default(8).argParser(wholeNumber))
    .addHelpText('after', EXAMPLES)
    .action(async (words: string[], options: ScanOptions) => {
      if (options.script) {
        const given = [
          options.save,
          options.host,
          options.root,
          options.containers,
          options.become,
          options.failed,
          ...words,
          ...options.targets,
        ];
        if (given.some((value) => value !== undefined))
          throw new LongwatchError(
            'USAGE',
            '--script looks at nothing: it takes no target, no --save, --host, --root, --containers, --become and --failed',
          );
        await io.out(lookScript({ ...options, words: await searchedWords(options.indicators) }));
        return;
      }
      if (options.root !== undefined && (words.length > 0 || options.targets.length > 0 || options.containers))
        throw new LongwatchError('USAGE', '--root looks at a folder: it takes no target, and no --containers');
      const { hosts, called } = containersOf(words);
      const all = options.containers === true;
      const { targets, bad } = await hostsOf(hosts, options.targets, io);
      const visited = targets.length + bad.length === 0 ? [undefined] : targets;
      forOneHost(visited.length, { '--host': options.host });
      forOneHost(visited.length * (all ? 2 : Math.max(1, called.length)), { '--save': options.save });
      const started = performance.now();
      const detectors = await detectorsOf(options, io);
      const wanted = await searchedWords(options.indicators);
      const results: HostResult[] = [];
      const misses: Miss[] = [];
      let unsaved = false;
      const board = boardOf(io, visited.length);
      const { become: by } = options;
      const { secret } = by === 'sudo' ? io : {};
      const ask = secret && (() => board.aside(() => secret('sudo password, for the hosts that ask for it: ')));
      const become = by && { how: by, ...(ask === undefined ? {} : { password: passwordKeeper(ask) }) };
      await forEachBounded(visited, options.jobs, async (target) => {
        const name = target?.name ?? options.root ?? 'this host';
        const how = {
          profile: options.profile,
          signal: io.signal,
          ...(options.host === undefined ? {} : { host: options.host }),
        };
        const seen =
          options.root === undefined
            ? await look(target, {
                ...how,
                borrow: options.borrow,
                words: wanted,
                onState: (state) => board.state(name, state),
                ...(become === undefined ? {} : { become }),
              })
            : await readImage(options.root, { ...how, observedAt: new Date().toISOString() });
        if ('hint' in seen) {
          misses.push({ target, why: seen });
          board.done(name, `failed: ${seen.cause ?? seen.detail}`);
          return;
        }
        const asked = { here: target === undefined, profile: options.profile, signal: io.signal };
        for await (const one of withContainers(seen, { all, called }, asked)) {
          if ('hint' in one) {
            misses.push({ target, why: one });
            continue;
          }
          if (options.save !== undefined) unsaved = !(await saved(options.save, one.evidence, io));
          const result = await examine(one.evidence, { parsers, detectors }, { issues: one.issues, signal: io.signal });
          // What nobody asked for is not kept until the last of many hosts is judged.
          results.push(options.include.includes('observations') ? result : { ...result, observations: [] });
        }
        board.done(name, 'judged');
      }).finally(() => board.stop());
      for (const line of failureLines([...misses, ...bad.map((why) => ({ target: undefined, why }))])) io.err(line);
      const failed = [...misses.map(({ why }) => why), ...bad].map((why) => gapOf(why, 'the look', detectors));
      const reached = await printResults(results, failed, options, io, performance.now() - started);
      if (options.failed !== undefined) {
        await writeWhole('the file of failed hosts', options.failed, failedTargets(misses));
        if (misses.length > 0)
          io.err(
            `longwatch scan: ${misses.length} of ${visited.length} hosts failed; for them alone: ${againCommand(program, options.failed, words.filter(isContainer))}\n`,
          );
      }
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
