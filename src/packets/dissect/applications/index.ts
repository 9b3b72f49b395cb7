import { u16 } from '../../../lib/endian.ts';
import type { Dissector, Step } from '../dissector.ts';
import { P } from '../protocols.ts';
import { TCP_SIGNALLING, UDP_SIGNALLING } from '../signalling/index.ts';
import type { Steps } from '../steps.ts';
import type { Connection } from '../streams/talk.ts';
import { Streams } from '../streams/streams.ts';
import type { StreamReader, Talk } from '../streams/talk.ts';
import { TUNNEL_PORTS } from '../tunnels.ts';
import { datagramSteps, TACACS } from './datagrams.ts';
import { DNS_OVER_TCP, looksLikeDns } from './dns.ts';
import { readFramed } from './framed.ts';
import { looksLikeHttp } from './http-head.ts';
import { readHttp } from './http.ts';
import { looksLikeQuic, quic } from './quic.ts';
import { readSmtp } from './smtp.ts';
import { readSsh } from './ssh.ts';
import { handshakeIn, looksLikeTls, looksLikeZero, readTls } from './tls.ts';

const on = (ports: readonly number[], reader: StreamReader): (readonly [number, StreamReader])[] =>
  ports.map((port) => [port, reader]);

/** Who reads the streams of a port. */
const TCP_READERS: ReadonlyMap<number, StreamReader> = new Map([
  ...on([80, 631, 1900, 2710, 2869, 3128, 3132, 3689, 5985, 8080, 8088, 11371], readHttp),
  ...on([324, 443, 465, 636, 802, 853, 993, 995, 1300, 2221, 2443, 3249, 3250, 3251, 3252, 3496], readTls),
  ...on([5061, 5671, 5684, 5868, 8883, 11207, 19999, 27017], readTls),
  ...on([53, 5353], readFramed(DNS_OVER_TCP)),
  ...on([22, 29418], readSsh),
  ...on([25, 587], readSmtp),
  ...on([49], readFramed(TACACS)),
  ...[...TCP_SIGNALLING].map(([port, framed]) => [port, readFramed(framed)] as const),
]);

/** Who knows a stream by its beginning, on whatever port. */
const BY_CONTENT: readonly (readonly [(bytes: Uint8Array, at: number, end: number) => boolean, StreamReader])[] = [
  [looksLikeZero, (d) => (d.enterUnknown(), true)],
  [looksLikeTls, readTls],
  [looksLikeHttp, readHttp],
];

/** Ports of protocols that are none of those told apart here, and begin TLS inside of a connection. */
const UPGRADED: ReadonlySet<number> = new Set([21, 110, 119, 143, 389, 3306, 3389, 4190, 5222, 5269, 5432]);

/** Those that take whatever comes, by themselves. */
const OTHERS: ReadonlySet<number> = new Set([
  ...UPGRADED,
  ...[
    20, 23, 70, 79, 88, 102, 111, 113, 139, 179, 194, 427, 445, 512, 513, 514, 515, 554, 873, 1080, 1433, 1521, 1723,
    1883,
  ],
  ...[1935, 2049, 4222, 5060, 5672, 5900, 6379, 6667, 8009, 9092, 9418, 11211],
]);

/** Multicast names and services of hosts beside each other, names of NetBIOS: like DNS, and not it. */
const NOT_DNS: ReadonlySet<number> = new Set([137, 1900, 5353, 5355]);

const UDP_PORTS: ReadonlyMap<number, number> = new Map([
  ...TUNNEL_PORTS,
  ...UDP_SIGNALLING,
  [53, P.dns],
  [4754, P.gre],
  [123, P.ntp],
  [161, P.snmp],
  [162, P.snmp],
  [8161, P.snmp],
  [1645, P.radius],
  [1646, P.radius],
  [1700, P.radius],
  [1812, P.radius],
  [1813, P.radius],
  [3799, P.radius],
]);

