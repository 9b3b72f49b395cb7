import { u16, u32 } from '../../../lib/endian.ts';
import type { Step } from '../dissector.ts';
import type { Framed } from '../signalling/index.ts';
import { P } from '../protocols.ts';

/** Whether a datagram is one of RADIUS: a code that exists and a length that fits (RFC 2865, 3). */
export function looksLikeRadius(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 20) return false;
  const [code, length] = [bytes[at]!, u16(bytes, at + 2)];
  return code > 0 && (code <= 51 || code >= 250) && length >= 20 && length <= 4096;
}

/** Whether a datagram is one of SNMP: a sequence that begins with a version (RFC 3416, RFC 3412). */
export function looksLikeSnmp(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 7 || bytes[at] !== 0x30) return false;
  const first = bytes[at + 1]!;
  // A length of more than 127 says first how many bytes it has.
  const content = at + 2 + (first > 0x80 ? first & 0x7f : 0);
  let length = first < 0x80 ? first : 0;
  for (let index = at + 2; index < content; index++) length = length * 256 + bytes[index]!;
  return (
    content + Math.max(3, length) <= end && bytes[content] === 2 && bytes[content + 1] === 1 && bytes[content + 2]! <= 3
  );
}

const HEADER = 12;
const LONGEST = 1 << 16;

/** RFC 8907, 4.1: the major version is 12, the length stands last in the header. */
export const TACACS: Framed = {
  protocol: P.tacplus,
  lengthOf(bytes, at, end) {
    if (bytes[at]! >> 4 !== 12) return -1;
    if (end - at < HEADER) return 0;
    const size = HEADER + u32(bytes, at + 8);
    return size > LONGEST ? -1 : size;
  },
};

const all =
  (protocol: number): Step =>
  (d) => {
    d.enter(protocol, d.left);
    return 0;
  };

const checked =
  (protocol: number, looks: (bytes: Uint8Array, at: number, end: number) => boolean): Step =>
  (d) => {
    if (looks(d.bytes, d.at, d.limit)) d.enter(protocol, d.left);
    else d.enterUnknown();
    return 0;
  };

/** Protocols of one datagram each. */
export const datagramSteps = {
  ntp: all(P.ntp),
  radius: checked(P.radius, looksLikeRadius),
  snmp: checked(P.snmp, looksLikeSnmp),
};
