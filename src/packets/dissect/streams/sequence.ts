import type { Connection } from './talk.ts';
import type { Half } from './half.ts';

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const ACK = 0x10;

/** A duplicate acknowledgement asks for a segment again within this time, in microseconds. */
const FAST = 20_000;

/** So long may a segment be late where the time of a round trip is not known. */
const SOON = 3000;

/** What a segment is, by its place among those before it. */
export const NEW = 0;
/** It was sent before. */
export const AGAIN = 1;
/** It comes soon behind what should have followed it. */
export const LATE = 3;
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
  if (!keepAlive && (length > 0 || marks > 0))
    kind = kindOf(own, other, segment, marks, connection.roundTrip || SOON) || kind;
  const next = place + length + marks;
  if (own.next < 0 || next > own.next + marks) own.furthest = length;
  if ((next > own.next || own.next < 0) && !zeroProbe) [own.next, own.nextAt] = [next, micros];
  own.window = segment.window;
  own.acked = segment.acknowledges;
  own.ackedAt = micros;
  return kind;
}

function countRepeated(own: Half, segment: Segment): void {
  const same = segment.window !== 0 && segment.window === own.window && segment.place === own.next;
  if (same && segment.acknowledges === own.acked) own.repeated += 1;
}

function kindOf(own: Half, other: Half, segment: Segment, marks: number, soon: number): number {
  const { place, length, micros } = segment;
  // One byte more than a probe of a closed window brought is new all the same.
  const behind = own.next >= 0 && place < own.next && !(length > 1 && own.next - 1 === place);
  const acked = other.acked < 0 ? -1 : own.placeOf(other.acked);
  if (length > 0 && acked >= 0 && place + length <= acked) return AGAIN;
  if (!behind || (other.repeated >= 2 && acked === place && isWithin(FAST, other.ackedAt, micros))) return NEW;
  // What ends where the furthest one does, and that one carried something, is the same once more.
  const same = own.next === place + length + marks && own.furthest > 0;
  return !same && isWithin(soon, own.nextAt, micros) ? LATE : AGAIN;
}

/** Time that runs backwards, in frames out of order, is long. */
function isWithin(time: number, before: number, micros: number): boolean {
  return micros >= before && micros - before < time;
}
