import type { Dissector, Step } from '../dissector.ts';
import { P } from '../protocols.ts';
import type { Steps } from '../steps.ts';
import { framedDiameter } from './diameter.ts';
import { pfcpStep } from './pfcp-layer.ts';
import { overSctp } from './sctp/layer.ts';
import { ss7Steps } from './ss7/layers.ts';

/** A protocol whose messages say how long they are, so that they can be cut out of a stream. */
export interface Framed {
  readonly protocol: number;
  /** Bytes of the message that begins at `at`; 0 where more bytes are needed to tell, -1 where it is no such message. */
  lengthOf(bytes: Uint8Array, at: number, end: number): number;
}

/** Over TCP a segment is a message of GTP, whatever its length says. */
const wholeGtp: Framed = {
  protocol: P.gtp,
  lengthOf: (bytes, at, end) => (end - at >= 2 && bytes[at]! >> 5 <= 2 ? end - at : -1),
};

/** Signalling over UDP and TCP, by port. */
export const UDP_SIGNALLING: ReadonlyMap<number, number> = new Map([
  [8805, P.pfcp],
  [9899, P.sctp],
]);
export const TCP_SIGNALLING: ReadonlyMap<number, Framed> = new Map([
  [2123, wholeGtp],
  [2152, wholeGtp],
  [3386, wholeGtp],
  [3868, framedDiameter],
]);

/** How captures of links of signalling begin, by link type. */
export const SIGNALLING_LINKS: Readonly<Record<number, Step>> = {
  139: (d) => {
    d.at = Math.min(d.at + 4, d.limit); // what the card says about the link
    return P.mtp2;
  },
  140: () => P.mtp2,
  141: () => P.mtp3,
  142: () => P.sccp,
  248: () => P.sctp,
};

/** Signalling, for one capture: it keeps what came so far. */
export function signalling(): { readonly steps: Steps; readonly sctp: (d: Dissector, header: number) => number } {
  return { steps: { ...ss7Steps(), pfcp: pfcpStep }, sctp: overSctp() };
}
