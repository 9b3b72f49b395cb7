import { z } from 'zod';
import { maybe } from '../unseen.ts';

/** The inode of the first process-id namespace, fixed in the kernel (PROC_PID_INIT_INO). Within another one the processes outside of it are out of sight. */
export const FIRST_PID_NAMESPACE = 0xeffffffc;

/** One process, spelt as in proc(5). What could not be read is Unseen. */
export const Process = z.object({
  pid: z.number(),
  /** The number that it has within its own process-id namespace, where that is another one. */
  pidInside: z.number().exactOptional(),
  ppid: maybe(z.number()),
  /** Real user id. */
  uid: maybe(z.number()),
  /** Real group id. */
  gid: maybe(z.number()),
  /** Where a listing shows the arguments alone, the name that they give. */
  comm: z.string(),
  /** State letter of proc(5): R, S, D, Z, T, … */
  state: maybe(z.string()),
  /** Threads that run; a zombie with more than one is none. */
  threads: maybe(z.number()),
  /** The kernel's own flag for its threads (PF_KTHREAD): no file can forge it from user space. */
  kernelThread: z.boolean(),
  /** Session id and controlling terminal (0: none). */
  session: maybe(z.number()),
  tty: maybe(z.number()),
  /** Clock ticks after boot, 100 a second. */
  startTicks: maybe(z.number()),
  /** User and system time, clock ticks. */
  cpuTicks: maybe(z.number()),
  /** Arguments. An overwritten vector often is one string with blanks. */
  cmdline: maybe(z.array(z.string())),
  /** Path of the program, without the kernel's " (deleted)"; null for none (a kernel thread). */
  exe: maybe(z.string().nullable()),
  exeDeleted: maybe(z.boolean()),
  /** Device and inode of the program file, `major:minor:inode` or `device:inode` as stat(1) prints it. */
  exeFile: maybe(z.string()),
  exeSha256: maybe(z.string()),
  exeMd5: maybe(z.string()),
  cwd: maybe(z.string().nullable()),
  environ: maybe(z.record(z.string(), z.string())),
  /** Bytes of the environment; 0 is an empty one. */
  environBytes: maybe(z.number()),
  /** Inodes of the sockets it holds. */
  socketInodes: maybe(z.array(z.number())),
  /** Inodes of its namespaces. */
  netns: maybe(z.number()),
  mntns: maybe(z.number()),
  pidns: maybe(z.number()),
  /** Whether its root directory is that of the look: paths mean the same file only then. */
  sameRoot: maybe(z.boolean()),
  /** The systemd unit or container scope that its control group names. */
  unit: maybe(z.string().nullable()),
  /** Signals that it ignores, as the bit mask of proc(5), in hexadecimal. */
  sigIgn: maybe(z.string()),
});
export type Process = Readonly<z.infer<typeof Process>>;

export const ProcessBody = z.object({ kind: z.literal('process'), process: Process });
