import { z } from 'zod';
import { maybe } from '../unseen.ts';

/** A module of the kernel, as its two listings have it. */
export const KernelModuleBody = z.object({
  kind: z.literal('kernel_module'),
  module: z.object({
    name: z.string(),
    /** Whether /proc/modules lists it. */
    listed: maybe(z.boolean()),
    /** Whether it is loaded by /sys/module (`refcnt` or `initstate` there): what is built in has neither. */
    inSys: maybe(z.boolean()),
    sizeBytes: maybe(z.number()),
    /** Letters as /proc/modules prints them in brackets: O out of tree, E unsigned, P proprietary; empty for none. */
    taints: maybe(z.string()),
    /** Names of the modules that use it. */
    usedBy: maybe(z.array(z.string())),
    /** The file that modprobe would load it from. */
    path: maybe(z.string().nullable()),
  }),
});

/** What the kernel says of itself. */
export const KernelStateBody = z.object({
  kind: z.literal('kernel_state'),
  kernel: z.object({
    /** Bits of /proc/sys/kernel/tainted. @see Documentation/admin-guide/tainted-kernels.rst of Linux */
    taint: maybe(z.number()),
    /** core_pattern: where it begins with a bar, the program that gets core dumps. */
    corePattern: maybe(z.string()),
    /** The program that the kernel starts to load modules. */
    modprobe: maybe(z.string()),
    commandLine: maybe(z.string()),
  }),
});

/** A line of the kernel's own log that tells of a module, a taint or a fault. */
export const KernelMessageBody = z.object({
  kind: z.literal('kernel_message'),
  /** Seconds after boot. */
  message: z.object({ seconds: z.number().exactOptional(), text: z.string() }),
});
