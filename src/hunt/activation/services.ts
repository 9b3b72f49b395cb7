import { u16, u32 } from '../../lib/endian.ts';
import { startsWith, type Content } from './content.ts';

type Speaks = (bytes: Uint8Array, at: number, end: number) => boolean;

const dns: Speaks = (bytes, at, end) => {
  if (end - at < 12) return false;
  const opcode = (bytes[at + 2]! >> 3) & 15;
  const counts = [4, 6, 8, 10].map((offset) => u16(bytes, at + offset));
  return (
    opcode <= 6 && (bytes[at + 3]! & 0x40) === 0 && counts[0]! <= 4 && counts.slice(1).every((count) => count <= 64)
  );
};

const ber: Speaks = (bytes, at, end) => bytes[at] === 0x30 && end - at >= 8;

const ofLength =
  (offset: number, least: number): Speaks =>
  (bytes, at, end) =>
    end - at >= least && u16(bytes, at + offset) <= end - at && u16(bytes, at + offset) >= least;

const gtp: Speaks = (bytes, at, end) => end - at >= 8 && bytes[at]! >> 5 <= 2 && u16(bytes, at + 2) <= end - at;

const text: Speaks = (bytes, at) => bytes[at]! >= 0x20 && bytes[at]! < 0x7f;

const first =
  (least: number, ...values: readonly number[]): Speaks =>
  (bytes, at, end) =>
    end - at >= least && values.includes(bytes[at]!);

const version16 =
  (least: number, ...values: readonly number[]): Speaks =>
  (bytes, at, end) =>
    end - at >= least && values.includes(u16(bytes, at));

/** A clock with its stratum, or a question to its program, which says how much it holds; a code and extensions may follow. */
const ntp: Speaks = (bytes, at, end) => {
  const [size, mode] = [end - at, bytes[at]! & 7];
  if (size < 12 || ((bytes[at]! >> 3) & 7) > 4) return false;
  const held = mode === 6 ? 12 + u16(bytes, at + 10) : 0;
  if (mode >= 6) return mode === 7 || (held <= size && size - held <= MOST_CODE);
  if (size < 48 || bytes[at + 1]! > 16) return false;
  return size <= 72 || (u16(bytes, at + 50) >= 16 && u16(bytes, at + 50) <= size - 48);
};

/** Padding, the number of a key, and its digest. */
const MOST_CODE = 27;

const netflow = version16(20, 1, 5, 7, 8, 9, 10);

const bfd: Speaks = (bytes, at, end) => end - at >= 24 && bytes[at]! >> 5 === 1 && bytes[at + 3]! <= end - at;

const vxlan: Speaks = (bytes, at, end) => end - at >= 22 && (bytes[at]! & 0x08) !== 0 && bytes[at + 7] === 0;

/** What is spoken to ports of UDP. Only ports whose protocol is certain, and can be told by its first bytes. */
const OF_UDP: ReadonlyMap<number, Speaks> = new Map([
  [53, dns],
  [5353, dns],
  [5355, dns],
  [137, dns],
  [67, (_, at, end) => end - at >= 236],
  [68, (_, at, end) => end - at >= 236],
  [69, (bytes, at, end) => end - at >= 4 && bytes[at] === 0 && bytes[at + 1]! <= 6],
  [88, (bytes, at) => bytes[at]! >> 5 === 3],
  [111, (bytes, at, end) => end - at >= 40 && u32(bytes, at + 4) <= 1],
  [138, first(82, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16)],
  [427, first(12, 1, 2)],
  [520, first(24, 1, 2)],
  [623, first(4, 6)],
  [1434, first(1, 2, 3, 4)],
  [1645, ofLength(2, 20)],
  [1646, ofLength(2, 20)],
  [1701, (bytes, at, end) => end - at >= 6 && (bytes[at + 1]! & 15) <= 3],
  [1719, first(4, 0, 1, 2, 3, 4, 5, 6, 14, 22)],
  [2055, netflow],
  [3544, (bytes, at, end) => end - at >= 40 && (bytes[at]! >> 4 === 6 || bytes[at] === 0)],
  [3784, bfd],
  [4500, (_, at, end) => end - at >= 40 || end - at === 1],
  [4739, netflow],
  [4784, bfd],
  [4789, vxlan],
  [5246, first(8, 0, 1)],
  [5247, first(8, 0, 1)],
  [5683, (bytes, at, end) => end - at >= 4 && bytes[at]! >> 6 === 1 && (bytes[at]! & 15) <= 8],
  [6081, (bytes, at, end) => end - at >= 22 && bytes[at]! >> 6 === 0],
  [6343, (bytes, at, end) => end - at >= 28 && u32(bytes, at) <= 5],
  [8472, vxlan],
  [9995, netflow],
  [9996, netflow],
  [47_808, first(4, 0x81)],
  [123, ntp],
  [161, ber],
  [162, ber],
  [389, ber],
  [500, (bytes, at, end) => end - at >= 28 && u32(bytes, at + 24) === end - at],
  [514, (bytes, at) => bytes[at] === 0x3c],
  [1812, ofLength(2, 20)],
  [1813, ofLength(2, 20)],
  [1900, text],
  [2123, gtp],
  [2152, gtp],
  [3386, gtp],
  [3478, (bytes, at, end) => end - at >= 20 && bytes[at]! < 4],
  [5060, (bytes, at, end) => text(bytes, at, end) || end - at <= 4],
]);

