import { u16, u32 } from '../../lib/endian.ts';

/** What a side of a conversation speaks, by its first bytes. */
export const SPEECH = {
  none: 0,
  /** Bytes of no protocol that is known here. */
  opaque: 1,
  /** Text of no protocol that is known here. */
  text: 2,
  tls: 3,
  http: 4,
  ssh: 5,
  /** Lines of mail, file transfer and the like. */
  lines: 6,
  /** A remote desktop or terminal. */
  terminal: 7,
  dns: 8,
  ntp: 9,
  diameter: 10,
  /** Any other that is known. */
  other: 11,
} as const;

export type Speech = (typeof SPEECH)[keyof typeof SPEECH];

/** Whether `length` bytes from `at` on, four at least, are of a protocol. */
type Test = (bytes: Uint8Array, at: number, length: number) => boolean;

const HTTP = [
  'GET ',
  'POST ',
  'HEAD ',
  'PUT ',
  'DELETE ',
  'OPTIONS ',
  'CONNECT ',
  'PATCH ',
  'PROPFIND ',
  'HTTP/',
  'PRI * ',
];
const LINES = [
  '+OK',
  '-ERR',
  '* OK',
  'EHLO',
  'HELO',
  'USER ',
  'NICK ',
  'PASS ',
  'CAPA',
  'QUIT',
  'AUTH',
  ':irc',
  'NOTICE ',
];
const SIP = ['SIP/2.0', 'INVITE ', 'REGISTER ', 'M-SEARCH', 'NOTIFY '];
const OTHERS = ['RTSP/', 'DESCRIBE ', 'SETUP ', 'GIOP', '\x13BitTorrent', '\x05\x01\x00', 'AMQP'];

/** Protocols whose first bytes are always the same. */
const STREAM_STARTS = byFirst([
  [SPEECH.ssh, ['SSH-']],
  [SPEECH.http, HTTP],
  [SPEECH.terminal, ['RFB 0', '\x1b[']],
  [SPEECH.lines, LINES],
  [SPEECH.other, [...SIP, ...OTHERS]],
]);
const DATAGRAM_STARTS = byFirst([[SPEECH.other, [...SIP, 'OPTIONS ']]]);

/** Those that are known by lengths and other numbers; the first that fits counts. */
const STREAMS: readonly (readonly [Speech, Test])[] = [
  [SPEECH.tls, (b, at) => b[at]! >= 20 && b[at]! <= 23 && b[at + 1] === 3 && b[at + 2]! <= 4],
  [SPEECH.tls, (b, at, n) => n >= 5 && (b[at]! & 0x80) !== 0 && b[at + 2] === 1 && b[at + 3] === 3], // a hello in the form of SSL 2
  [SPEECH.terminal, (b, at) => b[at] === 0xff && b[at + 1]! >= 0xfa && b[at + 1] !== 0xff], // telnet
  [SPEECH.terminal, (b, at, n) => n >= 7 && u16(b, at) === 0x0300 && u16(b, at + 2) >= 7 && u16(b, at + 2) <= 2048], // TPKT
  [
    SPEECH.lines,
    (b, at) =>
      b[at]! >= 49 &&
      b[at]! <= 53 &&
      isDigit(b[at + 1]!) &&
      isDigit(b[at + 2]!) &&
      (b[at + 3] === 32 || b[at + 3] === 45),
  ],
  [
    SPEECH.diameter,
    (b, at, n) =>
      n >= 20 && b[at] === 1 && (u32(b, at) & 0xffffff) >= 20 && (b[at + 3]! & 3) === 0 && (b[at + 4]! & 0x0f) === 0,
  ],
  [SPEECH.other, (b, at, n) => n >= 16 && u32(b, at) === 0xffffffff && u32(b, at + 4) === 0xffffffff], // BGP
  [SPEECH.other, (b, at, n) => n >= 8 && (u32(b, at + 4) === 0xff534d42 || u32(b, at + 4) === 0xfe534d42)], // SMB
  [
    SPEECH.other,
    (b, at, n) => n >= 8 && u32(b, at) === n && (u32(b, at + 4) === 80877103 || u32(b, at + 4) === 196608),
  ], // PostgreSQL
  [
    SPEECH.other,
    (b, at, n) => n >= 5 && (b[at]! | (b[at + 1]! << 8)) === n - 4 && u16(b, at + 2) === 0 && b[at + 4] === 10,
  ], // MySQL
  [SPEECH.other, (b, at, n) => n >= 12 && b[at] === 0x10 && u32(b, at + 4) === 0x4d515454], // MQTT
  [SPEECH.other, (b, at, n) => b[at] === 0x68 && (b[at + 1] === n - 2 || b[at + 1] === 4)], // IEC 104
  [SPEECH.other, (b, at, n) => n >= 8 && u16(b, at + 2) === 0 && u16(b, at + 4) === n - 6], // Modbus
  [SPEECH.dns, (b, at, n) => n >= 14 && u16(b, at) >= n - 2 && u16(b, at) < 4096 && isDns(b, at + 2)],
];

