import type { Dissector } from '../dissector.ts';
import { P } from '../protocols.ts';
import { ANY_MORE, ask, UNTIL_CLOSED, type StreamReader, type Talk } from '../streams/talk.ts';
import { beginsHttp, fieldsOf, headEnd, LONGEST_HEAD, lineEnd, type HttpHead } from './http-head.ts';
import { readTls } from './tls.ts';

/** Text without an end of a line is waited for no longer than this. */
const LONGEST_LINE = 4096;

/** More messages of one segment are not told of. */
const MOST_MESSAGES = 128;

const latin1 = new TextDecoder('latin1');

/** What is known of a connection: how it was asked last, and whether it speaks something else by now. */
const CONNECT = 1;
const HEAD = 2;
const OTHER = 3;
const TUNNEL = 4;

/** What is known of a message that waits for more of it; where its bytes come again, they begin at place 0. */
interface Kept {
  readonly head: HttpHead | undefined;
  /** Up to here nothing need be read again: lines of the head, or chunks of the body. */
  readonly place: number;
}

/** Messages, each with the body that belongs to it. */
export const readHttp: StreamReader = (d, talk) => {
  const { bytes, limit } = d;
  const { connection, side } = talk;
  const half = connection.halves[side]!;
  let { at } = d;
  if (connection.note === TUNNEL) return readTunnel(d, talk);
  for (let messages = 0; at < limit && messages < MOST_MESSAGES; messages++) {
    if (connection.note === OTHER || !beginsHttp(bytes, at, limit)) {
      readOther(d, talk, at);
      return true;
    }
    const kept = talk.again && at === d.at ? (half.kept as Kept | undefined) : undefined;
    const after = kept?.head?.end ?? headEnd(bytes, at + (kept?.place ?? 0), Math.min(limit, at + LONGEST_HEAD));
    half.kept = undefined;
    if (after < 0) {
      half.kept = { head: undefined, place: ~after - at } satisfies Kept;
      if (talk.mayAsk && limit - at < LONGEST_HEAD) ask(talk, at, ANY_MORE);
      else d.enter(P.http, 0);
      return true;
    }
    const head = kept?.head ?? fieldsOf(bytes, at, after);
    connection.reader = readHttp;
    const from = kept?.head === undefined ? head.end : kept.place;
    const end = bodyEnd(d, talk, at, { head, from });
    if (end < 0) return true;
    d.enter(P.http, 0);
    if (end > head.end) d.enterUnknown();
    if (head.method !== '') connection.note = head.method === 'CONNECT' ? CONNECT : head.method === 'HEAD' ? HEAD : 0;
    else if (head.status === 101) connection.note = OTHER;
    else if (connection.note === CONNECT && head.status >= 200 && head.status < 300) connection.note = TUNNEL;
    at = end;
  }
  return true;
};

/** What is no message: text that may become one, what goes on behind something lost, or another protocol. */
function readOther(d: Dissector, talk: Talk, at: number): void {
  const { bytes, limit } = d;
  const { connection } = talk;
  if (at === d.at && startsAnother(bytes, at, limit)) connection.note = OTHER;
  if (connection.note !== OTHER) {
    if (talk.mayAsk && mayBecomeLine(bytes, at, limit)) return ask(talk, at, ANY_MORE);
    if (connection.reader === readHttp) d.enter(P.http, 0);
  }
  d.enterUnknown();
}

/** What goes through a proxy that was asked to connect: TLS, if anything that is told apart. */
function readTunnel(d: Dissector, talk: Talk): boolean {
  d.enter(P.http, 0);
  if (!readTls(d, talk)) d.enterUnknown();
  return true;
}

/** Text that has no end of a line yet. */
function mayBecomeLine(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at >= LONGEST_LINE || lineEnd(bytes, at, end) !== end) return false;
  for (let index = at; index < end; index++) if (bytes[index]! < 0x09 || bytes[index]! > 0x7e) return false;
  return true;
}

/** HTTP/2 where both ends know beforehand that they speak it. */
const PREFACE = 'PRI * HTTP/2.0';

function startsAnother(bytes: Uint8Array, at: number, end: number): boolean {
  return latin1.decode(bytes.subarray(at, Math.min(end, at + PREFACE.length))) === PREFACE;
}

/** Behind the body of a message; -1 where more of it was asked for. */
function bodyEnd(d: Dissector, talk: Talk, at: number, { head, from }: { head: HttpHead; from: number }): number {
  const { limit } = d;
  const { status, method, fields } = head;
  const answer = method === '';
  if (answer && (status < 200 || status === 204 || status === 304 || talk.connection.note === HEAD)) return head.end;
  if (fields.get('transfer-encoding')?.toLowerCase().includes('chunked') === true)
    return chunksEnd(d, talk, at, { head, from });
  // The channels of remote procedure calls promise a body that goes on for as long as they live.
  if (method.startsWith('RPC_')) return limit;
  const length = fields.get('content-length');
  if (length !== undefined) {
    const size = Number(length);
    if (!Number.isSafeInteger(size) || size < 0) return head.end;
    if (head.end + size <= limit) return head.end + size;
    if (!talk.mayAsk) return limit;
    ask(talk, at, head.end + size - limit);
    return -1;
  }
  if (!answer) return head.end;
  if (talk.connection.note === CONNECT) return head.end;
  if (!talk.mayAsk || talk.last) return limit;
  ask(talk, at, UNTIL_CLOSED);
  return -1;
}

function chunksEnd(d: Dissector, talk: Talk, at: number, { head, from }: { head: HttpHead; from: number }): number {
  const { bytes, limit } = d;
  let [place, chunk] = [from, from];
  for (;;) {
    chunk = place;
    const newline = lineEnd(bytes, place, limit);
    if (newline === limit) break;
    const size = Number.parseInt(latin1.decode(bytes.subarray(place, Math.min(newline, place + 16))), 16);
    if (!(size >= 0)) return limit;
    if (size === 0) {
      const end = headEnd(bytes, newline + 1, limit);
      if (end >= 0) return end;
      if (limit - newline > LONGEST_LINE) return limit;
      break;
    }
    place = newline + 1 + size;
    const after = lineEnd(bytes, place, limit);
    if (after === limit) break;
    place = after + 1;
  }
  if (!talk.mayAsk) return limit;
  const kept: Kept = { head: { ...head, end: head.end - at }, place: chunk - at };
  talk.connection.halves[talk.side]!.kept = kept;
  ask(talk, at, ANY_MORE);
  return -1;
}
