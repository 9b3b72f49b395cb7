import { defineCollector, shell } from '../../model/collector.ts';

const EMPTY = `
lw_dirs=/run/
for lw_d in /var/run /var/lock; do [ -h "$lw_d" ] || lw_dirs="$lw_dirs $lw_d/"; done
if lw_printf_works; then lw_bounded find $lw_dirs -xdev -maxdepth 3 -type f -size 0 -printf '%p\\0%s %U %m %i %T@ %C@\\0' 2>/dev/null; true
else (exit 127); fi`;

const LINKS = `
if lw_printf_works; then
  lw_plain find /bin /sbin /lib /lib64 /usr/bin/ /usr/sbin/ /usr/local/bin/ /usr/local/sbin/ /etc/alternatives/ -maxdepth 1 -type l ! -name '*.gz' -printf '%p\\0%l\\0' 2>/dev/null
else lw_plain find /bin /sbin /lib /lib64 /usr/bin/ /usr/sbin/ /usr/local/bin/ /usr/local/sbin/ /etc/alternatives/ -maxdepth 1 -type l ! -name '*.gz' -exec ls -ln {} + 2>/dev/null; fi; true`;

const UNITS = `
lw_dirs=
for lw_d in /etc/systemd/system /run/systemd/system /usr/lib/systemd/system /lib/systemd/system; do [ -d "$lw_d" ] && [ ! -h "\${lw_d%/systemd/system}" ] && lw_dirs="$lw_dirs $lw_d"; done
[ -z "$lw_dirs" ] || lw_plain grep -aHrE '^(ExecStart|PIDFile)=' $lw_dirs 2>/dev/null; true`;

/** Files that say little alone and much beside a process. */
export const files = defineCollector({
  id: 'linux/files',
  summary: 'Empty files under /run, links among programs, and what the units start.',
  platform: 'linux',
  privilege: 'user',
  steps: [shell('command/empty-files', EMPTY), shell('command/program-links', LINKS), shell('command/units', UNITS)],
});
