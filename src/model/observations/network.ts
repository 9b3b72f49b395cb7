import { z } from 'zod';
import { maybe } from '../unseen.ts';

/** A rule that lets packets pass, drops them or sends them elsewhere, as iptables-save or nft print it. */
export const FirewallRuleBody = z.object({
  kind: z.literal('firewall_rule'),
  rule: z.object({
    /** Inode of its network namespace. */
    netns: maybe(z.number()),
    family: z.string(),
    table: z.string(),
    chain: z.string(),
    /** Where the kernel asks the chain: prerouting, input, forward, output, postrouting, ingress; none for one that others jump to. */
    hook: z.string().exactOptional(),
    action: z.enum(['accept', 'drop', 'redirect', 'dnat', 'snat', 'other']),
    /** Sources that it is for, as they stand there; empty for all. */
    sources: z.array(z.string()),
    protocol: z.string().exactOptional(),
    /** Destination ports that it is for; empty for all. */
    ports: z.array(z.tuple([z.number(), z.number()])),
    /** Where packets are sent to: address and port, as far as they are said. */
    toAddress: z.string().exactOptional(),
    toPort: z.number().exactOptional(),
    /** The rule as it stands there. */
    text: z.string(),
  }),
});

/** What the kernel remembers of a connection. @see conntrack(8) */
export const ConntrackFlowBody = z.object({
  kind: z.literal('conntrack_flow'),
  flow: z.object({
    netns: maybe(z.number()),
    protocol: z.string(),
    state: z.string().exactOptional(),
    /** As the first packet had it. */
    original: z.object({
      src: z.string(),
      dst: z.string(),
      srcPort: z.number().exactOptional(),
      dstPort: z.number().exactOptional(),
    }),
    /** As the answer is expected: unlike the original where addresses or ports are translated. */
    reply: z.object({
      src: z.string(),
      dst: z.string(),
      srcPort: z.number().exactOptional(),
      dstPort: z.number().exactOptional(),
    }),
  }),
});

/** How many sockets of a family the kernel counts, beside how many its table lists. */
export const SocketCountBody = z.object({
  kind: z.literal('socket_count'),
  count: z.object({
    /** As /proc/net/protocols or /proc/net/sockstat name it: PACKET, RAW, TCP, SCTP, … */
    protocol: z.string(),
    counted: z.number(),
    listed: maybe(z.number()),
    netns: z.number(),
  }),
});

/** A way that packets take. */
export const RouteBody = z.object({
  kind: z.literal('route'),
  route: z.object({
    netns: z.number(),
    destination: z.string(),
    prefix: z.number(),
    /** Whom packets are handed to; null where the destination is on the link. */
    gateway: z.string().nullable(),
    interface: z.string(),
    metric: z.number(),
    /** Packets are refused. */
    rejects: z.boolean(),
  }),
});

/** An IPv4 neighbour on a link. */
export const NeighbourBody = z.object({
  kind: z.literal('neighbour'),
  neighbour: z.object({
    netns: z.number(),
    address: z.string(),
    hardware: z.string(),
    interface: z.string(),
    /** Somebody set it, so that no answer changes it. */
    fixed: z.boolean(),
  }),
});
