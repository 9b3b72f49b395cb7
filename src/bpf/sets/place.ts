import { LINK_AREA, NETWORK_AREA } from '../ancillary.ts';
import type { Formula, Formulas } from '../formula.ts';
import type { Link } from '../link.ts';

/** A place in the packet: `offset` bytes behind what `base` comes to, or behind its beginning. */
export interface Spot {
  readonly base: Formula | undefined;
  /** Bytes, signed. */
  readonly offset: number;
}

/** Packets are not longer than this, so no offset behind it reads anything. */
export const LONGEST_PACKET = 0xffff;

/** Where an offset from the network header (SKF_NET_OFF) begins in a packet of a link. */
export function networkOffsetOf(link: Exclude<Link, 'any'>): number {
  return link === 'ethernet' ? 14 : 0;
}

/** Takes an index apart into what varies and a constant. */
export function spotOf(index: Formula): Spot {
  if (index.kind === 'constant') return { base: undefined, offset: index.value };
  if (index.kind === 'operation' && index.operator === 'add' && index.right.kind === 'constant') {
    return { base: index.left, offset: index.right.value | 0 };
  }
  return { base: index, offset: 0 };
}

/**
 * The index of a load with an offset from the network or link-layer header turned into one from the beginning of the packet.
 *
 * @param networkAt Where the network header begins in the packet.
 */
export function indexFromStart(index: Formula, networkAt: number, formulas: Formulas): Formula {
  const { base, offset } = spotOf(index);
  const place = offset >>> 0;
  if (place < LINK_AREA || (base !== undefined && base.bits > LONGEST_PACKET)) return index;
  const distance = place >= NETWORK_AREA ? place - NETWORK_AREA : place - LINK_AREA;
  if (distance > LONGEST_PACKET) return index;
  const moved = formulas.constant(distance + (place >= NETWORK_AREA ? networkAt : 0));
  return base === undefined ? moved : formulas.operation('add', base, moved);
}

/** Whether an index that depends on the packet can come to an offset in the header areas, where a packet has bytes too. */
export function mayReadAreas(index: Formula): boolean {
  const { base } = spotOf(index);
  return base !== undefined && base.bits > LONGEST_PACKET;
}

/** The indices that `mayReadAreas` speaks of. */
export const AREAS = [
  [LINK_AREA, LINK_AREA + LONGEST_PACKET],
  [NETWORK_AREA, NETWORK_AREA + LONGEST_PACKET],
] as const;
