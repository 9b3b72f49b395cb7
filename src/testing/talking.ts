import { concat } from '../lib/bytes.ts';
import { Dissector } from '../packets/dissect/dissector.ts';
import { PROTOCOL_NAMES } from '../packets/dissect/protocols.ts';
import { wholeReading } from '../packets/dissect/whole.ts';
import { TCP, tcpFrame, udpFrame } from './wire.ts';

export const CLIENT = ['192.0.2.1', 40_000] as const;
export const SERVER = '198.51.100.2';

/** A reader of frames one behind the other, which tells the path of each; some bytes at the end may be missing. */
export function reader(): (frame: Uint8Array, micros?: number, missing?: number) => string {
  const d = new Dissector(wholeReading());
  return (frame, micros = 0, missing = 0) => {
    d.frame += 1;
    d.micros = micros;
    d.missing = missing;
    d.dissect(1, frame, 0, frame.length);
    return Array.from(d.protocol.subarray(0, d.count), (number) => PROTOCOL_NAMES[number]).join('/');
  };
}

export interface Said {
  /** Whether the client says it; the server otherwise. */
  readonly up?: boolean;
  /** Bytes, or a text of them. */
  readonly says: string | Uint8Array;
  /** Sequence number, where it is not the next one. */
  readonly seq?: number;
  readonly flags?: number;
}

export const bytesOf = (said: string | Uint8Array): Uint8Array =>
  typeof said === 'string' ? Uint8Array.from(said, (letter) => letter.charCodeAt(0)) : said;

/** What is told of each segment of a connection to a port, from TCP on, a millisecond apart; handshakes are left out. */
export function talkOf(port: number, segments: readonly Said[]): string[] {
  const read = reader();
  const next = { up: 1, down: 1 };
  const server = [SERVER, port] as const;
  return segments.map(({ up = false, says, seq, flags = TCP.ack | TCP.psh }, index) => {
    const payload = bytesOf(says);
    const [own, other] = up ? (['up', 'down'] as const) : (['down', 'up'] as const);
    const at = seq ?? next[own];
    next[own] = Math.max(next[own], at + payload.length);
    const header = { flags, seq: at, ack: next[other] };
    const frame = up ? tcpFrame(CLIENT, server, header, payload) : tcpFrame(server, CLIENT, header, payload);
    return read(frame, index * 1000).replace('eth/ip/', '');
  });
}

/** What is told of a datagram to a port, from UDP on. */
export function datagramTo(port: number, ...parts: readonly (string | Uint8Array)[]): string {
  return reader()(udpFrame(CLIENT, [SERVER, port], concat(parts.map(bytesOf)))).replace('eth/ip/', '');
}
