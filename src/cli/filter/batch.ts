import { ANCILLARY, type AncillaryName } from '../../bpf/ancillary.ts';
import { programOfRows } from '../../bpf/row.ts';
import { machineOf, run, type Environment } from '../../bpf/run.ts';
import { refusalOf } from '../../bpf/validate.ts';
import { fromHex } from '../../lib/bytes.ts';
import { lineBatches } from '../../lib/line-stream.ts';

/**
 * Answers runs read as NDJSON, one line for each in the order of the input.
 *
 * @param pieces Lines of `{"insns":[[code,jt,jf,k],…],"packet":hex,"env"?:{name:number}}`.
 * @param out Takes `{"returns":number}` or `{"error":text,"line":number}` lines.
 */
export async function answerRuns(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  out: (text: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  for await (const lines of lineBatches(pieces, LINE_LIMIT_BYTES)) {
    signal.throwIfAborted();
    let answers = '';
    for (const { text, number } of lines) {
      if (text.trim() === '') continue;
      const answer = answerOf(text);
      answers +=
        typeof answer === 'number'
          ? `{"returns":${answer}}\n`
          : `${JSON.stringify({ error: `line ${number}: ${answer}`, line: number })}\n`;
    }
    await out(answers);
  }
}

const LINE_LIMIT_BYTES = 4 << 20;

/** What a run returns, or in words what is wrong with it. */
function answerOf(text: string): number | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'the line is no JSON';
  }
  if (typeof value !== 'object' || value === null) return 'the line is no object';
  const { insns, packet, env } = value as { insns?: unknown; packet?: unknown; env?: unknown };
  const program = programOfRows(insns);
  if (typeof program === 'string') return program;
  const refusal = refusalOf(program);
  if (refusal !== undefined) return `Linux refuses the program: ${refusal}`;
  const bytes = typeof packet === 'string' ? fromHex(packet) : undefined;
  if (bytes === undefined) return '"packet" is not hexadecimal';
  const environment = environmentOf(env);
  return typeof environment === 'string' ? environment : run(machineOf(program), bytes, environment);
}

const NAMES: ReadonlySet<string> = new Set<string>([...ANCILLARY.map(({ name }) => name), 'network_offset']);

/** Checks what a run is given beside the packet; in words what is wrong with it. */
export function environmentOf(value: unknown): Environment | string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object') return '"env" is no object';
  const environment: Partial<Record<AncillaryName | 'network_offset', number>> = {};
  for (const [name, number] of Object.entries(value)) {
    if (!NAMES.has(name)) continue;
    if (!Number.isInteger(number) || number < 0 || number > 0xffffffff) return `"${name}" is no unsigned 32-bit number`;
    environment[name as AncillaryName] = number as number;
  }
  return environment;
}
