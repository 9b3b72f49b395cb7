import type { Program } from '../program.ts';
import { REJECT, type Diagram } from '../sets/diagram.ts';
import type { Condition } from '../sets/condition.ts';
import { packetSetsOf, type PacketSets } from '../sets/packet-set.ts';
import { LONGEST_PACKET } from '../sets/place.ts';
import { regionsOf, type Region } from '../sets/regions.ts';
import type { Standpoint } from '../standpoint.ts';
import { factsOf, type Facts } from './facts.ts';

/** The packets that a filter lets through to its socket. */
export interface Analysis {
  readonly program: Program;
  /** `link` is never `any`: see `sets.link`. */
  readonly standpoint: Standpoint;
  readonly sets: PacketSets;
  /** What the program accepts of what the kernel hands to the socket. */
  readonly set: Diagram;
  /** What the kernel hands to the socket. */
  readonly given: Diagram;
  readonly regions: readonly DescribedRegion[];
  /** False when the regions also hold packets that are turned down. */
  readonly exact: boolean;
}

export interface DescribedRegion extends Facts {
  readonly region: Region;
}

/**
 * Finds out which packets a program accepts, as regions that share no packet.
 *
 * @param program A program that Linux takes (see `refusalOf`).
 */
export function analyse(program: Program, standpoint: Standpoint): Analysis {
  const sets = packetSetsOf([program], standpoint.link, (formulas, link) => givenTo({ ...standpoint, link }, formulas));
  const { diagrams, given } = sets;
  const set = diagrams.and(given, sets.sets[0] ?? REJECT);
  const { regions, exact } = regionsOf(set, diagrams);
  return {
    program,
    standpoint: { ...standpoint, link: sets.link },
    sets,
    set,
    given,
    regions: regions.map((region) => {
      const { headers, protocols, later, facts } = factsOf(region, sets, standpoint.boundTo);
      return { region, headers, protocols, later, facts };
    }),
    exact,
  };
}

/** Up to here the number that a packet socket is bound to means something else to the kernel than an EtherType. */
const MOST_LENGTHS = 1535;

/**
 * What all packets have that the kernel hands to a socket.
 *
 * @see packet_rcv(), raw_v4_input() and udp_queue_rcv_skb() of the Linux kernel
 */
function givenTo({ link, boundTo, ipProtocol, port }: Standpoint, formulas: PacketSets['formulas']): Condition[] {
  const equals = (offset: number, size: 1 | 2, value: number): Condition => ({
    kind: 'within',
    of: formulas.load(formulas.constant(offset), size),
    intervals: [[value, value]],
  });
  const conditions: Condition[] = [];
  if (boundTo !== undefined && boundTo > MOST_LENGTHS) {
    const header = { kind: 'within', of: formulas.length, intervals: [[14, LONGEST_PACKET]] } as const;
    if (link === 'ethernet') conditions.push(equals(12, 2, boundTo), header);
    if (link === 'network') {
      conditions.push({ kind: 'within', of: formulas.ancillary('protocol'), intervals: [[boundTo, boundTo]] });
    }
  }
  if (ipProtocol !== undefined && link === 'network') conditions.push(equals(9, 1, ipProtocol));
  if (port !== undefined && port > 0 && link === 'udp-socket') conditions.push(equals(2, 2, port));
  return conditions;
}

/** Whether every packet that the kernel hands to the socket is let through. */
export function acceptsAll({ set, given }: Analysis): boolean {
  return set === given;
}

/** Whether no packet is let through, as far as the diagram tells. */
export function acceptsNothing({ set }: Analysis): boolean {
  return set === REJECT;
}
