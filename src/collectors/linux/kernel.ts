import { defineCollector, file, shell } from '../../model/collector.ts';

// The shell lists the folder itself. A module that is built in has no state there.
const SYS_MODULES = `for lw_f in /sys/module/*/initstate; do [ -e "$lw_f" ] && printf '%s\\n' "$lw_f"; done; true`;

const DMESG = `
if lw_tool dmesg; then lw_plain dmesg 2>/dev/null
else (exit 127); fi`;

/** What the kernel holds and says; two listings of its modules that have to agree. */
export const kernel = defineCollector({
  id: 'linux/kernel',
  summary: 'Modules of the kernel by two listings, its taint, its log, and the programs that it starts by itself.',
  platform: 'linux',
  privilege: 'root',
  profile: 'standard',
  steps: [
    file('/proc/modules'),
    file('/proc/sys/kernel/tainted'),
    file('/proc/sys/kernel/core_pattern'),
    file('/proc/sys/kernel/modprobe'),
    file('/proc/cmdline'),
    shell('command/sys-modules', SYS_MODULES),
    shell('command/dmesg', DMESG),
  ],
});
