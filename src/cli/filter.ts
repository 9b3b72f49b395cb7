import { Option } from 'commander';
import { filtersOf } from '../app/evidence-filters.ts';
import { isEvidence, readStored } from '../app/stored.ts';
import { disassemble } from '../bpf/disassemble.ts';
import { interestOf, type Interest } from '../bpf/interest.ts';
import { LINKS, type Link } from '../bpf/link.ts';
import type { Entry, ReadProgram } from '../bpf/entry.ts';
import { readPrograms } from '../bpf/read.ts';
import { machineOf, run as runMachine } from '../bpf/run.ts';
import { refusalOf } from '../bpf/validate.ts';
import type { ValueTest } from '../bpf/test-list.ts';
import { sentenceOf } from '../bpf/words.ts';
import { fromHex } from '../lib/bytes.ts';
import { printable } from '../lib/printable.ts';
import { LongwatchError } from '../model/errors.ts';
import { command, runCommand } from './command.ts';
import { bytesOf, nameOf, partsOf } from './files.ts';
import { answerRuns, environmentOf } from './filter-runs.ts';
import type { Io, Run } from './io.ts';

const HELP = `
A FILE holds programs as NDJSON {"id","insns":[[code,jt,jf,k],…],"link"?}, as the output of ss -0pb or of
tcpdump -d, -dd or -ddd, or as struct sock_filter records in hexadecimal; or it is a snapshot or the output of scan --script. - reads standard input.

Examples:
  ss -0pbn | longwatch filter -
  longwatch filter --format ndjson programs.ndjson
  tcpdump -ddd 'udp port 53' | longwatch filter --link ethernet -`;

const RUN_HELP = `
Prints {"returns":N}: N bytes of the packet are let through, 0 is a packet turned down.

Examples:
  longwatch filter run program.txt 4500001c000000004011…
  longwatch filter run --env '{"protocol":2048}' program.txt 4500001c…
  longwatch filter run --batch runs.ndjson     one {"insns","packet","env"?} a line`;

export const run: Run = async (args, io) => {
  const status = { value: 0 };
  const program = command('filter', 'explain classic BPF programs: what does this socket wait for?')
    .argument('[file...]', 'where the programs are; - is standard input')
    .addOption(
      new Option('--link <link>', 'what offset 0 of a packet is, where the input does not say it')
        .choices(LINKS)
        .default('any'),
    )
    .addHelpText('after', HELP)
    .action(async (files: string[], options: { link: Link; format: Format }) => {
      if (files.length === 0) throw new LongwatchError('USAGE', 'no file is given; - reads standard input');
      status.value = await explain(files, options, io);
    });
  program.addCommand(
    command('run', 'run a program over a packet as Linux does', [])
      .argument('[program]', 'file with one program')
      .argument('[packet]', 'the packet in hexadecimal')
      .option('--batch <file>', 'read programs and packets from NDJSON, answer one a line')
      .option('--env <json>', 'what the kernel knows beside the packet: {"protocol":2048,"ifindex":2,…}')
      .addHelpText('after', RUN_HELP)
      .action(
        async (file: string | undefined, packet: string | undefined, options: { batch?: string; env?: string }) => {
          if (options.batch !== undefined) {
            await answerRuns(partsOf(options.batch, io), (text) => io.out(text), io.signal);
          } else {
            await runOne(file, packet, options.env, io);
          }
        },
      ),
  );
  program
    .command('compare', { hidden: true })
    .argument('[file...]')
    .action(() => {
      throw new LongwatchError('USAGE', 'filter compare does not exist yet; ./compare is a file of that name');
    });
  return runCommand(program, args, io, status);
};

type Format = 'text' | 'ndjson';

/** Explains every program of the files, in their order. Exit status 2 when there is none in any of them. */
async function explain(
  files: readonly string[],
  { link, format }: { link: Link; format: Format },
  io: Io,
): Promise<number> {
  let programs = 0;
  for (const file of files) {
    const artifact = nameOf(file);
    for (const entry of await entriesOf(artifact, await bytesOf(file, io))) {
      io.signal.throwIfAborted();
      if (entry.kind === 'issue') {
        const { reason, where } = entry;
        if (format === 'ndjson') await io.out(`${JSON.stringify({ record: 'issue', artifact, ...where, reason })}\n`);
        else io.err(`${printable(artifact)}, line ${where.line}: ${printable(reason)}\n`);
      } else {
        programs++;
        const place = { artifact, ...entry.where };
        const record = recordOf(entry, entry.id ?? String(programs), link);
        // What the input names needs no place, and is the same wherever it is read from.
        const line = { record: 'filter', ...record, ...(entry.id === undefined ? place : {}) };
        await io.out(format === 'ndjson' ? `${JSON.stringify(line)}\n` : blockOf(record, place));
      }
    }
  }
  if (programs === 0) io.err('longwatch filter: there is no program in the input\n');
  return programs === 0 ? 2 : 0;
}

