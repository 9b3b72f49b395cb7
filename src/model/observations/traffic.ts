import { z } from 'zod';

/**
 * Something that happened on the wire and that may matter: an activation, a rhythm, a tunnel, an oddity of a protocol. Its
 * name says what; rules judge it by what was measured.
 */
export const NetworkEventBody = z.object({
  kind: z.literal('network_event'),
  event: z.object({
    /** Such as `activation` or `gtp-echo-content`. */
    name: z.string(),
    /** In one sentence. */
    text: z.string(),
    /** Address of the machine that it is about: the one that was woken, the one that beacons. */
    host: z.string(),
    /** The other one. */
    peer: z.string(),
    srcPort: z.number().exactOptional(),
    dstPort: z.number().exactOptional(),
    /** Under Wireshark's name. */
    protocol: z.string(),
    /** The layers in which it lies, under Wireshark's names with slashes between. */
    path: z.string(),
    /** RFC 3339 UTC. */
    first: z.string(),
    last: z.string(),
    /** What was measured of it. */
    measures: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
    /** The frames on which it rests, in their order; the first ones, where they are many. */
    frames: z.array(
      z.object({
        /** Number in the capture, from 1. */
        frame: z.number(),
        /** Byte of the unpacked capture at which what matters begins. */
        offset: z.number(),
        at: z.string(),
        text: z.string(),
      }),
    ),
    /** Selects these frames in Wireshark and tshark. */
    filter: z.string(),
  }),
});

/** Services that records are made of. The names are those of Zeek's logs, but for `tftp` and `tacacs`, of which it has none. */
export const WIRE_SERVICES = [
  'conn',
  'dns',
  'http',
  'ssl',
  'x509',
  'ssh',
  'smtp',
  'snmp',
  'radius',
  'ntp',
  'tftp',
  'tacacs',
] as const;
export type WireService = (typeof WIRE_SERVICES)[number];

/** What was said on the wire, put together from packets as Zeek's logs have it: a request with its answer, a greeting, a flow. */
export const WireRecordBody = z.object({
  kind: z.literal('wire_record'),
  wire: z.object({
    service: z.enum(WIRE_SERVICES),
    /** Who began, and whom it called. */
    host: z.string(),
    peer: z.string(),
    srcPort: z.number(),
    dstPort: z.number(),
    /** Of the transport, under Wireshark's name. */
    protocol: z.string(),
    /** Under Zeek's names (`id.orig_h`, `query`, `user_agent`), and some beside them. */
    fields: z.record(
      z.string(),
      z.union([z.number(), z.string(), z.boolean(), z.array(z.union([z.number(), z.string()]))]),
    ),
    /** In one line, for people. */
    text: z.string(),
    /** The frames on which it rests: the first that said it, and the last. */
    frames: z.array(z.object({ frame: z.number(), offset: z.number(), at: z.string() })),
  }),
});
