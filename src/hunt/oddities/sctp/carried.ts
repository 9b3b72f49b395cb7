import { DATA, sctpChunks, sctpData } from '../../../packets/dissect/signalling/sctp/chunks.ts';
import type { Sight } from '../../../packets/flows/sight.ts';

/** Payload protocol identifiers. @see IANA, SCTP Payload Protocol Identifiers */
export const M3UA = 3;
export const S1AP = 18;
export const X2AP = 27;
export const DIAMETER = 46;
export const NGAP = 60;

/** A message that a chunk of data carries whole, from `at` to `end`. */
export interface SctpCarried {
  readonly protocol: number;
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
}

/** Messages in a packet of SCTP; those that came in several chunks are not among them. */
export function sctpMessages({ bytes, payload, end }: Sight): SctpCarried[] {
  const messages: SctpCarried[] = [];
  for (const chunk of sctpChunks(bytes, payload, end)) {
    if (chunk.type !== DATA) continue;
    const data = sctpData(bytes, chunk);
    if (data?.first && data.last && !chunk.cut && data.at < data.end) {
      messages.push({ protocol: data.protocol, bytes, at: data.at, end: data.end });
    }
  }
  return messages;
}
