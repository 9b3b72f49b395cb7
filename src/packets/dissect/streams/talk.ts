import type { Dissector } from '../dissector.ts';
import { Half } from './half.ts';

/** What a reader may want beside a number of bytes: any further segment, or all until the sender closes. */
export const ANY_MORE = -1;
export const UNTIL_CLOSED = -2;

/** Two ends that speak with each other, and what is known of it. */
export class Connection {
  readonly ends: Uint8Array;
  readonly halves: readonly [Half, Half] = [new Half(), new Half()];
  /** What reads it, once that is known. */
  reader: StreamReader | undefined;
  /** What its datagrams carry, once that is known; 0 before. */
  protocol = 0;
  /** Port of who was called, 0 where that was not seen. */
  server = 0;
  /** Microseconds from the first packet to the end of the handshake; 0 where it was not seen. */
  roundTrip = 0;
  startedAt = -1;
  /** For the protocol to keep what it knows. */
  note = 0;

  constructor(ends: Uint8Array) {
    this.ends = ends;
  }
}

/** One direction of a connection at the moment of reading, and what the reader answers. */
export interface Talk {
  readonly connection: Connection;
  /** 0 where the lower of the two ends speaks, 1 where the other one does. */
  readonly side: number;
  /** Ports of who speaks and who listens. */
  readonly source: number;
  readonly destination: number;
  /** Whether more can be waited for. If not, what is there is all that will be. */
  readonly mayAsk: boolean;
  /** The sender closes with it. */
  readonly last: boolean;
  /** What is read begins with a message that was asked for before, and is longer by now. */
  readonly again: boolean;
  /** Where what could not be read yet begins. */
  rest: number;
  /** How many more bytes it needs, or `ANY_MORE`, or `UNTIL_CLOSED`; 0 where nothing is. */
  ask: number;
}

/**
 * Reads what a stream brought, from `at` to `limit`, and enters its layers. What is not whole yet is asked for.
 *
 * @returns False where it is not the reader's protocol.
 */
export type StreamReader = (d: Dissector, talk: Talk) => boolean;

/** Asks for the rest of a message that begins at `at`. */
export function ask(talk: Talk, at: number, bytes: number): void {
  talk.rest = at;
  talk.ask = bytes;
}
