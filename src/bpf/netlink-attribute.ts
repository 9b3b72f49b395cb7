/** Bytes of a `struct nlattr`: u16 length with this header, u16 type, in the byte order of the host. */
const HEADER_BYTES = 4;

/** The two highest bits of a type are flags (NLA_F_NESTED, NLA_F_NET_BYTEORDER). */
const TYPE_BITS = 0x3fff;

/**
 * Where the first netlink attribute of a type begins, as the ancillary load `nlattr` finds it.
 *
 * @param packet A netlink message of a little-endian host.
 * @param start Where the attributes begin (register A).
 * @param type Which one is sought (register X).
 * @returns The offset in bytes from the start of the packet; 0 when it is not there.
 * @see bpf_skb_get_nlattr() in net/core/filter.c and nla_find() in lib/nlattr.c of the Linux kernel
 */
export function netlinkAttribute(packet: Uint8Array, start: number, type: number): number {
  return start + HEADER_BYTES > packet.length ? 0 : find(packet, start, packet.length, type);
}

/** As `netlinkAttribute`, among the attributes inside the one that begins at `start`: the ancillary load `nlattr_nest`. */
export function nestedNetlinkAttribute(packet: Uint8Array, start: number, type: number): number {
  if (start + HEADER_BYTES > packet.length) return 0;
  const size = half(packet, start);
  // The kernel does not mind a size below that of the header: the size of its content is then negative, and nothing is found.
  return start + size > packet.length ? 0 : find(packet, start + HEADER_BYTES, start + size, type);
}

function find(packet: Uint8Array, start: number, end: number, type: number): number {
  for (let at = start; at + HEADER_BYTES <= end;) {
    const size = half(packet, at);
    if (size < HEADER_BYTES || at + size > end) return 0;
    if ((half(packet, at + 2) & TYPE_BITS) === type) return at;
    at += (size + 3) & ~3;
  }
  return 0;
}

function half(packet: Uint8Array, at: number): number {
  return (packet[at] ?? 0) | ((packet[at + 1] ?? 0) << 8);
}
