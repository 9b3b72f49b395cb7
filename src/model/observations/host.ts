import { z } from 'zod';
import { maybe } from '../unseen.ts';

/** The host itself, as it tells of itself. */
export const HostBody = z.object({
  kind: z.literal('host'),
  about: z.object({
    hostname: z.string(),
    machineId: maybe(z.string()),
    kernelRelease: maybe(z.string()),
    /** NAME and VERSION of os-release(5). */
    os: maybe(z.string()),
    /** RFC 3339 UTC, to the second: btime of proc(5). */
    bootAt: maybe(z.string()),
    /** Effective user id of the look. */
    euid: maybe(z.number()),
    /** The shell of the look itself: it and what it started are no business of the rules. */
    lookPid: maybe(z.number()),
    pidMax: maybe(z.number()),
  }),
});
