import { concat } from '../lib/bytes.ts';

/** A frame of a made-up capture. */
export interface MadeFrame {
  readonly bytes: Uint8Array;
  /** Seconds since 1970. */
  readonly at?: number;
  /** Bytes on the wire, where the capture kept less. */
  readonly wire?: number;
}

/** Numbers as bytes, most significant first: `be(16, 0x0800)`. */
export function be(bits: 8 | 16 | 24 | 32, ...values: readonly number[]): Uint8Array {
  const bytes = bits / 8;
  return Uint8Array.from(
    values.flatMap((value) =>
      Array.from({ length: bytes }, (_, index) => Math.floor(value / 2 ** (8 * (bytes - 1 - index))) & 255),
    ),
  );
}

export function le(bits: 16 | 32, ...values: readonly number[]): Uint8Array {
  return concat(values.map((value) => be(bits, value).reverse()));
}

/** A capture of libpcap's format, with little-endian numbers and microseconds. */
export function pcap(frames: readonly MadeFrame[], link = 1): Uint8Array {
  const records = frames.map(({ bytes, at = 0, wire = bytes.length }) => {
    const seconds = Math.floor(at);
    return concat([le(32, seconds, Math.round((at - seconds) * 1e6), bytes.length, wire), bytes]);
  });
  return concat([le(32, 0xa1b2c3d4), le(16, 2, 4), le(32, 0, 0, 262_144, link), ...records]);
}

/** An Ethernet frame between two hosts of documentation. */
export function ethernet(type: number, payload: Uint8Array): Uint8Array {
  return concat([be(16, 0x0000, 0x5e00, 0x5302, 0x0000, 0x5e00, 0x5301, type), payload]);
}

export function address(text: string): Uint8Array {
  return Uint8Array.from(text.split('.').map(Number));
}

export interface Ip4 {
  readonly src: string;
  readonly dst: string;
  readonly protocol: number;
  readonly id?: number;
  /** Bytes before this fragment, and whether more follow. */
  readonly offset?: number;
  readonly more?: boolean;
}

export function ip4({ src, dst, protocol, id = 1, offset = 0, more = false }: Ip4, payload: Uint8Array): Uint8Array {
  return concat([
    be(8, 0x45, 0),
    be(16, 20 + payload.length, id, (more ? 0x2000 : 0) | (offset / 8)),
    be(8, 64, protocol),
    be(16, 0),
    address(src),
    address(dst),
    payload,
  ]);
}

export function udp(srcPort: number, dstPort: number, payload: Uint8Array): Uint8Array {
  return concat([be(16, srcPort, dstPort, 8 + payload.length, 0), payload]);
}

/** Flags of TCP as bits. */
export const TCP = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32 } as const;

export interface Tcp {
  readonly flags: number;
  readonly seq?: number;
  readonly ack?: number;
  readonly urgent?: number;
  readonly window?: number;
  readonly options?: Uint8Array;
}

export function tcp(
  srcPort: number,
  dstPort: number,
  { flags, seq = 1, ack = 0, urgent = 0, window = 65_535, options = new Uint8Array() }: Tcp,
  payload: Uint8Array = new Uint8Array(),
): Uint8Array {
  return concat([
    be(16, srcPort, dstPort),
    be(32, seq, ack),
    be(8, ((20 + options.length) / 4) << 4, flags),
    be(16, window, 0, urgent),
    options,
    payload,
  ]);
}

/** ICMP with its type, code, and the two numbers of an echo. */
export function icmp(type: number, code: number, id: number, sequence: number, payload: Uint8Array): Uint8Array {
  return concat([be(8, type, code), be(16, 0, id, sequence), payload]);
}

/** A whole Ethernet frame with a TCP segment, and so on. */
export function tcpFrame(
  [src, srcPort]: readonly [string, number],
  [dst, dstPort]: readonly [string, number],
  segment: Tcp,
  payload?: Uint8Array,
): Uint8Array {
  return ethernet(0x0800, ip4({ src, dst, protocol: 6 }, tcp(srcPort, dstPort, segment, payload)));
}

export function udpFrame(
  [src, srcPort]: readonly [string, number],
  [dst, dstPort]: readonly [string, number],
  payload: Uint8Array,
): Uint8Array {
  return ethernet(0x0800, ip4({ src, dst, protocol: 17 }, udp(srcPort, dstPort, payload)));
}
