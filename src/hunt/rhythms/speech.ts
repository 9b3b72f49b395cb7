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

type Test = (bytes: Uint8Array, at: number, length: number) => boolean;

const starts = (...texts: readonly string[]): Test => {
  const all = texts.map((text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
  return (bytes, at, length) =>
    all.some((text) => length >= text.length && text.every((byte, index) => bytes[at + index] === byte));
};

/** Whether it is text: printable but for line ends and tabs, at least this many bytes of it. */
export function isText(bytes: Uint8Array, at: number, length: number): boolean {
  const most = Math.min(length, 64);
  for (let index = 0; index < most; index++) {
    const byte = bytes[at + index]!;
    if (byte > 126 || (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13)) return false;
  }
  return most > 0;
}

/** First match counts; what is true of few bytes stands last. */
const STREAMS: readonly (readonly [Speech, Test])[] = [
  [SPEECH.tls, (b, at, n) => n >= 3 && b[at]! >= 20 && b[at]! <= 23 && b[at + 1] === 3 && b[at + 2]! <= 4],
  [SPEECH.tls, (b, at, n) => n >= 5 && (b[at]! & 0x80) !== 0 && b[at + 2] === 1 && b[at + 3] === 3], // SSL 2's form of a hello
  [SPEECH.ssh, starts('SSH-')],
  [
    SPEECH.http,
    starts(
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
    ),
  ],
  [SPEECH.terminal, (b, at, n) => n >= 3 && b[at] === 0xff && b[at + 1]! >= 0xfa && b[at + 1] !== 0xff],
  [
    SPEECH.terminal,
    (b, at, n) => n >= 7 && b[at] === 3 && b[at + 1] === 0 && u16(b, at + 2) >= 7 && u16(b, at + 2) <= 2048,
  ],
  [SPEECH.terminal, starts('RFB 0', '\x1b[')],
  [SPEECH.lines, (b, at, n) => n >= 4 && /^[1-5]\d\d[ -]/.test(latin(b, at, 4))],
  [
    SPEECH.lines,
    starts('+OK', '-ERR', '* OK', 'EHLO', 'HELO', 'USER ', 'NICK ', 'PASS ', 'CAPA', 'QUIT', 'AUTH', ':irc', 'NOTICE '),
  ],
  [
    SPEECH.other,
    starts('SIP/2.0', 'INVITE ', 'REGISTER ', 'RTSP/', 'DESCRIBE ', 'SETUP ', 'M-SEARCH', 'NOTIFY ', 'GIOP'),
  ],
  [
    SPEECH.diameter,
    (b, at, n) =>
      n >= 20 && b[at] === 1 && (u32(b, at) & 0xffffff) >= 20 && (u32(b, at) & 3) === 0 && (b[at + 4]! & 0x0f) === 0,
  ],
  [SPEECH.other, (b, at, n) => n >= 16 && u32(b, at) === 0xffffffff && u32(b, at + 4) === 0xffffffff], // BGP
  [SPEECH.other, (b, at, n) => n >= 8 && u16(b, at + 4) === 0xff53 && u16(b, at + 6) === 0x4d42], // SMB
  [SPEECH.other, (b, at, n) => n >= 8 && u16(b, at + 4) === 0xfe53 && u16(b, at + 6) === 0x4d42],
  [
    SPEECH.other,
    (b, at, n) => n >= 8 && u32(b, at) === n && (u32(b, at + 4) === 80877103 || u32(b, at + 4) === 196608),
  ], // PostgreSQL
  [SPEECH.other, (b, at, n) => n >= 5 && u32LE3(b, at) === n - 4 && b[at + 3] === 0 && b[at + 4] === 10], // MySQL
  [SPEECH.other, (b, at, n) => n >= 12 && b[at] === 0x10 && latin(b, at + 4, 4) === 'MQTT'],
  [SPEECH.other, starts('\x13BitTorrent', '\x05\x01\x00', 'AMQP', 'MQIs', '\x00\x00\x00\x00\x00\x00')],
  [SPEECH.other, (b, at, n) => n >= 4 && b[at] === 0x68 && (b[at + 1] === n - 2 || b[at + 1] === 4)], // IEC 104
  [SPEECH.other, (b, at, n) => n >= 8 && u16(b, at + 2) === 0 && u16(b, at + 4) === n - 6], // Modbus
  [SPEECH.dns, (b, at, n) => n >= 14 && u16(b, at) === n - 2 && dnsHeader(b, at + 2)],
];

const DATAGRAMS: readonly (readonly [Speech, Test])[] = [
  [SPEECH.ntp, (b, at, n) => (n === 48 || n === 68) && ((b[at]! >> 3) & 7) >= 1 && ((b[at]! >> 3) & 7) <= 4],
  [SPEECH.dns, (b, at, n) => n >= 17 && dnsHeader(b, at)],
  [SPEECH.tls, (b, at, n) => n >= 13 && b[at]! >= 20 && b[at]! <= 23 && b[at + 1] === 0xfe], // DTLS
  [SPEECH.other, (b, at, n) => n >= 20 && u32(b, at + 4) === 0x2112a442], // STUN
  [SPEECH.other, (b, at, n) => n >= 1200 && (b[at]! & 0xc0) === 0xc0], // QUIC's first packet
  [SPEECH.other, starts('SIP/2.0', 'INVITE ', 'REGISTER ', 'OPTIONS ', 'M-SEARCH', 'NOTIFY ')],
];

function latin(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

function u32LE3(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
}

function dnsHeader(bytes: Uint8Array, at: number): boolean {
  return (
    u16(bytes, at + 4) === 1 && (bytes[at + 2]! & 0x78) === 0 && u16(bytes, at + 6) < 64 && u16(bytes, at + 10) < 64
  );
}

/** What a first payload speaks. */
export function speechOf(stream: boolean, bytes: Uint8Array, at: number, end: number): Speech {
  const length = end - at;
  for (const [speech, test] of stream ? STREAMS : DATAGRAMS) if (test(bytes, at, length)) return speech;
  return isText(bytes, at, length) ? SPEECH.text : SPEECH.opaque;
}

/**
 * Whether a conversation's first words name the other side: a client hello with a server name (RFC 6066), a request with a
 * host that is no address.
 */
export function saysName(speech: Speech, bytes: Uint8Array, at: number, end: number): boolean {
  if (speech === SPEECH.tls) return helloNames(bytes, at, end);
  if (speech !== SPEECH.http) return false;
  return /\r\nhost:[ \t]*[^\r\n]*[g-z]/i.test(latin(bytes, at, Math.min(end - at, 2048)));
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