/** Programs in one of their own forms, or those on the sockets of a snapshot or of a look's output. */
async function entriesOf(name: string, bytes: Uint8Array): Promise<Iterable<Entry>> {
  if (!isEvidence(bytes)) return readPrograms(bytes);
  const { evidence } = await readStored({ name, bytes });
  return filtersOf(evidence);
}

interface FilterRecord {
  readonly id: string;
  readonly loads: boolean;
  readonly refusal?: string;
  /** Said of programs that are refused; others are not judged here. */
  readonly verdict?: 'invalid';
  readonly link: Link;
  readonly instructions: number;
  readonly disassembly: readonly string[];
  readonly sentence: string;
  readonly magic?: readonly Magic[];
  readonly relations?: readonly string[];
  readonly exact?: boolean;
  readonly interest?: Interest;
  readonly socket?: ReadProgram['socket'];
  readonly elapsedMs: number;
}

/** A value that a packet must carry behind its headers, as bytes in hexadecimal. */
type Magic = Pick<ValueTest, 'protocol' | 'at' | 'size'> & { readonly value: string; readonly mask?: string };

function magicOf({ protocol, at, size, value, mask }: ValueTest): Magic {
  const hex = (bits: number) => bits.toString(16).padStart(2 * size, '0');
  return { protocol, at, size, value: hex(value), ...(mask === undefined ? {} : { mask: hex(mask) }) };
}

function recordOf({ insns, link: ownLink, socket }: ReadProgram, id: string, defaultLink: Link): FilterRecord {
  const start = performance.now();
  const link = ownLink ?? defaultLink;
  const refusal = refusalOf(insns);
  const interest = refusal === undefined ? interestOf(insns, link, socket?.protocol) : undefined;
  const disassembly = disassemble(insns);
  return {
    id,
    loads: refusal === undefined,
    ...(refusal === undefined ? {} : { refusal, verdict: 'invalid' }),
    link,
    instructions: insns.length,
    disassembly,
    sentence: interest === undefined ? `Linux refuses it: ${refusal}.` : sentenceOf(interest),
    ...(interest === undefined
      ? {}
      : { magic: interest.payload.map(magicOf), relations: interest.relations, exact: interest.exact, interest }),
    ...(socket === undefined ? {} : { socket }),
    elapsedMs: Number((performance.now() - start).toFixed(3)),
  };
}

function blockOf(
  record: FilterRecord,
  { artifact, line }: { readonly artifact: string; readonly line: number },
): string {
  const { id, link, instructions, sentence, socket, disassembly } = record;
  const holders = socket?.holders.map(({ comm, pid }) => `${comm} (pid ${pid})`) ?? [];
  const lines = [
    `${id}: ${instructions} ${instructions === 1 ? 'instruction' : 'instructions'}, link ${link}, ${artifact} line ${line}`,
    ...(holders.length > 0 ? [`  held by ${holders.join(', ')}`] : []),
    `  ${sentence}`,
    ...disassembly.map((text) => `    ${text}`),
  ];
  return `${lines.map(printable).join('\n')}\n\n`;
}

async function runOne(
  file: string | undefined,
  packet: string | undefined,
  env: string | undefined,
  io: Io,
): Promise<void> {
  if (file === undefined || packet === undefined) {
    throw new LongwatchError('USAGE', 'filter run takes a program and a packet, or --batch FILE');
  }
  const bytes = fromHex(packet);
  if (bytes === undefined) throw new LongwatchError('USAGE', 'the packet is not hexadecimal');
  const environment = environmentOf(env === undefined ? undefined : parseEnvironment(env));
  if (typeof environment === 'string') throw new LongwatchError('USAGE', `--env: ${environment}`);
  const program = readPrograms(await bytesOf(file, io)).find((entry) => entry.kind === 'program');
  if (program === undefined) throw new LongwatchError('BPF_SYNTAX', `there is no program in ${file}`);
  const refusal = refusalOf(program.insns);
  if (refusal !== undefined) throw new LongwatchError('BPF_SYNTAX', `Linux refuses the program: ${refusal}`);
  await io.out(`${JSON.stringify({ returns: runMachine(machineOf(program.insns), bytes, environment) })}\n`);
}

function parseEnvironment(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new LongwatchError('USAGE', '--env is no JSON', { cause });
  }
}