const UDP = 17;

function readPayload(d: Dissector, talk: Talk): void {
  const { connection, source, destination } = talk;
  const { at, limit, bytes } = d;
  if (connection.reader?.(d, talk) === true) return;
  const low = Math.min(source, destination);
  for (const port of [connection.server, low, source + destination - low])
    if (TCP_READERS.get(port)?.(d, talk) === true) return;
  if (OTHERS.has(connection.server) || OTHERS.has(low)) {
    const begins = handshakeIn(bytes, at, limit) !== undefined && UPGRADED.has(low);
    if (begins && readTls(d, talk)) connection.reader = readTls;
    else d.enterUnknown();
    return;
  }
  for (const [looks, reader] of BY_CONTENT) {
    if (!looks(bytes, at, limit) || !reader(d, talk)) continue;
    connection.reader = reader;
    return;
  }
  d.enterUnknown();
}

/** Messages that quote the packet they are about: unreachable, quench, redirect, time exceeded, parameter. */
const ICMP_QUOTING: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);
const ICMPV6_QUOTING: ReadonlySet<number> = new Set([1, 2, 3, 4]);

/** What is read above the transports, for one capture: it keeps what connections brought so far. */
export class Applications {
  readonly streams = new Streams(readPayload);

  /** Protocols of applications, and those of networks that carry them in quotations. */
  readonly steps: Steps = {
    ...datagramSteps,
    quic,
    icmp: this.#quoting(P.icmp, ICMP_QUOTING),
    icmpv6: this.#quoting(P.icmpv6, ICMPV6_QUOTING),
  };

  tcp(d: Dissector, header: number): number {
    this.streams.take(d, header);
    return 0;
  }

  udp(d: Dissector, source: number, destination: number): number {
    return this.#datagram(d, source, destination, this.streams.connectionOf(d, source, destination, UDP));
  }

  #datagram(d: Dissector, source: number, destination: number, connection: Connection | undefined): number {
    if (connection !== undefined && connection.protocol !== 0) return connection.protocol;
    const low = Math.min(source, destination);
    const high = source + destination - low;
    const known = UDP_PORTS.get(low) ?? UDP_PORTS.get(high);
    if (known !== undefined) return known;
    const { bytes, at, limit } = d;
    if (connection !== undefined && looksLikeQuic(bytes, at, limit)) {
      connection.protocol = P.quic;
      return P.quic;
    }
    if (!NOT_DNS.has(low) && !NOT_DNS.has(high) && looksLikeDns(bytes, at, limit)) return P.dns;
    d.enterUnknown();
    return 0;
  }

  /** The datagram that a message is about belongs to it, but what it carries is read as ever. */
  #quoting(protocol: number, types: ReadonlySet<number>): Step {
    return (d) => {
      const { bytes, at } = d;
      const quotes = d.left >= 8 && types.has(bytes[at]!);
      d.enterTransport(protocol, Math.min(8, d.left));
      const payload = quotes ? quotedDatagram(bytes, d.at, d.limit) : 0;
      if (payload === 0) return 0;
      const start = d.at;
      d.at = payload;
      const [source, destination] = [u16(bytes, payload - 8), u16(bytes, payload - 6)];
      return this.#datagram(d, source, destination, this.streams.connectionIn(bytes, start, source, destination, UDP));
    };
  }
}

/** Where the payload of a quoted datagram begins; 0 where none is quoted, or only its end. */
function quotedDatagram(bytes: Uint8Array, at: number, end: number): number {
  const four = at < end && bytes[at]! >> 4 === 4;
  const header = four ? 4 * (bytes[at]! & 15) : 40;
  if (at + header + 8 >= end || (!four && bytes[at]! >> 4 !== 6)) return 0;
  if (bytes[at + (four ? 9 : 6)] !== UDP || (four && (u16(bytes, at + 6) & 0x1fff) !== 0)) return 0;
  return at + header + 8;
}
