import { u16 } from '../../../lib/endian.ts';
import { P } from '../protocols.ts';
import type { Framed } from '../signalling/index.ts';

const HEADER = 12;

/** RFC 1035, 2.3.4: octets of a name; a label has no more than 63. */
const LONGEST_NAME = 255;

/** So often may a name point elsewhere. */
const MOST_JUMPS = 64;

export interface DnsName {
  /** Labels with dots between them, the root as ''. Bytes that are no letters are written as \ddd. */
  readonly name: string;
  /** Where what follows the name begins. */
  readonly end: number;
}

/**
 * Reads a name of DNS.
 *
 * @param message Where the message begins: pointers count from there.
 * @returns Nothing where it is cut, too long, points forward or in circles.
 * @see RFC 1035, 4.1.4
 */
export function dnsName(bytes: Uint8Array, at: number, end: number, message: number): DnsName | undefined {
  const labels: string[] = [];
  let [place, after, jumps, size] = [at, -1, 0, 0];
  for (;;) {
    if (place >= end) return undefined;
    const length = bytes[place]!;
    if (length === 0) return { name: labels.join('.'), end: after < 0 ? place + 1 : after };
    if ((length & 0xc0) === 0xc0) {
      if (place + 2 > end || ++jumps > MOST_JUMPS) return undefined;
      if (after < 0) after = place + 2;
      const target = message + (u16(bytes, place) & 0x3fff);
      if (target >= place) return undefined;
      place = target;
      continue;
    }
    size += length + 1;
    if (length > 63 || size > LONGEST_NAME || place + 1 + length > end) return undefined;
    labels.push(labelText(bytes, place + 1, place + 1 + length));
    place += length + 1;
  }
}

function labelText(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let index = from; index < to; index++) {
    const byte = bytes[index]!;
    const plain = byte > 0x20 && byte < 0x7f && byte !== 0x2e && byte !== 0x5c;
    text += plain ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, '0')}`;
  }
  return text;
}

export interface DnsQuestion {
  readonly id: number;
  readonly response: boolean;
  /** 0 is none; 3 says that the name does not exist. */
  readonly code: number;
  readonly name: string;
  readonly type: number;
  readonly answers: number;
}

/** The first question of a message, and whether it is the answer to it. */
export function dnsQuestion(bytes: Uint8Array, at: number, end: number): DnsQuestion | undefined {
  if (end - at < HEADER || u16(bytes, at + 4) === 0) return undefined;
  const asked = dnsName(bytes, at + HEADER, end, at);
  if (asked === undefined || asked.end + 4 > end) return undefined;
  const flags = u16(bytes, at + 2);
  return {
    id: u16(bytes, at),
    response: (flags & 0x8000) !== 0,
    code: flags & 15,
    name: asked.name,
    type: u16(bytes, asked.end),
    answers: u16(bytes, at + 6),
  };
}

/** Messages over TCP, with their length before them. */
export const DNS_OVER_TCP: Framed = {
  protocol: P.dns,
  lengthOf: (bytes, at, end) => (end - at < 2 ? 0 : 2 + u16(bytes, at)),
};

/** Whether a datagram to any port is one of DNS: a query or an answer without an error, with one question and few records. */
export function looksLikeDns(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < HEADER + 5) return false;
  const flags = u16(bytes, at + 2);
  const [questions, answers, authorities] = [u16(bytes, at + 4), u16(bytes, at + 6), u16(bytes, at + 8)];
  if ((flags & 0x780f) !== 0 || questions !== 1 || authorities > 10 || u16(bytes, at + 10) > 10) return false;
  if ((flags & 0x8000) === 0 ? answers !== 0 : answers > 40) return false;
  return dnsQuestion(bytes, at, end) !== undefined;
}
