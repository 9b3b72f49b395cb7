import { concat, fromHex } from '../lib/bytes.ts';

/** Bytes of hexadecimal digits and of parts. */
export function bytesOf(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  return concat(parts.map((part) => (typeof part === 'string' ? fromHex(part)! : part)));
}

/** A number of so many bytes, most significant first. */
export function be(value: number, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => Math.floor(value / 256 ** (size - 1 - index)) % 256);
}

/** A chunk of SCTP with its length and padding. */
export function chunk(type: number, flags: number, body: Uint8Array): Uint8Array {
  return bytesOf(be(type, 1), be(flags, 1), be(4 + body.length, 2), body, new Uint8Array(-body.length & 3));
}

/** A chunk of data; `flags` 3 is a whole message, 2 its first part, 1 its last. */
export function dataChunk(
  { tsn = 1, flags = 3, stream = 0, sequence = 0, protocol }: DataOptions,
  payload: Uint8Array,
): Uint8Array {
  return chunk(0, flags, bytesOf(be(tsn, 4), be(stream, 2), be(sequence, 2), be(protocol, 4), payload));
}

interface DataOptions {
  readonly tsn?: number;
  readonly flags?: number;
  readonly stream?: number;
  readonly sequence?: number;
  readonly protocol: number;
}

/** A packet of IPv4. */
export function ipPacket(protocol: number, payload: Uint8Array): Uint8Array {
  return bytesOf(
    '4500',
    be(20 + payload.length, 2),
    '0001 0000 40',
    be(protocol, 1),
    '0000 c0000201 c6336402',
    payload,
  );
}

export function udpPacket(port: number, payload: Uint8Array): Uint8Array {
  return ipPacket(17, bytesOf('c350', be(port, 2), be(8 + payload.length, 2), '0000', payload));
}

export function sctpPacket(
  chunks: readonly Uint8Array[],
  { source = 1001, destination = 1002, tag = 7 }: { source?: number; destination?: number; tag?: number } = {},
): Uint8Array {
  return ipPacket(132, bytesOf(be(source, 2), be(destination, 2), be(tag, 4), '00000000', ...chunks));
}

/** A message of M3UA with one of a user of MTP 3. */
export function m3uaMessage(service: number, payload: Uint8Array): Uint8Array {
  const padding = -payload.length & 3;
  return bytesOf(
    '01000101',
    be(24 + payload.length + padding, 4),
    '0210',
    be(16 + payload.length, 2),
    '00000101 00000202',
    be(service, 1),
    '020003',
    payload,
    new Uint8Array(padding),
  );
}

/** A unitdata message of SCCP between subsystems. */
export function unitdata(called: number, calling: number, data: Uint8Array): Uint8Array {
  return bytesOf('0900 03 05 07', '0242', be(called, 1), '0242', be(calling, 1), be(data.length, 1), data);
}

/** A message of TCAP that begins a dialogue with one invocation of operation 45. */
export const BEGIN = bytesOf('6210 4804 00000001 6c08 a106 020101 02012d');

/** A request of Diameter with the name of its sender. */
export const WATCHDOG = bytesOf(
  '01000024 80000118 00000000 00000001 00000002',
  '00000108 40000010',
  '6d6d652e74657374',
);
