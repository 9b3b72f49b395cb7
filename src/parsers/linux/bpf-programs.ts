import { linesOf } from '../../lib/lines.ts';
import { defineParser } from '../../model/parser.ts';

/** eBPF programs that processes hold through descriptors. @see bpf_prog_show_fdinfo() in kernel/bpf/syscall.c */
export const bpfHeld = defineParser({
  id: 'linux/bpf-held',
  summary: 'eBPF programs from the descriptors of processes.',
  reads: ['command/bpf-held'],
  yields: ['bpf_program'],
  *parse(artifact) {
    let open: { pid: number; type: number; key: string } | undefined;
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const [, pid, fd, key, value] = /^(\d{1,10})\/fdinfo\/(\d{1,10}):(\w+):\s*(\S*)/.exec(text) ?? [];
      if (pid === undefined) continue;
      if (key === 'prog_type') open = { pid: Number(pid), type: Number(value), key: `${pid}/${fd}` };
      else if (key === 'prog_tag' && open?.key === `${pid}/${fd}`) {
        yield {
          body: { kind: 'bpf_program', program: { tag: value ?? '', name: '', type: open.type, pid: open.pid } },
          at: { offset, line: number },
        };
      }
    }
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
