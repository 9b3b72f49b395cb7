import { u32 } from '../../../lib/endian.ts';
import { P } from '../protocols.ts';
import { ANY_MORE, ask, type StreamReader } from '../streams/talk.ts';

/** RFC 4253, 4.2 and 6.1. */
const LONGEST_BANNER = 255;
const LONGEST_PACKET = 35_000;

const NEW_KEYS = 21;
const LF = 10;

export interface SshBanner {
  /** 2.0, or 1.99 of a server that speaks both. */
  readonly version: string;
  readonly software: string;
  /** Behind a space; empty where there are none. */
  readonly comments: string;
  /** Behind its line. */
  readonly end: number;
}

const latin1 = new TextDecoder('latin1');

/**
 * Reads the line by which an end of SSH says who it is.
 *
 * @returns Nothing where it is none, or its line does not end.
 * @see RFC 4253, 4.2
 */
export function sshBanner(bytes: Uint8Array, at: number, end: number): SshBanner | undefined {
  const most = Math.min(end, at + LONGEST_BANNER);
  const newline = bytes.subarray(at, most).indexOf(LF);
  if (newline < 0) return undefined;
  const line = latin1.decode(bytes.subarray(at, at + newline)).replace(/\r$/, '');
  const [, version, software, comments = ''] = /^SSH-([^-]*)-([^ ]*)(?: (.*))?$/.exec(line) ?? [];
  if (version === undefined || software === undefined) return undefined;
  return { version, software, comments, end: at + newline + 1 };
}

/** How far a direction came: its keys are changed, and from then on nothing can be told. */
const GREETED = 1;
const ENCRYPTED = 2;

/** Of a connection: it speaks version 1, which tells its lengths whatever it hides. */
const OLD = 1;

export const readSsh: StreamReader = (d, talk) => {
  const { bytes, limit } = d;
  const { connection } = talk;
  const half = connection.halves[talk.side]!;
  let { at } = d;
  d.enter(P.ssh, 0);
  while (at < limit && half.note !== ENCRYPTED) {
    if (half.note === 0) {
      const banner = sshBanner(bytes, at, limit);
      // What is seen from the middle on is not known to be readable.
      half.note = banner === undefined ? ENCRYPTED : GREETED;
      if (banner?.version.startsWith('1.') === true && banner.version !== '1.99') connection.note = OLD;
      at = banner?.end ?? limit;
      continue;
    }
    const left = limit - at;
    const old = connection.note === OLD;
    const size = left < 4 ? 4 : sizeOf(u32(bytes, at), old);
    if (size > LONGEST_PACKET) {
      half.note = ENCRYPTED;
      return true;
    }
    if (left < size || left < 4) {
      if (talk.mayAsk) ask(talk, at, left < 4 ? ANY_MORE : size - left);
      return true;
    }
    if (!old && bytes[at + 5] === NEW_KEYS) half.note = ENCRYPTED;
    at += size;
  }
  return true;
};

/** Version 1 fills packets up to multiples of eight bytes, and never not at all. */
function sizeOf(length: number, old: boolean): number {
  return 4 + length + (old ? 8 - (length % 8) : 0);
}
