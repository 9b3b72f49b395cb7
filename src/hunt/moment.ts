import { PROTOCOL_NAMES } from '../packets/dissect/protocols.ts';
import type { Sight } from '../packets/flows/sight.ts';
import type { NetworkEvent } from './watcher.ts';

/** A packet as it is remembered: where it is, and when. */
export interface Moment {
  readonly frame: number;
  /** Byte of the unpacked capture at which what it carries begins. */
  readonly offset: number;
  readonly micros: number;
}

/** So many frames of an event are named; the count is in its measures. */
export const MOST_MOMENTS = 24;

/** Where the packet at hand is. The payload of one that several frames brought has no place; the frame has. */
export function momentOf(sight: Sight): Moment {
  const inFrame = sight.whole ? sight.payload - sight.frameStart : 0;
  return { frame: sight.frame, offset: sight.at + inFrame, micros: sight.micros };
}

/** RFC 3339 UTC with milliseconds. A time that no calendar has becomes its beginning. */
export function timeText(micros: number): string {
  const date = new Date(micros / 1000);
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}

/** A moment of a story, for people. */
export function told({ frame, offset, micros }: Moment, text: string): NetworkEvent['frames'][number] {
  return { frame, offset, at: timeText(micros), text };
}

/** Name of a sight's protocol. */
export function protocolOf(sight: Sight): string {
  return PROTOCOL_NAMES[sight.protocol] ?? '';
}

/** Selects frames by number; neighbours are told as a range. */
export function framesFilter(frames: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const frame of [...new Set(frames)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === frame - 1) last[1] = frame;
    else ranges.push([frame, frame]);
  }
  return `frame.number in {${ranges.map(([from, to]) => (from === to ? from : `${from}..${to}`)).join(', ')}}`;
}
