import { defineDetector } from '../../model/detector.ts';
import { explanationOf } from './explanation.ts';
import { HOST_KINDS, HOST_USES, viewOf } from './host-view.ts';

/** Kinds of programs that see or change what others do. @see enum bpf_prog_type in include/uapi/linux/bpf.h of Linux */
const SEEING: ReadonlyMap<number, string> = new Map([
  [2, 'kprobe'],
  [3, 'traffic classifier'],
  [4, 'traffic action'],
  [5, 'tracepoint'],
  [6, 'XDP'],
  [8, 'cgroup packet filter'],
  [17, 'raw tracepoint'],
  [24, 'writable raw tracepoint'],
  [26, 'tracing'],
  [28, 'extension'],
  [29, 'security module'],
]);

/** eBPF programs that sit on the kernel's own functions or on its packets, in the hands of what nothing explains. */
export const foreignEbpfHolder = defineDetector({
  id: 'linux/foreign-ebpf-holder',
  title: 'eBPF program in the hands of a process that nothing explains',
  level: 'medium',
  status: 'experimental',
  attack: ['T1014', 'T1205.002'],
  needs: ['bpf_program', ...HOST_KINDS],
  uses: HOST_USES,
  judges: 'bpf_program',
  identity: ['the program', 'the name of the eBPF program'],
  falsePositives: ['Tracers and security agents that an installer put among the programs of the distribution.'],
  next: [
    'see what it does: bpftool prog show; bpftool prog dump xlated tag TAG',
    'see where it sits: bpftool perf; bpftool net',
  ],
  *detect(facts) {
    const view = viewOf(facts);
    for (const row of facts.each('bpf_program')) {
      const { pid, type, tag, name } = row.program;
      const holder = pid === undefined ? undefined : view.byPid.get(pid);
      const what = type === undefined ? undefined : SEEING.get(type);
      if (holder === undefined || what === undefined || explanationOf(view, holder) !== 'foreign') continue;
      const { comm, exe } = holder.process;
      yield {
        message: `${comm} (pid ${holder.process.pid}) holds an eBPF program (${what}${name === '' ? '' : `, ${name}`}), and nothing on this host explains it`,
        subject: { pid: holder.process.pid, comm },
        identity: [typeof exe === 'string' ? exe : comm, name],
        evidence: [
          {
            observation: row,
            text: `eBPF program ${name} of type ${what}, tag ${tag}, held by pid ${holder.process.pid}`,
          },
          { observation: holder, text: `${comm} (pid ${holder.process.pid}), ${typeof exe === 'string' ? exe : '?'}` },
        ],
      };
    }
  },
});
