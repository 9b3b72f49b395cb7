import { readPrograms } from '../../bpf/read.ts';
import { machineOf, run } from '../../bpf/run.ts';
import { refusalOf } from '../../bpf/validate.ts';
import type { ReadProgram } from '../../bpf/entry.ts';
import { fromHex } from '../../lib/bytes.ts';
import { LongwatchError } from '../../model/errors.ts';
import { bytesOf } from '../files.ts';
import type { Io } from '../io.ts';
import { environmentOf } from './batch.ts';

/** Runs one program over one packet. */
export async function runProgram(
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
  const { insns } = await firstProgram(file, io);
  await io.out(`${JSON.stringify({ returns: run(machineOf(insns), bytes, environment) })}\n`);
}

/** The first program of a file, which Linux must take. */
export async function firstProgram(file: string, io: Io): Promise<ReadProgram> {
  const program = readPrograms(await bytesOf(file, io)).find((entry) => entry.kind === 'program');
  if (program === undefined) throw new LongwatchError('BPF_SYNTAX', `there is no program in ${file}`);
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
