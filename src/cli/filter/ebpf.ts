import { describeEbpf, type EbpfDescription } from '../../bpf/ebpf/describe.ts';
import { isXlated } from '../../bpf/ebpf/read-xlated.ts';
import type { ReadIssue } from '../../bpf/entry.ts';
import type { EbpfRecord } from './record.ts';

/** So much is looked at to tell a dump from other forms. */
const SAMPLE_BYTES = 4096;
/** More places than this are counted, not told. */
const MOST_PLACES = 12;

/**
 * Describes a dump of an eBPF socket program.
 *
 * @param id What the program is called.
 * @returns The record, or what is damaged in the dump; undefined when the input is no such dump.
 */
export function ebpfRecord(id: string, bytes: Uint8Array): EbpfRecord | ReadIssue | undefined {
  if (!isXlated(new TextDecoder().decode(bytes.subarray(0, SAMPLE_BYTES)))) return undefined;
  const told = describeEbpf(bytes);
  if (told.kind === 'issue') return told;
  return { id, loads: true, verdict: 'ambiguous', sentence: sentenceOf(told), exact: false, ebpf: told };
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
