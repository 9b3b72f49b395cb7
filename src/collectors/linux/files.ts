import { defineCollector, shell } from '../../model/collector.ts';

const LINKS = `
if lw_printf_works; then
  lw_plain find /bin /sbin /lib /lib64 /usr/bin/ /usr/sbin/ /usr/local/bin/ /usr/local/sbin/ /etc/alternatives/ -maxdepth 1 -type l ! -name '*.gz' -printf '%p\\0%l\\0' 2>/dev/null
else lw_plain find /bin /sbin /lib /lib64 /usr/bin/ /usr/sbin/ /usr/local/bin/ /usr/local/sbin/ /etc/alternatives/ -maxdepth 1 -type l ! -name '*.gz' -exec ls -ln {} + 2>/dev/null; fi; true`;

/** What makes one name mean another program. */
export const files = defineCollector({
  id: 'linux/files',
  summary: 'Links among the programs of the host.',
  platform: 'linux',
  privilege: 'user',
  profile: 'quick',
  steps: [shell('command/program-links', LINKS)],
});
