import type { Dissector } from '../dissector.ts';
import type { Connection } from './connections.ts';

/** What a reader may want beside a number of bytes: any further segment, or all until the sender closes. */
export const ANY_MORE = -1;
export const UNTIL_CLOSED = -2;

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
