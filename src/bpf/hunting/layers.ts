import { IPV4, IPV6, VLAN } from '../protocols.ts';

/** Parts of a packet that Suricata has a name for; `payload` is what is behind the transport header. */
export type Buffer = 'payload' | 'ipv4.hdr' | 'ipv6.hdr' | 'tcp.hdr' | 'udp.hdr' | 'icmpv4.hdr' | 'icmpv6.hdr';

/** What Suricata decodes of a frame. */
export interface Layers {
  readonly buffers: Readonly<Partial<Record<Buffer, Uint8Array>>>;
  readonly protocol: number | undefined;
  /** Source and destination, of protocols that have ports. */
  readonly ports: readonly [number, number] | undefined;
}

/** Extension headers of IPv6 that are passed over: hop-by-hop, routing, destination options. */
const PASSED: ReadonlySet<number> = new Set([0, 43, 60]);
const FRAGMENT = 44;
const NOTHING: Layers = { buffers: {}, protocol: undefined, ports: undefined };

/**
 * Takes an Ethernet frame apart as Suricata does: VLAN tags are passed over, padding is left out, fragments have no transport
 * header, and protocols other than TCP, UDP, SCTP and ICMP have no payload.
 *
 * @see DecodeIPV4() in src/decode-ipv4.c of Suricata, and the other decoders beside it
 */
export function layersOf(frame: Uint8Array): Layers {
  let at = 12;
  let type = wordAt(frame, at);
  for (let tags = 0; tags < 3 && VLAN.includes(type); tags++) {
    at += 4;
    type = wordAt(frame, at);
  }
  const packet = frame.subarray(at + 2);
  if (type === IPV4) return overIpv4(packet);
  return type === IPV6 ? overIpv6(packet) : NOTHING;
}

const wordAt = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

function overIpv4(packet: Uint8Array): Layers {
  const size = 4 * ((packet[0] ?? 0) & 15);
  const total = wordAt(packet, 2);
  if ((packet[0] ?? 0) >> 4 !== 4 || size < 20 || total < size || packet.length < total) return NOTHING;
  const header = { 'ipv4.hdr': packet.subarray(0, size) };
  const protocol = packet[9] ?? 0;
  if ((wordAt(packet, 6) & 0x3fff) !== 0) return { buffers: header, protocol, ports: undefined };
  return carried(protocol, packet.subarray(size, total), header);
}

function overIpv6(packet: Uint8Array): Layers {
  const total = 40 + wordAt(packet, 4);
  if (packet.length < total || (packet[0] ?? 0) >> 4 !== 6) return NOTHING;
  let next = packet[6] ?? 0;
  let at = 40;
  while (PASSED.has(next) && at + 8 <= total) {
    next = packet[at] ?? 0;
    at += 8 * ((packet[at + 1] ?? 0) + 1);
  }
  const header = { 'ipv6.hdr': packet.subarray(0, at) };
  if (next === FRAGMENT) return { buffers: header, protocol: next, ports: undefined };
  return carried(next, packet.subarray(at, total), header);
}

function carried(protocol: number, segment: Uint8Array, header: Layers['buffers']): Layers {
  const ports = [wordAt(segment, 0), wordAt(segment, 2)] as const;
  const split = (name: Buffer | undefined, size: number): Layers['buffers'] => ({
    ...header,
    ...(name === undefined ? {} : { [name]: segment.subarray(0, size) }),
    payload: segment.subarray(size),
  });
  const alone = { buffers: header, protocol, ports: undefined };
  switch (protocol) {
    case 1: {
      const size = 8 + (STAMPS.has(segment[0] ?? -1) && segment.length >= 20 ? 12 : 0);
      return segment.length < 8 || 'ipv6.hdr' in header ? alone : { ...alone, buffers: split('icmpv4.hdr', size) };
    }
    case 58:
      return segment.length < 8 || 'ipv4.hdr' in header ? alone : { ...alone, buffers: split('icmpv6.hdr', 8) };
    case 6: {
      const size = 4 * ((segment[12] ?? 0) >> 4);
      if (size < 20 || segment.length < size) return alone;
      return { buffers: split('tcp.hdr', size), protocol, ports };
    }
    case 17:
      return segment.length < 8 ? alone : { buffers: split('udp.hdr', 8), protocol, ports };
    case 132:
      return segment.length < 12 ? alone : { buffers: split(undefined, 12), protocol, ports };
    default:
      return alone;
  }
}

/** Messages of ICMP whose times count as part of the header. */
const STAMPS: ReadonlySet<number> = new Set([13, 14]);
