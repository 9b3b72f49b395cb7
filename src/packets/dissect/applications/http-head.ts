/** Lines beyond this are not read. */
export const LONGEST_HEAD = 1 << 16;

const LONGEST_METHOD = 32;

const METHODS = new Set(
  `GET POST HEAD PUT DELETE OPTIONS TRACE CONNECT PATCH PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK POLL BCOPY BMOVE SEARCH
  BDELETE BPROPFIND BPROPPATCH LABEL MERGE REPORT UPDATE CHECKIN CHECKOUT UNCHECKOUT MKACTIVITY MKWORKSPACE VERSION-CONTROL
  BASELINE-CONTROL NOTIFY SUBSCRIBE UNSUBSCRIBE ICY M-SEARCH RPC_CONNECT RPC_IN_DATA RPC_OUT_DATA CCM_POST`.split(
    /\s+/,
  ),
);

const CR = 13;
const LF = 10;

export interface HttpHead {
  /** Of a request; empty in an answer. */
  readonly method: string;
  readonly target: string;
  /** Of an answer; 0 in a request. */
  readonly status: number;
  /** Names in lower case; of those that come twice the first. */
  readonly fields: ReadonlyMap<string, string>;
  /** Where what follows the empty line begins. */
  readonly end: number;
}

const latin1 = new TextDecoder('latin1');

/** Whether a message of HTTP/1 begins here, as far as its first line came. */
export function beginsHttp(bytes: Uint8Array, at: number, end: number): boolean {
  const line = latin1.decode(bytes.subarray(at, lineEnd(bytes, at, Math.min(end, at + LONGEST_METHOD))));
  if (line.startsWith('HTTP/') || line.startsWith('ICY ')) return true;
  const space = line.indexOf(' ');
  return space > 0 && METHODS.has(line.slice(0, space));
}

/** Whether a connection that begins so is one of HTTP/1: its first line begins or ends with the version. */
export function looksLikeHttp(bytes: Uint8Array, at: number, end: number): boolean {
  const most = Math.min(end, at + LONGEST_HEAD);
  const newline = lineEnd(bytes, at, most);
  if (newline === most) return false;
  const last = newline > at && bytes[newline - 1] === CR ? newline - 1 : newline;
  return [at, last - 8].some((place) => place >= at && VERSION.test(latin1.decode(bytes.subarray(place, place + 8))));
}

const VERSION = /^HTTP\/1\.[0-9]$/i;

/**
 * Reads the first line and the fields of a message of HTTP/1.
 *
 * @returns Nothing where the empty line behind them did not come, or it is no such message.
 * @see RFC 9112
 */
export function httpHead(bytes: Uint8Array, at: number, end: number): HttpHead | undefined {
  if (!beginsHttp(bytes, at, end)) return undefined;
  const after = headEnd(bytes, at, Math.min(end, at + LONGEST_HEAD));
  return after < 0 ? undefined : fieldsOf(bytes, at, after);
}

/** What stands between the beginning of a head and its end. */
export function fieldsOf(bytes: Uint8Array, at: number, end: number): HttpHead {
  const [first = '', ...lines] = latin1.decode(bytes.subarray(at, end)).split(/\r?\n/);
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    if (name !== '' && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  const [one = '', two = ''] = first.split(' ');
  const answer = one.startsWith('HTTP/') || one === 'ICY';
  const status = answer ? Number.parseInt(two, 10) || 0 : 0;
  return { method: answer ? '' : one, target: answer ? '' : two, status, fields, end };
}

/** Where the line that begins here ends, at its last byte; `end` where it does not. */
export function lineEnd(bytes: Uint8Array, at: number, end: number): number {
  const found = bytes.subarray(at, end).indexOf(LF);
  return found < 0 ? end : at + found;
}

/**
 * Behind the empty line that ends a head.
 *
 * @param at Where a line begins.
 * @returns Where there is none yet, `~place` of the last line that is not whole.
 */
export function headEnd(bytes: Uint8Array, at: number, end: number): number {
  let place = at;
  while (place < end) {
    const newline = lineEnd(bytes, place, end);
    if (newline === end) break;
    if (newline === place || (newline === place + 1 && bytes[place] === CR)) return newline + 1;
    place = newline + 1;
  }
  return ~place;
}
