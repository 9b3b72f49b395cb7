import { u16, u32 } from '../../../../lib/endian.ts';

export const DATA = 0;
export const INIT = 1;
export const INIT_ACK = 2;
export const I_DATA = 64;

const HEADER = 4;
const DATA_HEADER = 16;
const I_DATA_HEADER = 20;
/** No honest packet has more; the shortest chunk has four bytes. */
const MOST_CHUNKS = 1024;
const MOST_PARAMETERS = 256;

/** One chunk: its value lies from `at` to `end`, the next chunk begins at `next`. */
export interface SctpChunk {
  readonly type: number;
  readonly flags: number;
  readonly at: number;
  readonly end: number;
  readonly next: number;
  /** Less was captured than the chunk says it has. */
  readonly cut: boolean;
}

/**
 * The chunk whose header begins at `at`.
 *
 * @returns Nothing where no header stands, or one that says it is shorter than itself.
 * @see RFC 9260, 3.2
 */
export function sctpChunk(bytes: Uint8Array, at: number, end: number): SctpChunk | undefined {
  if (at + HEADER > end) return undefined;
  const length = u16(bytes, at + 2);
  if (length < HEADER) return undefined;
  return {
    type: bytes[at]!,
    flags: bytes[at + 1]!,
    at: at + HEADER,
    end: Math.min(at + length, end),
    next: Math.min(at + ((length + 3) & ~3), end),
    cut: at + length > end,
  };
}

/** All chunks behind the common header; the last may be cut. */
export function sctpChunks(bytes: Uint8Array, at: number, end: number): SctpChunk[] {
  const chunks: SctpChunk[] = [];
  for (let from = at; from < end && chunks.length < MOST_CHUNKS;) {
    const chunk = sctpChunk(bytes, from, end);
    if (chunk === undefined) break;
    chunks.push(chunk);
    from = chunk.next;
  }
  return chunks;
}

/** The common header of a packet. */
export interface SctpHeader {
  readonly source: number;
  readonly destination: number;
  readonly tag: number;
}

export function sctpHeader(bytes: Uint8Array, at: number, end: number): SctpHeader | undefined {
  if (at + 12 > end) return undefined;
  return { source: u16(bytes, at), destination: u16(bytes, at + 2), tag: u32(bytes, at + 4) };
}

/** What a DATA or I-DATA chunk carries, from `at` to `end`. */
export interface SctpData {
  readonly tsn: number;
  readonly stream: number;
  /** Stream sequence number of DATA (16 bits), message identifier of I-DATA (32 bits). */
  readonly sequence: number;
  /** Payload protocol identifier as sent; 0 in all fragments of I-DATA but the first. */
  readonly protocol: number;
  readonly first: boolean;
  readonly last: boolean;
  readonly unordered: boolean;
  /** It came as I-DATA, whose messages have names of their own even where they are not ordered. */
  readonly interleaved: boolean;
  /** By this number fragments of one message follow each other: the TSN, or the fragment number of I-DATA. */
  readonly fragment: number;
  readonly at: number;
  readonly end: number;
}

/**
 * Reads a chunk of the types DATA and I-DATA.
 *
 * @see RFC 9260, 3.3.1; RFC 8260, 2.1
 */
export function sctpData(bytes: Uint8Array, chunk: SctpChunk): SctpData | undefined {
  const { type, flags, at, end } = chunk;
  const header = (type === I_DATA ? I_DATA_HEADER : DATA_HEADER) - HEADER;
  if ((type !== DATA && type !== I_DATA) || at + header > end) return undefined;
  const first = (flags & 2) !== 0;
  const tsn = u32(bytes, at);
  const last32 = u32(bytes, at + header - 4);
  return {
    tsn,
    stream: u16(bytes, at + 4),
    sequence: type === I_DATA ? u32(bytes, at + 8) : u16(bytes, at + 6),
    protocol: type === I_DATA && !first ? 0 : last32,
    first,
    last: (flags & 1) !== 0,
    unordered: (flags & 4) !== 0,
    interleaved: type === I_DATA,
    fragment: type === DATA ? tsn : first ? 0 : last32,
    at: at + header,
    end,
  };
}

/** A parameter of INIT and its answer: its value lies from `at` to `end`. */
export interface SctpParameter {
  readonly type: number;
  readonly at: number;
  readonly end: number;
}

/** How one side opens an association. */
export interface SctpInit {
  readonly tag: number;
  /** Bytes it will take without an answer. */
  readonly window: number;
  readonly outbound: number;
  readonly inbound: number;
  readonly tsn: number;
  readonly parameters: readonly SctpParameter[];
}

/**
 * Reads a chunk of the types INIT and INIT ACK.
 *
 * @see RFC 9260, 3.3.2
 */
export function sctpInit(bytes: Uint8Array, { type, at, end }: SctpChunk): SctpInit | undefined {
  if ((type !== INIT && type !== INIT_ACK) || at + 16 > end) return undefined;
  const parameters: SctpParameter[] = [];
  for (let from = at + 16; from + HEADER <= end && parameters.length < MOST_PARAMETERS;) {
    const length = u16(bytes, from + 2);
    if (length < HEADER) break;
    parameters.push({ type: u16(bytes, from), at: from + HEADER, end: Math.min(from + length, end) });
    from += (length + 3) & ~3;
  }
  return {
    tag: u32(bytes, at),
    window: u32(bytes, at + 4),
    outbound: u16(bytes, at + 8),
    inbound: u16(bytes, at + 10),
    tsn: u32(bytes, at + 12),
    parameters,
  };
}
