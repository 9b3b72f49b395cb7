import { describeEbpf, type EbpfDescription } from '../../bpf/ebpf/describe.ts';
import { isXlated } from '../../bpf/ebpf/read-xlated.ts';
import { printable } from '../../lib/printable.ts';
import type { Io } from '../io.ts';

/** So much is looked at to tell a dump from other forms. */
const SAMPLE_BYTES = 4096;
/** More places than this are counted, not told. */
const MOST_PLACES = 12;

/**
 * Describes a dump of an eBPF socket program.
 *
 * @returns The number of programs told; undefined when the input is no such dump.
 */
export async function explainEbpf(
  artifact: string,
  bytes: Uint8Array,
  format: 'text' | 'ndjson',
  io: Io,
): Promise<number | undefined> {
  if (!isXlated(new TextDecoder().decode(bytes.subarray(0, SAMPLE_BYTES)))) return undefined;
  const told = describeEbpf(bytes);
  if (told.kind === 'issue') {
    const { reason, where } = told;
    if (format === 'ndjson') await io.out(`${JSON.stringify({ record: 'issue', artifact, ...where, reason })}\n`);
    else io.err(`${printable(artifact)}, line ${where.line}: ${printable(reason)}\n`);
    return 0;
  }
  const sentence = sentenceOf(told);
  const record = {
    record: 'filter',
    id: artifact,
    loads: true,
    verdict: 'ambiguous',
    sentence,
    exact: false,
    ebpf: told,
  };
  await io.out(
    format === 'ndjson' ? `${JSON.stringify(record)}\n` : `${printable(artifact)}: ${printable(sentence)}\n\n`,
  );
  return 1;
}

function sentenceOf({ instructions, fromClassic, packet, maps, calls, returns }: EbpfDescription): string {
  const places = packet.map(({ at, size }) =>
    at === undefined ? 'a computed place' : `${size ?? 'some'} bytes at ${at}`,
  );
  const more = places.length > MOST_PLACES ? [`${places.length - MOST_PLACES} more places`] : [];
  const answers = Array.isArray(returns) ? returns.join(' or ') : undefined;
  return [
    `eBPF program of ${instructions} instructions${fromClassic ? ', translated from a classic filter' : ''}`,
    places.length === 0
      ? 'no load from the packet is certain'
      : `reads ${[...places.slice(0, MOST_PLACES), ...more].join(', ')}`,
    ...(maps.length > 0 ? [`uses maps ${maps.join(', ')}`] : []),
    ...(calls.length > 0 ? [`calls ${calls.slice(0, MOST_PLACES).join(', ')}`] : []),
    answers === undefined ? 'what it returns is not known' : `returns ${answers}`,
    'which packets it lets through is not followed: see who loaded it',
  ].join('; ');
}
