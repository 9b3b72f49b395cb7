import { defineCollector, shell } from '../../model/collector.ts';

// A find that has no -printf has no -lname either: then this was not looked at.
const HELD = `
if lw_printf_works; then
  lw_fds=$(lw_plain find [0-9]*/fd -lname 'anon_inode:bpf*' 2>/dev/null)
  lw_infos=
  for lw_f in $lw_fds; do lw_infos="$lw_infos \${lw_f%%/*}/fdinfo/\${lw_f##*/}"; done
  [ -z "$lw_infos" ] || lw_plain grep -aH '' $lw_infos 2>&1
else (exit 127); fi`;

// $lw_symbols tells a later step whether the kernel has nf_tables.
const SYMBOLS = `
lw_symbols=$(lw_plain grep -a ' bpf_prog_\\| nft_register_chain_type' /proc/kallsyms)
lw_code=$?
printf '%s\\n' "$lw_symbols"
[ "$lw_code" -le 1 ]`;

/** Programs that no descriptor holds (attached or pinned ones) are still named in the kernel's symbols. */
export const bpfPrograms = defineCollector({
  id: 'linux/bpf-programs',
  summary: 'eBPF objects that processes hold, and eBPF programs among the symbols of the kernel.',
  platform: 'linux',
  privilege: 'root',
  profile: 'quick',
  steps: [shell('command/bpf-held', HELD), shell('command/bpf-symbols', SYMBOLS)],
});
