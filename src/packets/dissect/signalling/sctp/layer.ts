import type { Dissector } from '../../dissector.ts';
import { P } from '../../protocols.ts';
import { isDiameter } from '../diameter.ts';
import { DATA, I_DATA, sctpChunk, sctpData, sctpHeader, type SctpChunk, type SctpHeader } from './chunks.ts';
import { SctpMessages } from './messages.ts';
import { SentChunks } from './sent.ts';

/** What payload protocol identifiers stand for. @see IANA, SCTP Payload Protocol Identifiers */
const BY_IDENTIFIER = new Map<number, number>([
  [2, P.m2ua],
  [3, P.m3ua],
  [4, P.sua],
  [5, P.m2pa],
  [18, P.s1ap],
  [24, P.sbcap],
  [27, P.x2ap],
  [29, P.lcsap],
  [45, P.ssh],
  [46, P.diameter],
  [60, P.ngap],
  [61, P.xnap],
  [62, P.f1ap],
  [64, P.e1ap],
]);

/** Identifiers that say what a payload is, which is none of the protocols here. */
const OTHERS = new Set([1, 6, 7, 8, 10, 11, 12, 13, 19, 20, 25, 31, 43, 44, 47, 49, 50, 99]);

const BY_PORT = new Map<number, number>([
  [22, P.ssh],
  [53, P.dns],
  [80, P.http],
  [443, P.tls],
  [2904, P.m2ua],
  [2905, P.m3ua],
  [3565, P.m2pa],
  [3868, P.diameter],
  [9082, P.lcsap],
  [14001, P.sua],
  [29118, P.sgsap],
  [29168, P.sbcap],
  [36412, P.s1ap],
  [36422, P.x2ap],
  [38412, P.ngap],
  [38422, P.xnap],
  [38462, P.e1ap],
  [38472, P.f1ap],
]);

/**
 * Reads the chunks of SCTP behind the common header, and what data they carry: a message in several chunks where its last one
 * comes, a chunk that is sent again not at all. It keeps what one capture brought so far.
 */
export function overSctp(): (d: Dissector, header: number) => number {
  const sent = new SentChunks();
  const messages = new SctpMessages();

  /** Enters what a chunk of data carries. */
  function carried(d: Dissector, packet: SctpHeader, chunk: SctpChunk): 'known' | 'unknown' | 'again' {
    const data = sctpData(d.bytes, chunk);
    // One that says it has no data is a fault of the sender, but read.
    if (data === undefined || data.at >= data.end) return chunk.cut ? 'unknown' : 'known';
    // Without a tag there is no association in which a number could come again.
    if (packet.tag !== 0 && sent.before(packet, data.tsn, d.frame)) return 'again';
    if (data.first && data.last) {
      const protocol = protocolOf(d.bytes, data.at, data.end, data.protocol, packet);
      d.inside(protocol, data.at, data.end);
      return protocol === 0 ? 'unknown' : 'known';
    }
    if (chunk.cut) return 'unknown';
    const whole = messages.add(packet, data, d.bytes);
    if (whole === undefined) return 'known';
    const { bytes } = d;
    const protocol = protocolOf(whole.bytes, 0, whole.bytes.length, whole.protocol, packet);
    d.bytes = whole.bytes;
    d.inside(protocol, 0, whole.bytes.length);
    d.bytes = bytes;
    return protocol === 0 ? 'unknown' : 'known';
  }

  return (d, header) => {
    const packet = sctpHeader(d.bytes, header, d.limit);
    if (packet === undefined) return 0;
    while (d.left > 0) {
      const chunk = sctpChunk(d.bytes, d.at, d.limit);
      if (chunk === undefined) break;
      const is = chunk.type === DATA || chunk.type === I_DATA;
      const data = is ? carried(d, packet, chunk) : 'again';
      // Behind what is not known no layer can say what it lies behind.
      if (data === 'unknown') break;
      d.at = chunk.next;
      // Chunks behind data are a layer of their own, as Wireshark lists them.
      if (data === 'known' && d.left > 0) d.enter(P.sctp, 0);
    }
    return 0;
  };
}

/** What the data of a chunk are: by their identifier, then by the lower port, then by the other. */
function protocolOf(bytes: Uint8Array, at: number, end: number, identifier: number, packet: SctpHeader): number {
  if (OTHERS.has(identifier)) return 0;
  const { source, destination } = packet;
  const told = [
    BY_IDENTIFIER.get(identifier),
    BY_PORT.get(Math.min(source, destination)),
    BY_PORT.get(Math.max(source, destination)),
  ];
  return (
    told.find((protocol) => protocol !== undefined && (protocol !== P.diameter || isDiameter(bytes, at, end))) ?? 0
  );
}
