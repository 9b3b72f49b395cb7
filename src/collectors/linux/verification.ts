import { defineCollector, shell } from '../../model/collector.ts';

// Reads every packaged file: minutes of disk on a large host. rpm may touch its lock, as any question to it does.
const VERIFY = `
lw_long=
[ -z "$lw_timeout" ] || lw_long="$lw_timeout 600"
if [ -f /var/lib/dpkg/status ] && lw_tool dpkg; then $lw_long "$lw_t" --verify 2>/dev/null; lw_code=$?
elif lw_tool rpm; then $lw_long "$lw_t" -Va 2>/dev/null; lw_code=$?
else lw_code=127; fi
# Both end with 1 where something differs, which is what was asked.
[ "$lw_code" -le 1 ] || (exit "$lw_code")`;

/** All of what packages brought, against what they recorded. */
export const verification = defineCollector({
  id: 'linux/verification',
  summary: 'Every packaged file that is not as its package brought it.',
  platform: 'linux',
  privilege: 'root',
  profile: 'deep',
  steps: [shell('command/package-verify', VERIFY)],
});
