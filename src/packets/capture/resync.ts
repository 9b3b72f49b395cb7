import { LONGEST_FRAME } from './format.ts';
import type { recordsOf } from './pcap.ts';

/** So many records in a row are no chance: each has lengths and a fraction of a second that fit. */
const ENOUGH = 12;

/**
 * Where in bytes from the middle of a pcap capture a record seems to begin, so that what stands behind can be read without what
 * stands before. It is a guess: bytes of a frame can look like records.
 *
 * @returns undefined where nothing looks like one.
 */
export function likelyRecord(bytes: Uint8Array, records: ReturnType<typeof recordsOf>): number | undefined {
  for (let start = 0; start + records.header <= bytes.length; start++) {
    let at = start;
    let count = 0;
    while (count < ENOUGH && at + records.header <= bytes.length) {
      const size = sizeOf(bytes, at, records);
      if (size === undefined) break;
      at += size;
      count += 1;
    }
    if (count === ENOUGH) return start;
  }
  return undefined;
}

/** Length of what may be a record with its header; undefined where it is none. */
function sizeOf(
  bytes: Uint8Array,
  at: number,
  { header, long, second }: ReturnType<typeof recordsOf>,
): number | undefined {
  const [fraction, kept, wire] = [long(bytes, at + 4), long(bytes, at + 8), long(bytes, at + 12)];
  if (fraction >= second || kept > wire || wire > LONGEST_FRAME || kept === 0) return undefined;
  return header + kept;
}
