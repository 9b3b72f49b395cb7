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
