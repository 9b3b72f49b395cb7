import { DATA, I_DATA, sctpChunks, sctpData, sctpHeader } from '../../../packets/dissect/signalling/sctp/chunks.ts';
import { SctpMessages } from '../../../packets/dissect/signalling/sctp/messages.ts';
import type { Sight } from '../../../packets/flows/sight.ts';
import type { Scene } from '../../watcher.ts';

/** Payload protocol identifiers. @see IANA, SCTP Payload Protocol Identifiers */
export const M3UA = 3;
export const S1AP = 18;
export const X2AP = 27;
export const DIAMETER = 46;
export const NGAP = 60;

/** A message that chunks of data carried, from `at` to `end`. */
export interface SctpCarried {
  readonly protocol: number;
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
}

type Reader = (sight: Sight) => readonly SctpCarried[];

/** Families that look at the same capture read each packet once. */
const readers = new WeakMap<Scene, Reader>();

/** The reader of a capture's messages over SCTP: each of its packets is read once, whoever asks first. */
export function sctpReaderOf(scene: Scene): Reader {
  const known = readers.get(scene);
  if (known !== undefined) return known;
  const read = sctpReader();
  let frame = -1;
  let level = -1;
  let messages: readonly SctpCarried[] = [];
  const once: Reader = (sight) => {
    if (sight.frame !== frame || sight.level !== level) messages = read(sight);
    frame = sight.frame;
    level = sight.level;
    return messages;
  };
  readers.set(scene, once);
  return once;
}

/** Reads the messages in packets of SCTP; one that comes in several chunks where its last one comes. It keeps what waits for more. */
export function sctpReader(): Reader {
  const waiting = new SctpMessages();
  return ({ bytes, transport, payload, end }) => {
    const messages: SctpCarried[] = [];
    const header = sctpHeader(bytes, transport, end);
    for (const chunk of header === undefined ? [] : sctpChunks(bytes, payload, end)) {
      if ((chunk.type !== DATA && chunk.type !== I_DATA) || chunk.cut) continue;
      const data = sctpData(bytes, chunk);
      if (data === undefined || data.at >= data.end) continue;
      if (data.first && data.last) messages.push({ protocol: data.protocol, bytes, at: data.at, end: data.end });
      else {
        const whole = waiting.add(header!, data, bytes);
        if (whole !== undefined) messages.push({ ...whole, at: 0, end: whole.bytes.length });
      }
    }
    return messages;
  };
}
