import { internetChecksum, wordSum } from './checksum.ts';

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const TAGS: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100]);
/** Where the checksum stands in a transport header, and whether a pseudo header counts. */
const CHECKSUMS: Readonly<Record<number, { readonly at: number; readonly pseudo: boolean }>> = {
  1: { at: 2, pseudo: false },
  2: { at: 2, pseudo: false },
  6: { at: 16, pseudo: true },
  17: { at: 6, pseudo: true },
  58: { at: 2, pseudo: true },
};

/**
 * Fills in the lengths and checksums of IPv4, IPv6, UDP, TCP, ICMP and ICMPv6 headers, in place.
 *
 * @param networkAt Where the network header begins; behind VLAN tags it is found by itself.
 * @param type EtherType of what begins there; by the version nibble when it is not given.
 * @param free Whether the bytes from `at` on, `size` of them, may be written.
 */
export function completeHeaders(
  packet: Uint8Array,
  networkAt: number,
  type: number | undefined,
  free: (at: number, size: number) => boolean,
): void {
  const put = (at: number, value: number): void => {
    if (at + 2 > packet.length || !free(at, 2)) return;
    packet[at] = value >> 8;
    packet[at + 1] = value & 0xff;
  };
  let start = networkAt;
  let known = type;
  while (known !== undefined && TAGS.has(known) && start + 4 <= packet.length) {
    known = (packet[start + 2]! << 8) | packet[start + 3]!;
    start += 4;
  }
  const version = (packet[start] ?? 0) >> 4;
  if (known === IPV4 || (known === undefined && version === 4)) {
    const header = 4 * ((packet[start] ?? 0) & 15);
    if (header < 20 || start + header > packet.length) return;
    put(start + 2, packet.length - start);
    put(start + 10, 0);
    put(start + 10, internetChecksum(packet, start, start + header));
    const later = (((packet[start + 6]! << 8) | packet[start + 7]!) & 0x1fff) !== 0;
    if (!later) transport(packet, start + header, packet[start + 9]!, wordSum(packet, start + 12, start + 20), put);
  } else if (known === IPV6 || (known === undefined && version === 6)) {
    if (start + 40 > packet.length) return;
    put(start + 4, packet.length - start - 40);
    transport(packet, start + 40, packet[start + 6]!, wordSum(packet, start + 8, start + 40), put);
  }
}

function transport(
  packet: Uint8Array,
  at: number,
  protocol: number,
  addresses: number,
  put: (at: number, value: number) => void,
): void {
  const size = packet.length - at;
  if (protocol === 17) put(at + 4, size);
  const checksum = CHECKSUMS[protocol];
  if (checksum === undefined || size < checksum.at + 2) return;
  put(at + checksum.at, 0);
  const sum = internetChecksum(packet, at, packet.length, checksum.pseudo ? addresses + protocol + size : 0);
  put(at + checksum.at, protocol === 17 && sum === 0 ? 0xffff : sum);
}
