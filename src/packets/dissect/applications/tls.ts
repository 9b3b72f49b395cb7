import { u16, u32 } from '../../../lib/endian.ts';
import { ANY_MORE, ask, type StreamReader } from '../streams/talk.ts';
import { P } from '../protocols.ts';

const HEADER = 5;
const HANDSHAKE = 22;

/** What RFC 8446 allows a record, and what earlier versions add for their ciphers. */
const LONGEST_RECORD = (1 << 14) + 2048;

/** Kinds of records: change of cipher, alert, handshake, application data, heartbeat. */
const isKind = (kind: number): boolean => kind >= 20 && kind <= 24;

/** Whether a record of TLS or SSL 3 begins here, by its kind and version. */
export function isRecord(bytes: Uint8Array, at: number, end: number): boolean {
  return at + 3 <= end && isKind(bytes[at]!) && bytes[at + 1] === 3 && bytes[at + 2]! <= 4;
}

/** Whether a connection that begins so is one of TLS: a record that fits its limits, and as a handshake one that exists. */
export function looksLikeTls(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + HEADER > end || !isRecord(bytes, at, end)) return false;
  const length = u16(bytes, at + 3);
  return length > 0 && length < LONGEST_RECORD;
}

/** Whether a connection begins with Zero, a forerunner of TLS 1.3 that lives on its port: a digit, then `QTV`. */
export function looksLikeZero(bytes: Uint8Array, at: number, end: number): boolean {
  const version = bytes[at]! - 0x30;
  return at + 5 <= end && (version === 0 || version === 1) && (u32(bytes, at) & 0xff_ffff) === QTV;
}

const QTV = 0x51_54_56;

/** The greeting of SSL 2, which later versions were offered in: a length with its highest bit set, type 1, and a version. */
export function isOldHello(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 5 > end || (bytes[at]! & 0x80) === 0 || bytes[at + 2] !== 1) return false;
  const version = u16(bytes, at + 3);
  return version === 2 || (version >= 0x0300 && version <= 0x0304);
}

/** A handshake of SSL 2, as a connection that is not known yet may begin with: its messages are numbered from 0. */
function isOldRecord(bytes: Uint8Array, at: number, end: number): boolean {
  return at + 3 <= end && (bytes[at]! & 0x80) !== 0 && bytes[at + 2]! <= 5;
}

/** A record of SSL 3 or later was seen. */
const SEEN = 1;

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f;
}

/** Records, or the middle of one where those before were not seen. */
export const readTls: StreamReader = (d, talk) => {
  const { bytes, limit } = d;
  const [one, other] = talk.connection.halves;
  let { at } = d;
  // Nothing that begins with four letters is TLS, on whatever port.
  if (limit - at > 4 && [0, 1, 2, 3].every((index) => isPrintable(bytes[at + index]!))) return false;
  d.enter(P.tls, 0);
  while (at < limit) {
    const left = limit - at;
    if (left < HEADER) {
      if (talk.mayAsk) ask(talk, at, ANY_MORE);
      return true;
    }
    const record = isRecord(bytes, at, limit);
    if (record) talk.connection.halves[talk.side]!.note = SEEN;
    const old = !record && (one.note + other.note > 0 ? isOldHello : isOldRecord)(bytes, at, limit);
    if (!old && !record) return true;
    const size = old ? 2 + (u16(bytes, at) & 0x7fff) : HEADER + u16(bytes, at + 3);
    if (left < size) {
      if (talk.mayAsk) ask(talk, at, size - left);
      return true;
    }
    at += size;
  }
  return true;
};

/** Bytes of the handshake that stand in the record that begins here, as far as they were kept. */
export function handshakeIn(bytes: Uint8Array, at: number, end: number): Uint8Array | undefined {
  if (!looksLikeTls(bytes, at, end) || bytes[at] !== HANDSHAKE) return undefined;
  return bytes.subarray(at + HEADER, Math.min(end, at + HEADER + u16(bytes, at + 3)));
}
