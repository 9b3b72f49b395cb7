import { defineDetector } from '../../model/detector.ts';
import type { Observation } from '../../model/observation.ts';

/** Programs that are attached or pinned and that no process holds: what runs them is known to the kernel alone. */
export const ebpfWithoutHolder = defineDetector({
  id: 'linux/ebpf-without-holder',
  title: 'eBPF programs that no process holds',
  level: 'informational',
  status: 'experimental',
  attack: ['T1014'],
  needs: ['bpf_program'],
  judges: 'bpf_program',
  identity: ['that there are any'],
  falsePositives: [
    'Network software of containers, systemd and tracers leave programs attached or pinned and let go of them.',
  ],
  next: ['see what they are and where they sit: bpftool prog show; bpftool net; bpftool perf; ls -R /sys/fs/bpf'],
  *detect(facts) {
    const rows = [...facts.each('bpf_program')];
    const held = new Set(rows.flatMap(({ program }) => (program.pid === undefined ? [] : [program.tag])));
    const orphans = rows.filter(({ program }) => program.pid === undefined && !held.has(program.tag));
    if (orphans.length === 0) return;
    const names = [...new Set(orphans.map(wordsOf))].sort();
    yield {
      message: `no process holds ${names.length === 1 ? 'the eBPF program' : `${names.length} eBPF programs`} ${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''}`,
      subject: { programs: names.slice(0, 64) },
      identity: ['without holder'],
      evidence: orphans.slice(0, 16).map((row) => ({
        observation: row,
        text: `symbol of the kernel: eBPF program ${wordsOf(row)}, tag ${row.program.tag}`,
      })),
    };
  },
});

function wordsOf({ program }: Observation<'bpf_program'>): string {
  return program.name === '' ? program.tag : program.name;
}
