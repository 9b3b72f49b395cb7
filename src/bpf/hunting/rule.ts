import { contains, type Intervals } from '../sets/intervals.ts';
import { layersOf, type Buffer } from './layers.ts';

/** What a Suricata rule asks of some bytes: that they be these, or that the number they make lies in intervals. */
export type Term =
  | { readonly kind: 'content'; readonly buffer: Buffer; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'ending'; readonly bytes: Uint8Array }
  /** The number on the left is the one on the right plus one of some numbers. */
  | {
      readonly kind: 'sum';
      readonly buffer: Buffer;
      readonly left: Place;
      readonly right: Place;
      readonly by: readonly number[];
    }
  | {
      readonly kind: 'number';
      readonly buffer: Buffer;
      readonly offset: number;
      /** Bytes, up to four. */
      readonly size: number;
      readonly mask: number;
      /** Of the bits under the mask, moved down to the lowest one. */
      readonly intervals: Intervals;
    };

/** Bytes that make a number, up to four. */
export interface Place {
  readonly offset: number;
  readonly size: number;
}

/** A Suricata rule before it is written down. */
export interface Rule {
  /** IP protocol; undefined for every one. */
  readonly protocol: number | undefined;
  readonly ports: readonly [source: Intervals | undefined, destination: Intervals | undefined];
  readonly terms: readonly Term[];
}

/** Whether a rule fires on an Ethernet frame. */
export function fires({ protocol, ports, terms }: Rule, frame: Uint8Array): boolean {
  const layers = layersOf(frame);
  if (protocol !== undefined && layers.protocol !== protocol) return false;
  const inPorts = ports.every(
    (wanted, index) => wanted === undefined || (layers.ports !== undefined && contains(wanted, layers.ports[index]!)),
  );
  return inPorts && terms.every((term) => holds(term, layers.buffers));
}

function holds(term: Term, buffers: Readonly<Partial<Record<Buffer, Uint8Array>>>): boolean {
  const bytes = buffers[term.kind === 'ending' ? 'payload' : term.buffer];
  if (bytes === undefined) return false;
  switch (term.kind) {
    case 'content':
      return term.bytes.every((byte, index) => bytes[term.offset + index] === byte);
    case 'ending':
      return (
        bytes.length >= term.bytes.length && term.bytes.every((byte, at) => bytes.at(at - term.bytes.length) === byte)
      );
    case 'sum': {
      const left = numberAt(bytes, term.left);
      const right = numberAt(bytes, term.right);
      return left !== undefined && right !== undefined && term.by.includes(left - right);
    }
    case 'number': {
      const value = numberAt(bytes, term);
      return value !== undefined && contains(term.intervals, ((value & term.mask) >>> 0) / lowestBit(term.mask));
    }
  }
}

function numberAt(bytes: Uint8Array, { offset, size }: Place): number | undefined {
  if (offset + size > bytes.length) return undefined;
  return bytes.subarray(offset, offset + size).reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Suricata moves what it takes under a mask down by as many bits as the mask has zeros at its end. */
export function lowestBit(mask: number): number {
  return (mask & -mask) >>> 0;
}
