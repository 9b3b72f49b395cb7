import { u16 } from '../../../lib/endian.ts';
import { sha256 } from '../../../lib/hash.ts';

const CLIENT_HELLO = 1;
const HEADER = 4;

const SERVER_NAME = 0;
const SIGNATURES = 13;
const PROTOCOLS = 16;
const VERSIONS = 43;

/** What a client says first in TLS, in its own order; numbers are those of the registries of IANA. */
export interface ClientHello {
  /** What stands in the fixed part: later versions hide behind 0x0303. */
  readonly version: number;
  readonly ciphers: readonly number[];
  readonly extensions: readonly number[];
  /** Name of the server that it wants, in plain text; undefined where it says none. */
  readonly serverName: string | undefined;
  /** What is to be spoken inside, such as `h2`: bytes as Latin-1. */
  readonly protocols: readonly string[];
  readonly versions: readonly number[];
  readonly signatures: readonly number[];
}

const latin1 = new TextDecoder('latin1');

/**
 * Reads the hello of a client.
 *
 * @param bytes A handshake message from `at` on, with its type and length: what a record of TLS or a CRYPTO frame of QUIC holds.
 * @returns Nothing where it is none, or its fixed part is cut. Of extensions, those that came.
 * @see RFC 8446, 4.1.2
 */
export function clientHello(bytes: Uint8Array, at: number, end: number): ClientHello | undefined {
  if (at + HEADER + 35 > end || bytes[at] !== CLIENT_HELLO) return undefined;
  const limit = Math.min(end, at + HEADER + ((bytes[at + 1]! << 16) | u16(bytes, at + 2)));
  const body = at + HEADER;
  // Version and random number, then the session.
  let place = body + 35 + bytes[body + 34]!;
  if (place + 2 > limit) return undefined;
  const ciphersEnd = place + 2 + u16(bytes, place);
  if (ciphersEnd + 1 > limit) return undefined;
  const ciphers = words(bytes, place + 2, ciphersEnd);
  place = ciphersEnd + 1 + bytes[ciphersEnd]!;
  const extensions = new Map<number, Uint8Array>();
  const order: number[] = [];
  for (place += 2; place + 4 <= limit;) {
    const [type, length] = [u16(bytes, place), u16(bytes, place + 2)];
    order.push(type);
    if (!extensions.has(type)) extensions.set(type, bytes.subarray(place + 4, Math.min(limit, place + 4 + length)));
    place += 4 + length;
  }
  return {
    version: u16(bytes, body),
    ciphers,
    extensions: order,
    serverName: serverName(extensions.get(SERVER_NAME)),
    protocols: protocolNames(extensions.get(PROTOCOLS)),
    versions: wordsOf(extensions.get(VERSIONS), 1),
    signatures: wordsOf(extensions.get(SIGNATURES), 2),
  };
}

function words(bytes: Uint8Array, at: number, end: number): number[] {
  const list: number[] = [];
  for (let place = at; place + 2 <= end; place += 2) list.push(u16(bytes, place));
  return list;
}

/** A list of words behind its length. */
function wordsOf(data: Uint8Array | undefined, header: number): number[] {
  return data === undefined ? [] : words(data, header, data.length);
}

function serverName(data: Uint8Array | undefined): string | undefined {
  if (data === undefined || data.length < 5 || data[2] !== 0) return undefined;
  return latin1.decode(data.subarray(5, 5 + u16(data, 3)));
}

function protocolNames(data: Uint8Array = new Uint8Array()): string[] {
  const names: string[] = [];
  for (let place = 2; place < data.length; place += 1 + data[place]!)
    names.push(latin1.decode(data.subarray(place + 1, place + 1 + data[place]!)));
  return names;
}

/** Values that say nothing, so that servers do not come to rely on what they know (RFC 8701). */
const isGrease = (value: number): boolean => (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);

const JA4_VERSIONS: ReadonlyMap<number, string> = new Map([
  [0x0304, '13'],
  [0x0303, '12'],
  [0x0302, '11'],
  [0x0301, '10'],
  [0x0300, 's3'],
  [0x0002, 's2'],
  [0xfeff, 'd1'],
  [0xfefd, 'd2'],
  [0xfefc, 'd3'],
]);

const hex4 = (value: number): string => value.toString(16).padStart(4, '0');
const two = (count: number): string => String(Math.min(count, 99)).padStart(2, '0');
const shortHash = (text: string): string => (text === '' ? '000000000000' : sha256(text).slice(0, 12));

/**
 * The fingerprint JA4 of a client: what it is, whatever its addresses and names.
 *
 * @param carrier `t` where TCP carries it, `q` QUIC, `d` DTLS.
 * @see https://github.com/FoxIO-LLC/ja4/blob/main/technical_details/JA4.md
 */
export function ja4(hello: ClientHello, carrier: 'd' | 'q' | 't'): string {
  const ciphers = hello.ciphers.filter((cipher) => !isGrease(cipher));
  const extensions = hello.extensions.filter((extension) => !isGrease(extension));
  const offered = hello.versions.filter((version) => !isGrease(version));
  const version = JA4_VERSIONS.get(offered.length > 0 ? Math.max(...offered) : hello.version) ?? '00';
  const named = extensions.includes(SERVER_NAME) ? 'd' : 'i';
  const start = `${carrier}${version}${named}${two(ciphers.length)}${two(extensions.length)}${protocolMark(hello.protocols[0])}`;
  const rest = extensions.filter((extension) => extension !== SERVER_NAME && extension !== PROTOCOLS);
  const sorted = (values: readonly number[]): string => values.map(hex4).toSorted().join(',');
  const signed = hello.signatures.filter((signature) => !isGrease(signature));
  const signatures = signed.length > 0 ? `_${signed.map(hex4).join(',')}` : '';
  const tail = rest.length === 0 ? '' : `${sorted(rest)}${signatures}`;
  return `${start}_${shortHash(sorted(ciphers))}_${shortHash(tail)}`;
}

/** First and last letter of a protocol's name; where they are none, the first and last digit of its bytes. */
function protocolMark(name: string | undefined): string {
  if (name === undefined || name === '') return '00';
  const [first, last] = [name[0]!, name.at(-1)!];
  if (/^[0-9A-Za-z]{2}$/.test(first + last)) return first + last;
  const digits = (letter: string): string => letter.charCodeAt(0).toString(16).padStart(2, '0');
  return digits(first)[0]! + digits(last)[1]!;
}
