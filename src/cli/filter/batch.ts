import { ANCILLARY } from '../../bpf/ancillary.ts';
import { LINKS, type Link } from '../../bpf/link.ts';
import { programOfRows } from '../../bpf/row.ts';
import { machineOf, run, type Environment } from '../../bpf/run.ts';
import { networkOffsetOf } from '../../bpf/sets/place.ts';
import { refusalOf } from '../../bpf/validate.ts';
import { fromHex } from '../../lib/bytes.ts';
import { lineBatches } from '../../lib/line-stream.ts';

/**
 * Answers runs read as NDJSON, one line for each in the order of the input.
 *
 * @param pieces Lines of `{"insns":[[code,jt,jf,k],…],"packet":hex,"link"?,"env"?:{name:number}}`.
 * @param link What offset 0 is where a line does not say it.
 * @param out Takes `{"returns":number}` or `{"error":text,"line":number}` lines.
 */
export async function answerRuns(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  link: Link,
  out: (text: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  for await (const lines of lineBatches(pieces, LINE_LIMIT_BYTES)) {
    signal.throwIfAborted();
    let answers = '';
    for (const { text, number } of lines) {
      if (text.trim() === '') continue;
      const answer = answerOf(text, link);
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
function answerOf(text: string, otherwise: Link): number | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'the line is no JSON';
  }
  if (typeof value !== 'object' || value === null) return 'the line is no object';
  const { insns, packet, link, env } = value as Readonly<Record<string, unknown>>;
  const program = programOfRows(insns);
  if (typeof program === 'string') return program;
  const refusal = refusalOf(program);
  if (refusal !== undefined) return `Linux refuses the program: ${refusal}`;
  const bytes = typeof packet === 'string' ? fromHex(packet) : undefined;
  if (bytes === undefined) return '"packet" is not hexadecimal';
  const known = link === undefined ? otherwise : LINKS.find((one) => one === link);
  if (known === undefined) return `"link" is none of ${LINKS.join(', ')}`;
  const environment = environmentOf(env, known);
  return typeof environment === 'string' ? environment : run(machineOf(program), bytes, environment);
}

/** Values that the kernel knows beside a packet, which are not negative, and the places of headers, which may be. */
const VALUES: ReadonlySet<string> = new Set<string>(ANCILLARY.map(({ name }) => name));
const PLACES: ReadonlySet<string> = new Set(['network_offset', 'link_offset']);

/**
 * Checks what a run is given beside the packet; in words what is wrong with it.
 *
 * @param value The ancillary values by name, unsigned. `network_offset` and `link_offset` are where those headers begin in the
 *   packet, which loads with negative offsets count from (SKF_NET_OFF, SKF_LL_OFF); negative where the socket hides them.
 *   `nlattr` and `nlattr_nest` are found in the packet where they are not given, as on a little-endian host: netlink writes its
 *   numbers in the order of the host.
 * @param link Says where the network header begins where `value` does not: at 14 for `ethernet` and `any`, else at 0.
 */
export function environmentOf(value: unknown, link: Link): Environment | string {
  const environment: Record<string, number> = { network_offset: networkOffsetOf(link === 'any' ? 'ethernet' : link) };
  if (value === undefined || value === null) return environment;
  if (typeof value !== 'object') return '"env" is no object';
  for (const [name, number] of Object.entries(value)) {
    const place = PLACES.has(name);
    if (!place && !VALUES.has(name)) continue;
    const least = place ? -MOST_PLACE : 0;
    if (!Number.isInteger(number) || number < least || number > (place ? MOST_PLACE : 0xffffffff)) {
      return place ? `"${name}" is no place in a packet` : `"${name}" is no unsigned 32-bit number`;
    }
    environment[name] = number as number;
  }
  return environment;
}

const MOST_PLACE = 0xffff;
