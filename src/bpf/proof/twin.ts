import type { Environment } from '../run.ts';
import { LONGEST_PACKET } from '../sets/place.ts';
import type { Proof } from './solve.ts';

/** A packet, or ancillary values, one change away from a witness, that the program turns down. */
export interface Twin extends Proof {
  /** What was changed, in words. */
  readonly changed: string;
}

/** So many places are changed before the search is given up. */
const MOST_PLACES = 4096;
/** Each byte is changed by these: the lowest bit, all bits, the highest bit. */
const CHANGES = [0x01, 0xff, 0x80, 0x10, 0x02];

/**
 * The nearest rejected neighbour of an accepted packet: one byte changed, else one ancillary value, else cut short.
 *
 * @param places Bytes to change first, in this order.
 * @param rejects Whether a packet is turned down, by running the program.
 */
export function twinOf(
  { packet, env }: Proof,
  places: readonly number[],
  rejects: (packet: Uint8Array, env: Environment) => boolean,
): Twin | undefined {
  const changed = packet.slice();
  const isTold = (at: number): boolean => {
    const kept = packet[at]!;
    for (const change of CHANGES) {
      changed[at] = kept ^ change;
      if (rejects(changed, env)) return true;
    }
    changed[at] = kept;
    return false;
  };
  for (const at of places) {
    if (at < packet.length && isTold(at)) return { packet: changed, env, changed: `byte ${at}` };
  }
  for (let at = 0; at < Math.min(packet.length, MOST_PLACES); at++) {
    if (!places.includes(at) && isTold(at)) return { packet: changed, env, changed: `byte ${at}` };
  }
  for (const [name, value] of Object.entries(env)) {
    for (const change of [1, 2, 4, 0xff, 0xffff]) {
      const other = { ...env, [name]: (value ^ change) >>> 0 };
      if (rejects(packet, other)) return { packet, env: other, changed: name };
    }
  }
  for (const length of otherLengths(packet.length)) {
    const cut = new Uint8Array(length);
    cut.set(packet.subarray(0, length));
    if (rejects(cut, env)) return { packet: cut, env, changed: `length ${length}` };
  }
  return undefined;
}

/** Shorter ones, byte by byte near the end, then longer ones. */
function otherLengths(length: number): number[] {
  const lengths: number[] = [];
  for (let shorter = length - 1; shorter >= 0; shorter = shorter > 64 ? Math.floor(shorter / 2) : shorter - 1) {
    lengths.push(shorter);
  }
  for (let longer = length + 1; longer < LONGEST_PACKET; longer = 2 * longer) lengths.push(longer);
  return [...lengths, LONGEST_PACKET];
}
