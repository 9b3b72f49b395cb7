import type { Formula } from '../formula.ts';
import type { Environment } from '../run.ts';
import { valueOf } from '../sets/evaluate.ts';
import { contains, type Intervals } from '../sets/intervals.ts';
import { LONGEST_PACKET } from '../sets/place.ts';

/** A packet in the making: bytes, ancillary values, and what its bits may be. */
export interface Draft {
  bytes: Uint8Array;
  readonly env: Record<string, number>;
  readonly bounds: BitBound[];
}

/** Bits that must make a number in some intervals. */
interface BitBound {
  readonly bit: number;
  readonly width: number;
  readonly intervals: Intervals;
}

/** How far a draft reaches at first. */
const DRAFT_BYTES = 2048;

export function draftOf(sample: Uint8Array, env: Environment): Draft {
  const bytes = new Uint8Array(Math.max(DRAFT_BYTES, sample.length));
  bytes.set(sample);
  return { bytes, env: { ...env }, bounds: [] };
}

/** What a formula comes to for a draft, whose length is not settled yet. */
export function drafted(formula: Formula, { bytes, env }: Draft): number | undefined {
  return valueOf(formula, { packet: bytes, env });
}

/**
 * Writes a number that lies in some intervals into bits of a draft, as near to what stands there as can be, and holds on to it.
 *
 * @param bit First bit, counted from the beginning.
 * @param choose Takes the number of a choice to the choice made, where several will do.
 * @returns False when no number fits what is held already, or the place lies outside.
 */
export function settle(
  draft: Draft,
  bit: number,
  width: number,
  intervals: Intervals,
  choose: (choices: number) => number,
): boolean {
  if (!reaches(draft, bit, width)) return false;
  const current = readBits(draft.bytes, bit, width);
  if (!contains(intervals, current)) {
    const first = choose(intervals.length);
    const written = intervals.some((_, turn) => {
      const [from, to] = intervals[(first + turn) % intervals.length]!;
      return candidates(from, to, current).some((value) => write(draft, bit, width, value));
    });
    if (!written) return false;
  }
  draft.bounds.push({ bit, width, intervals });
  return true;
}

/** So many numbers of an interval are tried where some of the bits are held. */
const MOST_TRIES = 256;

function candidates(from: number, to: number, current: number): number[] {
  const values = [Math.min(Math.max(current, from), to), from, to];
  for (let value = from + 1; value < to && value - from < MOST_TRIES; value++) values.push(value);
  return values;
}

/** Writes a value into bits of a draft unless that breaks what is held of them. */
export function write(draft: Draft, bit: number, width: number, value: number): boolean {
  if (!reaches(draft, bit, width)) return false;
  const before = readBits(draft.bytes, bit, width);
  writeBits(draft.bytes, bit, width, value);
  const kept = draft.bounds.every(
    (bound) =>
      bound.bit + bound.width <= bit ||
      bound.bit >= bit + width ||
      contains(bound.intervals, readBits(draft.bytes, bound.bit, bound.width)),
  );
  if (!kept) writeBits(draft.bytes, bit, width, before);
  return kept;
}

/** Holds on to what stands in some bits now. */
export function hold(draft: Draft, bit: number, width: number): void {
  const value = readBits(draft.bytes, bit, width);
  draft.bounds.push({ bit, width, intervals: [[value, value]] });
}

/** Whether nothing is held of some bits. */
export function isFree({ bounds }: Draft, bit: number, width: number): boolean {
  return bounds.every((bound) => bound.bit + bound.width <= bit || bound.bit >= bit + width);
}

function reaches(draft: Draft, bit: number, width: number): boolean {
  if (bit < 0 || bit + width > 8 * LONGEST_PACKET) return false;
  if (bit + width > 8 * draft.bytes.length) {
    const longer = new Uint8Array(LONGEST_PACKET);
    longer.set(draft.bytes);
    draft.bytes = longer;
  }
  return true;
}

export function readBits(bytes: Uint8Array, bit: number, width: number): number {
  let value = 0;
  if (bit % 8 === 0 && width % 8 === 0) {
    for (let at = bit / 8; at < (bit + width) / 8; at++) value = value * 256 + (bytes[at] ?? 0);
    return value;
  }
  for (let at = bit; at < bit + width;) {
    const take = Math.min(8 - (at % 8), bit + width - at);
    const part = ((bytes[Math.floor(at / 8)] ?? 0) >> (8 - (at % 8) - take)) & (2 ** take - 1);
    value = value * 2 ** take + part;
    at += take;
  }
  return value;
}

function writeBits(bytes: Uint8Array, bit: number, width: number, value: number): void {
  for (let at = bit + width, rest = value; at > bit;) {
    const end = ((at - 1) % 8) + 1;
    const take = Math.min(end, at - bit);
    const place = Math.floor((at - 1) / 8);
    const shift = 8 - end;
    const mask = (2 ** take - 1) << shift;
    bytes[place] = (bytes[place]! & ~mask) | ((rest % 2 ** take) << shift);
    rest = Math.floor(rest / 2 ** take);
    at -= take;
  }
}
