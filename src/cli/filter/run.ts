import type { Link } from '../../bpf/link.ts';
import { readPrograms } from '../../bpf/read.ts';
import { machineOf, run } from '../../bpf/run.ts';
import { refusalOf } from '../../bpf/validate.ts';
import type { ReadProgram } from '../../bpf/entry.ts';
import { fromHex } from '../../lib/bytes.ts';
import { LongwatchError } from '../../model/errors.ts';
import { bytesOf, nameOf } from '../files.ts';
import type { Io } from '../io.ts';
import { environmentOf } from './batch.ts';

/**
 * Runs one program over one packet.
 *
 * @param link What offset 0 is where the input does not say it.
 */
export async function runProgram(
  file: string | undefined,
  packet: string | undefined,
  { link, env }: { readonly link: Link; readonly env?: string },
  io: Io,
): Promise<void> {
  if (file === undefined || packet === undefined) {
    throw new LongwatchError('USAGE', 'filter run takes a program and a packet, or --batch FILE');
  }
  const bytes = fromHex(packet);
  if (bytes === undefined) throw new LongwatchError('USAGE', 'the packet is not hexadecimal');
  const values = env === undefined ? undefined : parseEnvironment(env);
  const { insns, link: ownLink = link } = await firstProgram(file, io);
  const environment = environmentOf(values, ownLink);
  if (typeof environment === 'string') throw new LongwatchError('USAGE', `--env: ${environment}`);
  await io.out(`${JSON.stringify({ returns: run(machineOf(insns), bytes, environment) })}\n`);
}

/** The first program of a file, which Linux must take. */
export async function firstProgram(file: string, io: Io): Promise<ReadProgram> {
  const entries = readPrograms(await bytesOf(file, io));
  const program = entries.find((entry) => entry.kind === 'program');
  if (program === undefined) {
    const why = entries.flatMap((entry) =>
      entry.kind === 'issue' ? [`line ${entry.where.line}: ${entry.reason}`] : [],
    );
    throw new LongwatchError('BPF_SYNTAX', `there is no program in ${[nameOf(file), ...why.slice(0, 1)].join(', ')}`);
  }
  const refusal = refusalOf(program.insns);
  if (refusal !== undefined) throw new LongwatchError('BPF_SYNTAX', `Linux refuses the program in ${file}: ${refusal}`);
  return program;
}

function parseEnvironment(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new LongwatchError('USAGE', '--env is no JSON', { cause });
  }
}
