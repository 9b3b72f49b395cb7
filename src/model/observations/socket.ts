import { z } from 'zod';
import { maybe } from '../unseen.ts';

/** An AF_PACKET socket. */
export const PacketSocket = z.object({
  /** 3 is SOCK_RAW, 2 SOCK_DGRAM. */
  type: maybe(z.number()),
  /** The EtherType it is bound to: 0x0003 is every frame, 0x0800 IPv4. */
  protocol: maybe(z.number()),
  /** 0 is all interfaces. */
  ifindex: maybe(z.number()),
  uid: maybe(z.number()),
  /** One above 2^43 stands for a socket whose inode no listing shows, by process and descriptor; 0 for one of which not even those are known. */
  inode: z.number(),
  /** Inode of its network namespace. */
  netns: z.number(),
});
export type PacketSocket = Readonly<z.infer<typeof PacketSocket>>;
export const PacketSocketBody = z.object({ kind: z.literal('packet_socket'), socket: PacketSocket });

/** A socket of the internet families. */
export const InetSocket = z.object({
  protocol: z.enum(['tcp', 'udp', 'udplite', 'raw', 'icmp', 'sctp']),
  version: z.union([z.literal(4), z.literal(6)]),
  localAddress: z.string(),
  /** For a raw socket the IP protocol number. */
  localPort: z.number(),
  remoteAddress: z.string(),
  remotePort: z.number(),
  /** tcp_states of the kernel: 10 is LISTEN, 1 ESTABLISHED, 7 CLOSE (an unconnected UDP socket). */
  state: z.number(),
  uid: maybe(z.number()),
  inode: z.number(),
  netns: z.number(),
});
export type InetSocket = Readonly<z.infer<typeof InetSocket>>;
export const InetSocketBody = z.object({ kind: z.literal('inet_socket'), socket: InetSocket });

/** An AF_UNIX socket. */
export const UnixSocket = z.object({
  /** 1 is SOCK_STREAM, 2 SOCK_DGRAM, 5 SOCK_SEQPACKET. */
  type: z.number(),
  /** 1 is unconnected, 3 connected. */
  state: z.number(),
  inode: z.number(),
  /** Path it is bound to, `@…` for an abstract name; null for none. */
  path: z.string().nullable(),
  netns: z.number(),
});
export type UnixSocket = Readonly<z.infer<typeof UnixSocket>>;
export const UnixSocketBody = z.object({ kind: z.literal('unix_socket'), socket: UnixSocket });

/** What filters the packets of one socket. */
export const SocketFilter = z.object({
  inode: z.number(),
  /** `classic` with its instructions, `ebpf` whose program the kernel does not show, or `none`. */
  type: z.enum(['classic', 'ebpf', 'none']),
  /** [code, jt, jf, k] each. */
  instructions: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])),
  /** The process through which it was read, where that is known. */
  pid: z.number().optional(),
  /** How it was read: printed by ss, or by SO_GET_FILTER on a duplicate of the descriptor. */
  by: z.enum(['ss', 'getsockopt']),
});
export type SocketFilter = Readonly<z.infer<typeof SocketFilter>>;
export const SocketFilterBody = z.object({ kind: z.literal('socket_filter'), filter: SocketFilter });
