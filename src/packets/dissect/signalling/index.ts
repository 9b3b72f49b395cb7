import type { Dissector } from '../dissector.ts';
import type { Steps } from '../steps.ts';

/** A protocol whose messages say how long they are, so that they can be cut out of a stream. */
export interface Framed {
  readonly protocol: number;
  /** Bytes of the message that begins at `at`; 0 where more bytes are needed to tell, -1 where it is no such message. */
  lengthOf(bytes: Uint8Array, at: number, end: number): number;
}

/** Protocols of signalling. */
export const signallingSteps: Steps = {};

/** Signalling over UDP and TCP, by port. */
export const UDP_SIGNALLING: ReadonlyMap<number, number> = new Map();
export const TCP_SIGNALLING: ReadonlyMap<number, Framed> = new Map();

/** Reads the chunks of SCTP behind the common header, and what data they carry. */
export function overSctp(_d: Dissector, _header: number): number {
  return 0;
}
