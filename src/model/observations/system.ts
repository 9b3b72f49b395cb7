import { z } from 'zod';

/** A mount of the namespace from which the host was looked at. */
export const MountBody = z.object({
  kind: z.literal('mount'),
  mount: z.object({ point: z.string(), root: z.string(), type: z.string(), source: z.string(), options: z.string() }),
});

/** A systemd unit file, as far as it says what is started. */
export const UnitBody = z.object({
  kind: z.literal('unit'),
  unit: z.object({ name: z.string(), path: z.string(), key: z.string(), value: z.string() }),
});

/** A process that answers by its number and is in no listing; seen twice, so that one that just ended does not count. */
export const HiddenProcessBody = z.object({
  kind: z.literal('hidden_process'),
  hidden: z.object({ pid: z.number(), comm: z.string() }),
});

/** A process that waits in the kernel for packets, by the function of the kernel: packet_recvmsg, raw_recvmsg or rawv6_recvmsg. */
export const KernelWaitBody = z.object({
  kind: z.literal('kernel_wait'),
  wait: z.object({ pid: z.number(), function: z.string() }),
});

/** How far the numbers of processes were tried. */
export const PidSweepBody = z.object({
  kind: z.literal('pid_sweep'),
  sweep: z.object({ upTo: z.number(), pidMax: z.number() }),
});

/** An eBPF program: held by a process through a descriptor, or known only by its symbol in the kernel. */
export const BpfProgramBody = z.object({
  kind: z.literal('bpf_program'),
  program: z.object({
    /** Eight bytes in hexadecimal. */
    tag: z.string(),
    name: z.string(),
    /** bpf_prog_type of the kernel; 1 is a socket filter. */
    type: z.number().optional(),
    pid: z.number().optional(),
  }),
});
