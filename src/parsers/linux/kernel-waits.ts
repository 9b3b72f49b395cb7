import { defineParser } from '../../model/parser.ts';
import { denialsIn, perProcess } from '../../snapshot/per-process.ts';

/** A frame: an address that the kernel may hide, the function, the offset in it and its size. */
const FRAME = /^\[<[0-9a-f]+>\] ((?:packet|raw|rawv6)_recvmsg)\+0x/;

/**
 * Processes that wait in the kernel for packets of a packet or raw socket. Of a stack only the frames with `sys` in them are
 * asked for beside, so that one that was read shows something.
 *
 * @see proc_pid_stack() in fs/proc/base.c of the Linux kernel
 */
export const kernelWaits = defineParser({
  id: 'linux/kernel-waits',
  summary: 'Processes that wait in the kernel for packets of a packet or raw socket.',
  reads: ['/proc/*/stack'],
  beside: ['/proc/*/stat'],
  yields: ['kernel_wait'],
  *parse(artifact, beside) {
    const all = perProcess(artifact);
    for (const [pid, { raw, offset, line }] of all.files) {
      const functions = new Set(raw.split('\n').flatMap((frame) => FRAME.exec(frame)?.slice(1, 2) ?? []));
      for (const name of functions)
        yield { body: { kind: 'kernel_wait', wait: { pid, function: name } }, at: { offset, line } };
    }
    const listed = beside('/proc/*/stat');
    const total = listed ? perProcess(listed).files.size : all.files.size + all.refused.size;
    yield* denialsIn(artifact.name, all, total);
    if (all.files.size === 0 && all.refused.size === 0)
      yield { gap: 'unsupported', artifact: artifact.name, detail: 'the kernel shows no stack', missing: 1 };
  },
});
