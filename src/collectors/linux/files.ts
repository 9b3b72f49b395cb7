import { defineCollector, shell } from '../../model/collector.ts';
import { LINK_FOLDERS } from '../../model/settings-files.ts';

// With a slash behind it, a folder that is a link is gone into; /bin and the like are told as what they are.
const FOLDERS = ['/bin', '/sbin', '/lib', '/lib64', ...LINK_FOLDERS.filter((folder) => folder.lastIndexOf('/') > 0)]
  .map((folder) => (folder.lastIndexOf('/') > 0 ? `${folder}/` : folder))
  .join(' ');

const LINKS = `
if lw_printf_works; then
  lw_plain find ${FOLDERS} -maxdepth 1 -type l ! -name '*.gz' -printf '%p\\0%l\\0' 2>/dev/null
else lw_plain find ${FOLDERS} -maxdepth 1 -type l ! -name '*.gz' -exec ls -ln {} + 2>/dev/null; fi; true`;

/** What makes one name mean another program. */
export const files = defineCollector({
  id: 'linux/files',
  summary: 'Links among the programs of the host.',
  platform: 'linux',
  privilege: 'user',
  profile: 'quick',
  steps: [shell('command/program-links', LINKS)],
});
