import type { DescribedRegion } from '../meaning/analysis.ts';
import type { Fact } from '../meaning/facts.ts';
import type { Term } from './rule.ts';

/** The length of a whole packet, asked of the IPv4 header: a frame may be padded. */
export function lengthTerms({ field, value }: Fact, versions: readonly number[]): readonly Term[] | undefined {
  if (field !== 'frame.len' || value === undefined || versions.length !== 1 || versions[0] !== 4) return undefined;
  const size = Number(value) - ETHERNET_HEADER;
  if (size < LEAST_CONTENT || size > 0xffff) return undefined;
  return [{ kind: 'content', buffer: 'ipv4.hdr', offset: 2, bytes: Uint8Array.of(size >> 8, size & 0xff) }];
}

const ETHERNET_HEADER = 14;
/** Shorter ones are padded. */
const LEAST_CONTENT = 46;

/** Bytes of transport headers before content. */
const BEFORE: Readonly<Record<number, number>> = { 1: 8, 6: 20, 17: 8, 58: 8, 132: 12 };

/** How many bytes a packet has for certain in which all terms of a rule hold. */
export function reachOf(terms: readonly Term[], protocol: number | undefined, { headers }: DescribedRegion): number {
  const overIpv6 = terms.some((term) => term.kind !== 'ending' && term.buffer === 'ipv6.hdr');
  const transport = headers.networkAt + (overIpv6 ? 40 : 20);
  const ends = terms.map((term): number => {
    if (term.kind === 'ending') return 0;
    if (term.buffer === 'ipv4.hdr' || term.buffer === 'ipv6.hdr') return headers.networkAt + endOf(term);
    return transport + (term.buffer === 'payload' ? (BEFORE[protocol ?? 0] ?? 0) : 0) + endOf(term);
  });
  return Math.max(transport + (BEFORE[protocol ?? 0] ?? 0), ...ends);
}

function endOf(term: Exclude<Term, { kind: 'ending' }>): number {
  if (term.kind === 'content') return term.offset + term.bytes.length;
  if (term.kind === 'number') return term.offset + term.size;
  return Math.max(term.left.offset + term.left.size, term.right.offset + term.right.size);
}

/** Whether a packet that holds all that is asked for is as long as a fact asks anyway. */
export function isReached({ field, intervals }: Fact, terms: readonly Term[], reach: number): boolean {
  if (field.includes('bytes at length')) return terms.some(({ kind }) => kind === 'ending');
  const [first, more] = intervals;
  if (first === undefined || more !== undefined || first[1] < 0xffff) return false;
  const counted = (field.startsWith('frame.len - ') ? 20 : 0) + (field.includes('transport+12') ? 20 : 0);
  return first[0] <= reach - counted;
}
