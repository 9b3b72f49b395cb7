import { concat } from '../lib/bytes.ts';
import { be, ethernet, ip4, tcp, TCP, udp, type MadeFrame } from './wire.ts';

/** A side of a made-up conversation; an address with colons is of IPv6. */
export type End = readonly [address: string, port: number];

/** What is said: seconds after the beginning, by whom, and what. */
export type Saying = readonly [after: number, by: 'client' | 'server', text: string | Uint8Array];

/** Puts a network packet into a frame; Ethernet, unless a test wants it deeper. */
export type Wrap = (packet: Uint8Array, version: 4 | 6) => Uint8Array;

const onEthernet: Wrap = (packet, version) => ethernet(version === 4 ? 0x0800 : 0x86dd, packet);

/** In a VLAN. */
export const inVlan: Wrap = (packet, version) =>
  ethernet(0x8100, concat([be(16, 42, version === 4 ? 0x0800 : 0x86dd), packet]));

/** In a tunnel of GTP-U between two nodes. */
export const inGtp: Wrap = (packet) => {
  const tunnel = concat([be(8, 0x30, 255), be(16, packet.length), be(32, 7), packet]);
  return ethernet(0x0800, ip4({ src: '10.9.9.1', dst: '10.9.9.2', protocol: 17 }, udp(2152, 2152, tunnel)));
};

/** A network packet of either version. */
export function packetOf(src: string, dst: string, protocol: number, payload: Uint8Array): [Uint8Array, 4 | 6] {
  if (!src.includes(':')) return [ip4({ src, dst, protocol }, payload), 4];
  const header = concat([be(32, 0x60000000), be(16, payload.length), be(8, protocol, 64)]);
  return [concat([header, address6(src), address6(dst), payload]), 6];
}

/** A whole session of TCP, from its beginning to its end. */
export function tcpSession(
  at: number,
  client: End,
  server: End,
  sayings: readonly Saying[],
  { wrap = onEthernet, close = true }: { wrap?: Wrap; close?: boolean } = {},
): MadeFrame[] {
  const frame = (after: number, from: End, to: End, flags: number, data?: Uint8Array): MadeFrame => ({
    at: at + after,
    bytes: wrap(...packetOf(from[0], to[0], 6, tcp(from[1], to[1], { flags }, data))),
  });
  const last = sayings.at(-1)?.[0] ?? 0;
  return [
    frame(0, client, server, TCP.syn),
    frame(0.01, server, client, TCP.syn | TCP.ack),
    frame(0.02, client, server, TCP.ack),
    ...sayings.map(([after, by, text]) => {
      const [from, to] = by === 'client' ? [client, server] : [server, client];
      return frame(after, from, to, TCP.ack | TCP.psh, bytesOf(text));
    }),
    ...(close
      ? [frame(last + 0.01, client, server, TCP.ack | TCP.fin), frame(last + 0.02, server, client, TCP.ack | TCP.fin)]
      : []),
  ];
}

/** A datagram. */
export function datagram(at: number, from: End, to: End, text: string | Uint8Array, wrap = onEthernet): MadeFrame {
  return { at, bytes: wrap(...packetOf(from[0], to[0], 17, udp(from[1], to[1], bytesOf(text)))) };
}

/** The answer of a name server: one name of one address. */
export function dnsAnswer(at: number, client: string, server: string, address: string): MadeFrame {
  const name = concat([be(8, 3), bytesOf('www'), be(8, 7), bytesOf('example'), be(8, 3), bytesOf('org'), be(8, 0)]);
  const data = address.includes(':') ? address6(address) : Uint8Array.from(address.split('.').map(Number));
  const type = data.length === 4 ? 1 : 28;
  const record = concat([be(16, 0xc00c, type, 1), be(32, 60), be(16, data.length), data]);
  const message = concat([be(16, 7, 0x8180, 1, 1, 0, 0), name, be(16, type, 1), record]);
  return datagram(at, [server, 53], [client, 40_053], message);
}

export function inOrder(frames: readonly MadeFrame[]): MadeFrame[] {
  return frames.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0));
}

/** Numbers from 0 to 1 that are the same on every run. */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
}

function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === 'string' ? Uint8Array.from(text, (letter) => letter.charCodeAt(0)) : text;
}

/** Without `::`. */
function address6(text: string): Uint8Array {
  return be(16, ...text.split(':').map((group) => Number.parseInt(group, 16)));
}
