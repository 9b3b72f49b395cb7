/** Linux looks no further than behind so many headers (MAX_FLOW_DISSECT_HDRS). */
const MOST_HEADERS = 15;

/** Bytes of the header of a transport; that of TCP says itself how long it is. */
const TRANSPORT_BYTES: Readonly<Record<number, number>> = {
  1: 8, // ICMP
  2: 8, // IGMP
  17: 8, // UDP
  33: 12, // DCCP
  58: 8, // ICMPv6
  132: 12, // SCTP
  136: 8, // UDP-Lite
};
const TCP = 6;
const TCP_BYTES = 20;

/** GRE, L2TP and MPLS over IP, which Linux looks into and we do not. */
const DEEPER_TRANSPORTS: readonly number[] = [47, 115, 137];

/** The same for EtherTypes: MPLS, PPPoE, TIPC, batman-adv, FCoE, PTP, PRP, HSR, CFM. */
const DEEPER_NETWORKS: readonly number[] = [
  0x8847, 0x8848, 0x8864, 0x88ca, 0x4305, 0x8906, 0x88f7, 0x88fb, 0x892f, 0x8902,
];

/** A place between two headers: the EtherType of what follows, or behind IP the number of a transport. */
interface Place {
  readonly at: number;
  readonly network?: number;
  readonly transport?: number;
  readonly version?: 4 | 6;
  /** The packet is a piece of another: Linux looks no further. */
  readonly piece?: 'first' | 'later';
}

/** What a header leads to; undefined for one that is cut short or wrong. */
type Step = (packet: Uint8Array, at: number) => Place | undefined;

/**
 * Where the payload of a packet begins, as the ancillary load `pay_offset` computes it: behind the header of the transport.
 * Tags and tunnels of IP in IP are entered. Of a later piece of a packet it is what follows IP.
 *
 * @param packet From what offset 0 is on the socket.
 * @param network Where the network header begins in it.
 * @param protocol EtherType of the network header.
 * @returns An offset in bytes, 0 for a packet that Linux makes nothing of; undefined where it looks deeper than we do.
 * @see __skb_get_poff() and __skb_flow_dissect() in net/core/flow_dissector.c of the Linux kernel
 */
export function payloadOffset(packet: Uint8Array, network: number, protocol: number): number | undefined {
  let place: Place = { at: network, network: protocol };
  for (let count = 0; count <= MOST_HEADERS && place.piece === undefined; count++) {
    const { at, network: type, transport = 0, version } = place;
    if (type === undefined ? DEEPER_TRANSPORTS.includes(transport) : DEEPER_NETWORKS.includes(type)) return undefined;
    const options = version === 6 ? OPTIONS[transport] : undefined;
    const step = type === undefined ? (options ?? TUNNELS[transport]) : NETWORKS[type];
    if (step === undefined && type === undefined) break;
    const next = step?.(packet, at);
    if (next === undefined) return 0;
    place = next;
    if (next.network === undefined && next.transport === undefined) break;
  }
  const start = Math.min(place.at, packet.length);
  return place.piece === 'later' ? start : start + transportBytes(packet, start, place.transport);
}

const ARP = 0x0806;
const RARP = 0x8035;

const vlan: Step = (packet, at) => (at + 4 > packet.length ? undefined : { at: at + 4, network: half(packet, at + 2) });

const NETWORKS: Readonly<Record<number, Step>> = {
  0x0800(packet, at) {
    const bytes = ((packet[at] ?? 0) & 15) * 4;
    if (at + 20 > packet.length || bytes < 20) return undefined;
    const fragment = half(packet, at + 6) & 0x3fff;
    const piece = fragment === 0 ? undefined : (fragment & 0x1fff) === 0 ? 'first' : 'later';
    return { at: at + bytes, transport: packet[at + 9] ?? 0, version: 4, ...(piece && { piece }) };
  },
  0x86dd: (packet, at) =>
    at + 40 > packet.length ? undefined : { at: at + 40, transport: packet[at + 6] ?? 0, version: 6 },
  0x8100: vlan,
  0x88a8: vlan,
  [ARP]: (_, at) => ({ at }),
  [RARP]: (_, at) => ({ at }),
};

const TUNNELS: Readonly<Record<number, Step>> = {
  4: (_, at) => ({ at, network: 0x0800 }),
  41: (_, at) => ({ at, network: 0x86dd }),
};

/** A header of IPv6 that says its length in units of 8 bytes, the first not counted. */
const option: Step = (packet, at) =>
  at + 2 > packet.length
    ? undefined
    : { at: at + ((packet[at + 1] ?? 0) + 1) * 8, transport: packet[at] ?? 0, version: 6 };

const OPTIONS: Readonly<Record<number, Step>> = {
  0: option, // hop by hop
  43: option, // routing
  60: option, // destination
  44: (packet, at) =>
    at + 8 > packet.length
      ? undefined
      : {
          at: at + 8,
          transport: packet[at] ?? 0,
          piece: (half(packet, at + 2) & 0xfff8) === 0 ? 'first' : 'later',
        },
};

function transportBytes(packet: Uint8Array, at: number, transport: number | undefined): number {
  if (transport !== TCP) return TRANSPORT_BYTES[transport ?? -1] ?? 0;
  const words = packet[at + 12];
  return words === undefined ? 0 : Math.max(TCP_BYTES, (words & 0xf0) >> 2);
}

function half(packet: Uint8Array, at: number): number {
  return ((packet[at] ?? 0) << 8) | (packet[at + 1] ?? 0);
}
