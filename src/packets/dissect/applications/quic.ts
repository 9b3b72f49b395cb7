import { u32 } from '../../../lib/endian.ts';
import type { Step } from '../dissector.ts';
import { P } from '../protocols.ts';

const VERSION_2 = 0x6b3343cf;

/** RFC 9000, 17.2: identifiers of a connection have at most so many bytes. */
const LONGEST_ID = 20;

const INITIAL = 0;
const RETRY = 3;

export interface QuicLong {
  /** 0 stands for a list of versions, as an answer to one that is not known. */
  readonly version: number;
  /** As version 1 numbers them: 0 initial, 1 early data, 2 handshake, 3 retry. */
  readonly type: number;
  /** The identifier of who is spoken to. */
  readonly destination: Uint8Array;
  /** Where the packet ends; others may follow it in the same datagram. */
  readonly end: number;
}

/** Whether a version is one that is or was in use: 1 and 2, drafts, those of Google and Meta, and those that say nothing. */
function isVersion(version: number): boolean {
  if (version === 0 || version === 1 || version === VERSION_2 || version === 0x709a50c4) return true;
  const draft = version & 0xff;
  if (version >>> 8 === 0xff0000 && draft >= 1 && draft <= 0x22) return true;
  if (version >>> 8 === 0xfaceb0) return true;
  if ((version & 0x0f0f0f0f) >>> 0 === 0x0a0a0a0a) return true;
  return version === 0x51303530 || (version >= 0x54303530 && version <= 0x54303531);
}

/** A number of 1, 2, 4 or 8 bytes (RFC 9000, 16), and where it ends; nothing where it is cut. */
function varint(bytes: Uint8Array, at: number, end: number): { value: number; end: number } | undefined {
  if (at >= end) return undefined;
  const size = 1 << (bytes[at]! >> 6);
  if (at + size > end) return undefined;
  let value = bytes[at]! & 0x3f;
  for (let index = 1; index < size; index++) value = value * 256 + bytes[at + index]!;
  return { value, end: at + size };
}

/**
 * Reads the header of a packet of QUIC that names its version.
 *
 * @returns Nothing where it is none, or cut.
 * @see RFC 9000, 17.2; RFC 9369, 3.2
 */
export function quicLong(bytes: Uint8Array, at: number, end: number): QuicLong | undefined {
  const first = at < end ? bytes[at]! : 0;
  if ((first & 0x80) === 0 || end - at < 7) return undefined;
  const version = u32(bytes, at + 1);
  if (!isVersion(version)) return undefined;
  const idLength = bytes[at + 5]!;
  const sourceAt = at + 6 + idLength;
  if (idLength > LONGEST_ID || sourceAt >= end || bytes[sourceAt]! > LONGEST_ID) return undefined;
  const destination = bytes.subarray(at + 6, sourceAt);
  const place = sourceAt + 1 + bytes[sourceAt]!;
  if (place > end) return undefined;
  const written = (first >> 4) & 3;
  const type = version === VERSION_2 ? (written + 3) & 3 : written;
  return { version, type, destination, end: version === 0 || type === RETRY ? end : longEnd(bytes, place, end, type) };
}

function longEnd(bytes: Uint8Array, at: number, end: number, type: number): number {
  let place = at;
  if (type === INITIAL) {
    const token = varint(bytes, place, end);
    if (token === undefined || token.end + token.value > end) return end;
    place = token.end + token.value;
  }
  const length = varint(bytes, place, end);
  return length === undefined ? end : Math.min(end, length.end + length.value);
}

/** Whether a datagram to any port is one of QUIC. Ends that agreed on it may clear the fixed bit (RFC 9287), but never at first. */
export function looksLikeQuic(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at >= 13 && (bytes[at]! & 0x40) !== 0 && quicLong(bytes, at, end) !== undefined;
}

/** The packets of a datagram. What follows under another name only fills it up, and is taken for the last of them. */
export const quic: Step = (d) => {
  const { bytes, limit } = d;
  let name: Uint8Array | undefined;
  let { at } = d;
  while (at < limit) {
    const long = quicLong(bytes, at, limit);
    const called = long?.destination ?? bytes.subarray(at + 1, Math.min(limit, at + 1 + (name?.length ?? 0)));
    d.at = at;
    d.enter(P.quic, 0);
    if (name !== undefined && !isSame(called, name)) return 0;
    name = called;
    at = long?.end ?? limit;
  }
  return 0;
};

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
