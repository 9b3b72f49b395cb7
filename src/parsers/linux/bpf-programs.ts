import { linesOf } from '../../lib/lines.ts';
import { defineParser } from '../../model/parser.ts';
import { mayLookIntoOthers } from './privilege.ts';

/** eBPF programs that processes hold through descriptors. @see bpf_prog_show_fdinfo() in kernel/bpf/syscall.c */
export const bpfHeld = defineParser({
  id: 'linux/bpf-held',
  summary: 'eBPF programs from the descriptors of processes.',
  reads: ['command/bpf-held'],
  beside: ['/proc/self/status'],
  yields: ['bpf_program'],
  *parse(artifact, beside) {
    let open: { pid: number; type: number; key: string } | undefined;
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const [, pid, fd, key, value] = /^(\d{1,10})\/fdinfo\/(\d{1,10}):(\w+):\s*(\S*)/.exec(text) ?? [];
      if (pid === undefined || value === undefined) continue;
      if (key === 'prog_type')
        open = /^\d{1,5}$/.test(value) ? { pid: Number(pid), type: Number(value), key: `${pid}/${fd}` } : undefined;
      else if (key === 'prog_tag' && open?.key === `${pid}/${fd}` && /^[0-9a-f]{16}$/.test(value)) {
        yield {
          body: { kind: 'bpf_program', program: { tag: value, name: '', type: open.type, pid: open.pid } },
          at: { offset, line: number },
        };
      }
    }
    if (!mayLookIntoOthers(beside('/proc/self/status')))
      yield { gap: 'denied', artifact: artifact.name, detail: "other users' descriptors", missing: 1 };
  },
});

/** eBPF programs by their symbols, `bpf_prog_TAG_NAME`: also those that nobody holds. */
export const bpfSymbols = defineParser({
  id: 'linux/bpf-symbols',
  summary: 'eBPF programs from the symbols of the kernel.',
  reads: ['command/bpf-symbols'],
  yields: ['bpf_program'],
  *parse(artifact) {
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const [, tag, name] = /^[0-9a-f]+ t bpf_prog_([0-9a-f]{16})(?:_(\S*))?\s+\[bpf\]/.exec(text) ?? [];
      if (tag !== undefined)
        yield { body: { kind: 'bpf_program', program: { tag, name: name ?? '' } }, at: { offset, line: number } };
    }
  },
});
