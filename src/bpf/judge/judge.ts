import { acceptsAll, acceptsNothing, type Analysis, type DescribedRegion } from '../meaning/analysis.ts';
import { wantedPorts } from '../meaning/ports.ts';
import { OP, type Program } from '../program.ts';
import { classOf, ofProtocol } from './classes.ts';
import { knockOf } from './knock.ts';
import { chosenByPeers } from './explained.ts';
import { SECRET_BITS, secretsOf, type Magic, type Secrets } from './secrets.ts';

export type Verdict = 'trigger' | 'ordinary' | 'dual-use' | 'ambiguous' | 'degenerate';

export interface Judgement {
  readonly verdict: Verdict;
  /** What a filter that is no trigger is for. */
  readonly class: string | undefined;
  readonly magic: readonly Magic[];
  readonly relations: readonly string[];
  /** What the packets of a trigger pass for, by their headers. */
  readonly decoy?: string;
  /** What decided, in words that can be checked. */
  readonly reasons: readonly string[];
  /** The region that asks for the secret. */
  readonly key: DescribedRegion | undefined;
}

const MOST_MAGIC = 12;

/**
 * Says what a filter is for, from the packets that it lets through. No value of any known implant decides: what counts is
 * whether a documented protocol has such a value at that place.
 */
export function judge(analysis: Analysis): Judgement {
  const { regions, sets } = analysis;
  const plain = { class: undefined, magic: [], relations: [], key: undefined };
  if (acceptsNothing(analysis)) {
    return { ...plain, verdict: 'degenerate', class: 'drop-all', reasons: ['no packet is let through'] };
  }
  if (acceptsAll(analysis)) {
    return { ...plain, verdict: 'degenerate', class: 'accept-all', reasons: ['every packet is let through'] };
  }
  // Netlink carries no packets of others, and its filters compare hashes and process numbers of the host itself.
  const found = sets.link === 'netlink' ? [] : regions.map((region) => ({ region, secrets: secretsOf(region) }));
  const secret = found.filter(({ secrets }) => secrets.bits >= SECRET_BITS);
  const [first] = secret;
  if (first !== undefined) {
    const magic = unique(secret.flatMap(({ secrets }) => secrets.magic)).slice(0, MOST_MAGIC);
    const relations = [...new Set(secret.flatMap(({ secrets }) => secrets.relations))].slice(0, MOST_MAGIC);
    const told = new Set(secret.slice(0, 6).map(({ secrets }) => reasonOf(secrets)));
    const decoy = decoyOf(secret.map(({ region }) => region));
    const reasons = [...told, ...(decoy === undefined ? [] : [`by their headers such packets pass for ${decoy}`])];
    return { ...plain, verdict: 'trigger', ...(decoy && { decoy }), magic, relations, reasons, key: first.region };
  }
  const knock = knockOf(analysis);
  if (knock !== undefined) return { ...plain, ...knock, reasons: [knock.reason] };
  const chosen = regions.flatMap(chosenByPeers);
  const lengths = lengthsOf(analysis.program);
  const reasons = [
    'no value is asked for that only two ends could know',
    ...(chosen.length === 0
      ? []
      : [`${chosen.slice(0, 3).join(', ')} is chosen by a peer: known to whoever looks for that session or name`]),
    ...(lengths.length > 1
      ? [`lets through different lengths (${lengths.join(', ')} bytes): its program learns which test a packet met`]
      : []),
    ...(wantedPorts(analysis).length > 0
      ? ['a program that checks the content itself would use the same filter: see who holds the socket']
      : []),
  ];
  return { ...plain, verdict: 'ordinary', class: classOf(analysis), reasons };
}

/** The constant lengths that a program lets through, each once. */
function lengthsOf(program: Program): number[] {
  return [...new Set(program.flatMap(({ code, k }) => (code === OP.retK && k > 0 ? [k] : [])))].sort((a, b) => a - b);
}

function decoyOf(regions: readonly DescribedRegion[]): string | undefined {
  const [only, ...others] = new Set(regions.map(ofProtocol));
  return others.length === 0 ? only : undefined;
}

function reasonOf({ bits, magic, relations }: Secrets): string {
  const what = [
    ...magic.map(
      ({ protocol, at, value, mask }) => `${protocol} ${at} = ${value}${mask === undefined ? '' : ` under ${mask}`}`,
    ),
    ...relations,
  ];
  return `${what.slice(0, 4).join(', ')}: ${bits} bits that no documented protocol has there`;
}

function unique(magic: readonly Magic[]): Magic[] {
  return [...new Map(magic.map((one) => [JSON.stringify(one), one])).values()];
}