/**
 * Whether a datagram is one of the protocol of a port.
 *
 * @returns Undefined where the port has none that is known.
 */
export function speaksUdp(port: number, bytes: Uint8Array, at: number, end: number): boolean | undefined {
  return OF_UDP.get(port)?.(bytes, at, end);
}

/** Services whose answers may be seen without their question, where the capture began between the two. */
const ANSWERING: ReadonlySet<number> = new Set([53, 123, 137, 161, 5353]);

/** Whether a datagram is an answer of a service whose answers can be told by what they are. */
export function answersUdp(port: number, bytes: Uint8Array, at: number, end: number): boolean {
  return ANSWERING.has(port) && speaksUdp(port, bytes, at, end) === true;
}

/** Whether it is a question of DNS. */
export function asksDns(bytes: Uint8Array, at: number, end: number): boolean {
  return dns(bytes, at, end) && (bytes[at + 2]! & 0x80) === 0 && u16(bytes, at + 4) === 1 && end - at < 512;
}

/** Whether a name of DNS has a long label that is no word: many digits among its letters. */
export function hasStrangeLabel(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end && bytes[at]! !== 0 && bytes[at]! < 64; at += 1 + bytes[at]!) {
    const last = Math.min(at + 1 + bytes[at]!, end);
    let digits = 0;
    for (let index = at + 1; index < last; index++) if (bytes[index]! >= 0x30 && bytes[index]! <= 0x39) digits += 1;
    if (last - at > 16 && digits >= 4) return true;
  }
  return false;
}

const TEXT: readonly Content[] = ['text', 'http'];
const WEB: readonly Content[] = ['http', 'tls'];
const TLS: readonly Content[] = ['tls'];

/** What is spoken on ports of TCP whose service is certain. */
const OF_TCP: ReadonlyMap<number, readonly Content[]> = new Map([
  [21, ['text', 'tls']],
  [22, ['ssh']],
  [25, ['text', 'tls']],
  [53, ['framed']],
  [80, WEB],
  [110, TEXT],
  [113, ['text']],
  [143, TEXT],
  [443, [...TLS, 'http']],
  [465, TLS],
  [587, ['text', 'tls']],
  [993, TLS],
  [995, TLS],
  [8000, WEB],
  [8080, WEB],
  [8443, WEB],
]);

/** @returns Whether such content is what a port of TCP is for; undefined where that is not known. */
export function speaksTcp(port: number, content: Content): boolean | undefined {
  return OF_TCP.get(port)?.includes(content);
}

/** Whether an answer says that the question was not understood. */
export function isRefusal(bytes: Uint8Array, at: number, end: number): boolean {
  return (
    (startsWith(bytes, at, end, 'HTTP/') && (bytes[at + 9] === 0x34 || bytes[at + 9] === 0x35)) ||
    (bytes[at] === 0x15 && bytes[at + 1] === 3) ||
    startsWith(bytes, at, end, 'Protocol mismatch') ||
    startsWith(bytes, at, end, 'Invalid SSH') ||
    (bytes[at] === 0x35 && bytes[at + 1] === 0x30 && end - at > 4)
  );
}

/** Whether the options of a SYN ask for TCP Fast Open, by its number or by the one of experiments. */
export function asksFastOpen(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end;) {
    const kind = bytes[at]!;
    if (kind === 0) return false;
    if (kind === 1) at += 1;
    else {
      if (kind === 34 || ((kind === 254 || kind === 253) && u16(bytes, at + 2) === 0xf989)) return true;
      at += Math.max(2, bytes[at + 1]!);
    }
  }
  return false;
}

/** The chunk types of SCTP that matter here. */
export const CHUNK = { data: 0, init: 1, initAck: 2, abort: 6 } as const;

/** Where what a DATA chunk carries begins and ends, at the first byte of the chunk. */
export function contentOfChunk(bytes: Uint8Array, at: number, end: number): readonly [number, number] {
  return [Math.min(at + 16, end), Math.min(Math.max(at + 16, at + u16(bytes, at + 2)), end)];
}

/** Whether the body of a POST is one short word of hexadecimal digits or of base64, and nothing else. */
export function isOneWord(bytes: Uint8Array, at: number, end: number): boolean {
  const length = end - at;
  if (length < 16 || length > 256) return false;
  for (let index = at; index < end; index++) {
    const byte = bytes[index]!;
    const word =
      (byte >= 0x30 && byte <= 0x39) ||
      ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) ||
      byte === 0x2b ||
      byte === 0x2f;
    if (!word && !(index >= end - 4 && (byte === 13 || byte === 10 || byte === 0x3d))) return false;
  }
  return true;
}

/** Where the body of a request of HTTP begins, or -1 where its head is not whole. */
export function bodyOf(bytes: Uint8Array, at: number, end: number): number {
  const last = Math.min(end, at + 2048) - 3;
  for (let index = at; index < last; index++) if (u32(bytes, index) === 0x0d0a0d0a) return index + 4;
  return -1;
}