const DATAGRAMS: readonly (readonly [Speech, Test])[] = [
  [SPEECH.ntp, (b, at, n) => (n === 48 || n === 68) && ((b[at]! >> 3) & 7) >= 1 && ((b[at]! >> 3) & 7) <= 4],
  [SPEECH.dns, (b, at, n) => n >= 17 && isDns(b, at)],
  [SPEECH.tls, (b, at, n) => n >= 13 && b[at]! >= 20 && b[at]! <= 23 && b[at + 1] === 0xfe], // DTLS
  [SPEECH.other, (b, at, n) => n >= 20 && u32(b, at + 4) === 0x2112a442], // STUN
  [SPEECH.other, (b, at, n) => n >= 1200 && (b[at]! & 0xc0) === 0xc0], // QUIC's first packet
];

const LF = 10;
const COLON = 58;
const HOST = 0x686f7374;

/** What a first payload speaks. */
export function speechOf(stream: boolean, bytes: Uint8Array, at: number, end: number): Speech {
  const length = end - at;
  if (length >= 4) {
    const starts = (stream ? STREAM_STARTS : DATAGRAM_STARTS)[bytes[at]!];
    if (starts !== undefined)
      for (const [speech, text] of starts) if (startsWith(bytes, at, length, text)) return speech;
    const tests = stream ? STREAMS : DATAGRAMS;
    for (let index = 0; index < tests.length; index++) if (tests[index]![1](bytes, at, length)) return tests[index]![0];
  }
  return isText(bytes, at, length) ? SPEECH.text : SPEECH.opaque;
}

/**
 * Whether a conversation's first words name the other side: a client hello with a server name (RFC 6066), a request with a
 * host that is no address.
 */
export function saysName(speech: Speech, bytes: Uint8Array, at: number, end: number): boolean {
  if (speech === SPEECH.tls) return helloNames(bytes, at, end);
  return speech === SPEECH.http && requestNames(bytes, at, Math.min(end, at + 2048));
}

/** Whether a request's `Host` holds a letter that no address has. */
function requestNames(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at + 6 < end; at++) {
    if (bytes[at] !== LF || (u32(bytes, at + 1) | 0x20202020) !== HOST || bytes[at + 5] !== COLON) continue;
    for (at += 6; at < end && bytes[at] !== LF; at++) {
      const letter = bytes[at]! | 0x20;
      if (letter >= 103 && letter <= 122) return true; // g to z
    }
    return false;
  }
  return false;
}

function helloNames(bytes: Uint8Array, record: number, end: number): boolean {
  if (bytes[record] !== 22 || bytes[record + 5] !== 1) return false;
  let at = record + 5 + 4 + 2 + 32;
  if (at >= end) return false;
  at += 1 + bytes[at]!; // session
  if (at + 2 > end) return false;
  at += 2 + u16(bytes, at); // ciphers
  if (at >= end) return false;
  at += 1 + bytes[at]!; // compressions
  if (at + 2 > end) return false;
  at += 2;
  for (let left = 64; left > 0 && at + 4 <= end; left--) {
    const length = u16(bytes, at + 2);
    if (u16(bytes, at) === 0) return length > 5;
    at += 4 + length;
  }
  return false;
}

type Starts = readonly (readonly [Speech, Uint8Array])[];

function byFirst(all: readonly (readonly [Speech, readonly string[]])[]): readonly (Starts | undefined)[] {
  const starts = all.flatMap(([speech, texts]) =>
    texts.map((text) => [speech, Uint8Array.from(text, (letter) => letter.charCodeAt(0))] as const),
  );
  return Array.from({ length: 256 }, (_, first) => {
    const own = starts.filter(([, text]) => text[0] === first);
    return own.length === 0 ? undefined : own;
  });
}

function startsWith(bytes: Uint8Array, at: number, length: number, text: Uint8Array): boolean {
  if (length < text.length) return false;
  for (let index = 1; index < text.length; index++) if (bytes[at + index] !== text[index]) return false;
  return true;
}

/** Printable but for tabs and line ends, as far as the first 64 bytes say. */
function isText(bytes: Uint8Array, at: number, length: number): boolean {
  const most = Math.min(length, 64);
  for (let index = 0; index < most; index++) {
    const byte = bytes[at + index]!;
    if (byte > 126 || (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13)) return false;
  }
  return most > 0;
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

/** One question, an operation that there is, and no more records than fit. */
function isDns(bytes: Uint8Array, at: number): boolean {
  return (
    u16(bytes, at + 4) === 1 && (bytes[at + 2]! & 0x78) <= 0x30 && u16(bytes, at + 6) < 64 && u16(bytes, at + 10) < 64
  );
}
