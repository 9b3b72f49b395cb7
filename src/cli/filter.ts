import { Option, type Command } from 'commander';
import { LINKS, type Link } from '../bpf/link.ts';
import { LongwatchError } from '../model/errors.ts';
import { command, runCommand } from './command.ts';
import { partsOf } from './files.ts';
import { answerRuns } from './filter/batch.ts';
import { comparePrograms } from './filter/compare.ts';
import { explainPrograms } from './filter/explain.ts';
import { runProgram } from './filter/run.ts';
import type { Run } from './io.ts';

const HELP = `
A FILE holds programs as NDJSON {"id","insns":[[code,jt,jf,k],…],"link"?}, as the output of ss -0pb or of
tcpdump -d, -dd or -ddd, or as struct sock_filter records in hexadecimal; or it is a snapshot, the output of scan --script, or a
dump of an eBPF program by bpftool prog dump xlated. - reads standard input.

Examples:
  ss -0pbn | longwatch filter -
  longwatch filter --format ndjson programs.ndjson
  longwatch filter --explain suspect.txt
  tcpdump -ddd 'udp port 53' | longwatch filter --link ethernet -`;

const COMPARE_HELP = `
Takes the first program of each file. Prints how the packets that A lets through lie to those of B: equal, subset, superset,
disjoint or overlap, with a packet for each difference.

Examples:
  longwatch filter compare suspect.txt known.txt
  longwatch filter compare --link ethernet --format ndjson a.txt b.txt`;

const RUN_HELP = `
Prints {"returns":N}: N bytes of the packet are let through, 0 is a packet turned down.

Examples:
  longwatch filter run program.txt 4500001c000000004011…
  longwatch filter run --link network --env '{"protocol":2048}' program.txt 4500001c…
  longwatch filter run --batch runs.ndjson     one {"insns","packet","link"?,"env"?} a line

--link, or "network_offset" and "link_offset" in the environment, say where those headers begin: loads with negative offsets count
from there.`;

const linkOption = (): Option =>
  new Option('--link <link>', 'what offset 0 of a packet is, where the input does not say it')
    .choices(LINKS)
    .default('any');

export const run: Run = async (args, io) => {
  const status = { value: 0 };
  const program = command('filter', 'explain classic BPF programs: what does this socket wait for?')
    .argument('[file...]', 'where the programs are; - is standard input')
    .addOption(linkOption())
    .option('--explain', 'show the instructions with what they ask, and how they lead on as a Mermaid flowchart')
    .addHelpText('after', HELP)
    .action(async (files: string[], options: { link: Link; format: 'text' | 'ndjson'; explain?: true }) => {
      if (files.length === 0) throw new LongwatchError('USAGE', 'no file is given; - reads standard input');
      status.value = await explainPrograms(files, { ...options, explain: options.explain === true }, io);
    });
  program.addCommand(
    command('compare', 'compare the packets that two programs let through')
      .argument('<a>', 'file with a program')
      .argument('<b>', 'file with a program')
      .addOption(linkOption())
      .addHelpText('after', COMPARE_HELP)
      .action(async (a: string, b: string, _: unknown, compare: Command) => {
        // Options that `filter` has too are its own, wherever they stand.
        await comparePrograms(a, b, compare.optsWithGlobals<{ link: Link; format: 'text' | 'ndjson' }>(), io);
      }),
  );
  program.addCommand(
    command('run', 'run a program over a packet as Linux does', [])
      .argument('[program]', 'file with one program')
      .argument('[packet]', 'the packet in hexadecimal')
      .addOption(linkOption())
      .option('--batch <file>', 'read programs and packets from NDJSON, answer one a line')
      .option('--env <json>', 'what the kernel knows beside the packet: {"protocol":2048,"ifindex":2,…}')
      .addHelpText('after', RUN_HELP)
      .action(async (file: string | undefined, packet: string | undefined, _: unknown, one: Command) => {
        const options = one.optsWithGlobals<{ link: Link; batch?: string; env?: string }>();
        if (options.batch === undefined) return runProgram(file, packet, options, io);
        return answerRuns(partsOf(options.batch, io), options.link, (text) => io.out(text), io.signal);
      }),
  );
  return runCommand(program, args, io, status);
};
