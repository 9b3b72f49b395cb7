import { u16, u16le, u32, u32le } from '../../lib/endian.ts';

/**
 * What the first bytes of a payload look like, by their shape alone: `framed` has a field that says its length, `pattern`
 * repeats or counts up, `opaque` is none of these.
 */
export type Content = 'empty' | 'text' | 'http' | 'ssh' | 'tls' | 'media' | 'framed' | 'pattern' | 'opaque';

/** So many bytes are looked at. */
const LOOKED_AT = 128;
/** The least that can be told to be opaque. */
const LEAST = 6;

/** @returns What the bytes from `at` to `end` look like. */
export function contentOf(bytes: Uint8Array, at: number, end: number): Content {
  const length = end - at;
  if (length <= 0) return 'empty';
  if (startsWith(bytes, at, end, 'SSH-')) return 'ssh';
  if (isTls(bytes, at, end)) return 'tls';
  const last = unpadded(bytes, at, Math.min(end, at + LOOKED_AT));
  if (isText(bytes, at, last)) return isHttp(bytes, at, end) ? 'http' : 'text';
  if (length < LEAST) return 'opaque';
  if (isFramed(bytes, at, length)) return 'framed';
  if (isMedia(bytes, at, length)) return 'media';
  return isPattern(bytes, at, last) ? 'pattern' : 'opaque';
}

/** Where the bytes end but for zeros behind them, which say nothing; nothing but zeros is a pattern. */
function unpadded(bytes: Uint8Array, at: number, end: number): number {
  let last = end;
  while (last > at && bytes[last - 1] === 0) last -= 1;
  return last - at >= LEAST ? last : end;
}

/** Whether the bytes are those of a text. */
export function startsWith(bytes: Uint8Array, at: number, end: number, text: string): boolean {
  if (bytes[at] !== text.charCodeAt(0) || end - at < text.length) return false;
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text.charCodeAt(index)) return false;
  return true;
}

/** It begins as text, and one byte in sixteen may be anything: a NUL at the end, a letter of another script. */
function isText(bytes: Uint8Array, at: number, end: number): boolean {
  let others = 0;
  for (let index = at; index < end; index++) {
    const byte = bytes[index]!;
    if ((byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== ESCAPE) || byte > 0x7e) {
      if (index < at + BEGINNING) return false;
      others += 1;
    }
  }
  return others * 16 <= end - at;
}

const BEGINNING = 4;
/** Terminals and printers are told by it what to do. */
const ESCAPE = 0x1b;

const METHODS = ['GET ', 'POST ', 'HEAD ', 'PUT ', 'OPTIONS ', 'CONNECT ', 'DELETE ', 'PATCH ', 'PRI * ', 'HTTP/'];

function isHttp(bytes: Uint8Array, at: number, end: number): boolean {
  return METHODS.some((method) => startsWith(bytes, at, end, method));
}

function isTls(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 5) return false;
  const type = bytes[at]!;
  return type >= 0x14 && type <= 0x18 && bytes[at + 1] === 3 && bytes[at + 2]! <= 4 && u16(bytes, at + 3) <= 0x4800;
}

/**
 * A number among the first bytes that is the length of all, or of what follows it, makes a protocol of its own: TPKT, SMB, TNS,
 * Modbus, Diameter, DNS over TCP, BER and so on.
 */
function isFramed(bytes: Uint8Array, at: number, length: number): boolean {
  const says = (value: number, next: number) => value === length || value === length - next;
  for (let offset = 0; offset <= 6 && offset + 2 <= length; offset++)
    if (says(u16(bytes, at + offset), offset + 2)) return true;
  for (let offset = 0; offset <= 4 && offset + 4 <= length; offset++)
    if (says(u32(bytes, at + offset), offset + 4) || says(u32le(bytes, at + offset), offset + 4)) return true;
  if (says(u16le(bytes, at), 2) || says(u16le(bytes, at + 2), 4)) return true;
  return (bytes[at] === 0x30 && bytes[at + 1] === length - 2) || isCounted(bytes, at, length);
}

/** A word behind its own length, as BitTorrent and MQTT begin. */
function isCounted(bytes: Uint8Array, at: number, length: number): boolean {
  const count = bytes[at]!;
  return count >= 4 && count <= 32 && count < length && isText(bytes, at + 1, at + 1 + count);
}

