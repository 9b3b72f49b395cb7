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

/** What the host runs on, as its firmware and its kernel tell. */
export const MachineBody = z.object({
  kind: z.literal('machine'),
  machine: z.object({
    /** System manufacturer and product name of SMBIOS. */
    vendor: maybe(z.string()),
    product: maybe(z.string()),
    /** Chassis type of SMBIOS: 17 main server, 23 rack mount, 1 other, as hypervisors have it. */
    chassis: maybe(z.number()),
    /** Whether the processor says that a hypervisor is below; only x86 tells. */
    hypervisor: maybe(z.boolean()),
    /** The kind of container whose system this is: docker, podman, lxc, …; null for none. */
    container: maybe(z.string().nullable()),
  }),
});

const SelinuxMode = z.enum(['enforcing', 'permissive', 'disabled']);

/** The security modules of the kernel: what is set, and what holds now. */
export const SecurityModuleBody = z.object({
  kind: z.literal('security_module'),
  security: z.object({
    /** In the order in which the kernel asks them. */
    active: maybe(z.array(z.string())),
    selinux: maybe(SelinuxMode),
    /** As /etc/selinux/config has it for the next start. */
    selinuxConfigured: maybe(SelinuxMode),
    /** How many profiles of AppArmor there are, by mode. */
    apparmor: maybe(z.object({ enforcing: z.number(), complaining: z.number() })),
  }),
});
