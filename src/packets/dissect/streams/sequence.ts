import type { Connection } from './connections.ts';
import type { Half } from './half.ts';

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const ACK = 0x10;

/** A duplicate acknowledgement asks for a segment again within this time, in microseconds. */
const FAST = 20_000;

/** What a segment is, by its place among those before it. */
export const NEW = 0;
/** It stands before what was seen already: sent again, or too late. */
export const AGAIN = 1;
/** It only asks whether the other end still is there: what it carries means nothing. */
export const PROBE = 2;

/** A segment as its header tells of it; `place` counts in its direction. */
export interface Segment {
  readonly place: number;
  readonly length: number;
  readonly acknowledges: number;
  readonly flags: number;
  readonly window: number;
  readonly micros: number;
}

/**
 * Says what a segment is, and takes it down. The rules are those by which analysts know captures: RFC 9293 leaves the words open,
 * Wireshark's guide ("TCP Analysis") gives them a meaning.
 */
export function weigh(connection: Connection, side: number, segment: Segment): number {
  const own = connection.halves[side]!;
  const other = connection.halves[1 - side]!;
  const { place, length, flags, micros } = segment;
  const marks = (flags & (SYN | FIN)) !== 0 ? 1 : 0;
  const edge = marks !== 0 || (flags & RST) !== 0;
  const zeroProbe = length === 1 && place === own.next && other.window === 0;
  const keepAlive = !zeroProbe && length <= 1 && place === own.next - 1 && !edge;
  if (length === 0 && !edge && !zeroProbe) countRepeated(own, segment);
  let kind = zeroProbe || (keepAlive && length > 0) ? PROBE : NEW;
  if (segment.acknowledges !== own.acked) own.repeated = 0;
  if (!keepAlive && (length > 0 || marks > 0) && isAgain(own, other, segment)) kind = AGAIN;
  const next = place + length + marks;
  if ((next > own.next || own.next < 0) && !zeroProbe) own.next = next;
  own.window = segment.window;
  own.acked = segment.acknowledges;
  own.ackedAt = micros;
  return kind;
}

function countRepeated(own: Half, segment: Segment): void {
  const same = segment.window !== 0 && segment.window === own.window && segment.place === own.next;
  if (same && segment.acknowledges === own.acked) own.repeated += 1;
}

function isAgain(own: Half, other: Half, segment: Segment): boolean {
  const { place, length, micros } = segment;
  // One byte more than a probe of a closed window brought is new all the same.
  const behind = own.next >= 0 && place < own.next && !(length > 1 && own.next - 1 === place);
  const acked = other.acked < 0 ? -1 : own.placeOf(other.acked);
  if (length > 0 && acked >= 0 && place + length <= acked) return true;
  // A segment that came too late is told apart in words only: what it holds is not read by itself either.
  return behind && !(other.repeated >= 2 && acked === place && isSoon(other.ackedAt, micros));
}

/** Time that runs backwards, in frames out of order, is long. */
function isSoon(before: number, micros: number): boolean {
  return micros >= before && micros - before < FAST;
}