/** Compressed by gzip or zlib, as logs are sent; or bencoded, as who shares files does. */
function isPacked(bytes: Uint8Array, at: number, length: number): boolean {
  if (length < LEAST_PACKED) return false;
  const word = u16(bytes, at);
  if (word === 0x1f8b || (bytes[at] === 0x78 && word % 31 === 0)) return true;
  const digit = bytes[at + 1]!;
  return bytes[at] === 0x64 && digit >= 0x30 && digit <= 0x39 && bytes[at + length - 1] === 0x65;
}

const LEAST_PACKED = 48;

/** Flows that a router tells of, by NetFlow of versions 5 and 9. IPFIX says its length. */
function isFlowExport(bytes: Uint8Array, at: number, length: number): boolean {
  if (length < 24) return false;
  if (u16(bytes, at) === 5) return length === 24 + 48 * u16(bytes, at + 2);
  if (u16(bytes, at) !== 9) return false;
  let next = 20;
  while (next + 4 <= length && u16(bytes, at + next + 2) >= 4) next += u16(bytes, at + next + 2);
  return next === length;
}

/** Wake-on-LAN, RTP and RTCP, STUN, DTLS, QUIC, WireGuard, uTP: what has its own ports or none. */
function isMedia(bytes: Uint8Array, at: number, length: number): boolean {
  const first = bytes[at]!;
  if (length >= 102 && first === 0xff && u32(bytes, at + 1) === 0xffffffff && bytes[at + 5] === 0xff) return true;
  if (
    length >= 12 &&
    first >> 6 === 2 &&
    (bytes[at + 1]! & 0x7f) >= 64 &&
    (bytes[at + 1]! & 0x7f) < 96 &&
    first === 0x80
  )
    return true;
  if (length >= 20 && u32(bytes, at + 4) === 0x2112a442) return true;
  if (length >= 13 && first >= 0x14 && first <= 0x19 && bytes[at + 1] === 0xfe) return true;
  if (length >= 1200 && (first & 0xc0) === 0xc0) return true;
  if (length === 148 && u32le(bytes, at) === 1) return true;
  if (isPacked(bytes, at, length) || isFlowExport(bytes, at, length)) return true;
  return length >= 20 && (first & 0x0f) === 1 && first <= 0x41 && bytes[at + 1]! <= 3 && u16(bytes, at + 2) !== 0;
}

/** Behind what may be a time: bytes that count up, or that come again after 1, 2, 4, 8 or 16. */
function isPattern(bytes: Uint8Array, at: number, end: number): boolean {
  const from = end - at >= 40 ? at + 16 : end - at >= 16 ? at + 8 : at;
  return STEPS.some(([period, step]) => {
    const compared = end - from - period;
    if (compared < 8) return false;
    let odd = 0;
    for (let index = from + period; index < end; index++)
      if (((bytes[index]! - bytes[index - period]! - step) & 255) !== 0) odd += 1;
    return odd * 8 <= compared;
  });
}

const STEPS = [
  [1, 0],
  [1, 1],
  [2, 0],
  [4, 0],
  [8, 0],
  [16, 0],
] as const;

/** Whether a ClientHello names the server. What is cut before its extensions counts as if it did. */
export function namesServer(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 44 || bytes[at] !== 0x16 || bytes[at + 5] !== 1) return true;
  let next = at + 43;
  next += 1 + bytes[next]!;
  if (next + 2 > end) return true;
  next += 2 + u16(bytes, next);
  if (next >= end) return true;
  next += 1 + bytes[next]!;
  if (next >= at + 5 + u16(bytes, at + 3)) return false;
  if (next + 2 > end) return true;
  const last = next + 2 + u16(bytes, next);
  for (next += 2; next + 4 <= Math.min(last, end); next += 4 + u16(bytes, next + 2)) {
    const type = u16(bytes, next);
    if (type === SERVER_NAME || type === ENCRYPTED_HELLO) return true;
  }
  return last > end;
}

const SERVER_NAME = 0;
const ENCRYPTED_HELLO = 0xfe0d;
