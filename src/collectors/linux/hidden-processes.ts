import { defineCollector, shell } from '../../model/collector.ts';

// Every number is looked up directly. A hit that no listing shows is a thread, a process that began meanwhile, or hidden:
// Tgid tells threads, and a second look tells what came and went. Nothing is started for any of this.
const SWEEP = `
lw_status_of() {
  lw_name=; lw_group=
  while read -r lw_key lw_value; do
    case $lw_key in Name:) lw_name=$lw_value ;; Tgid:) lw_group=$lw_value; break ;; esac
  done 2>/dev/null <"/proc/$1/status"
}
lw_max=; read -r lw_max </proc/sys/kernel/pid_max
case $lw_max in '' | *[!0-9]*) lw_max=32768 ;; esac
lw_to=$lw_max; [ "$lw_to" -le 65536 ] || lw_to=65536
for lw_p in [0-9]*; do lw_put seen "$lw_p" 1; done
lw_hits=; lw_i=1
while [ "$lw_i" -le "$lw_to" ]; do
  if [ -d "/proc/$lw_i" ]; then
    lw_get seen "$lw_i"
    [ -n "$lw_got" ] || lw_hits="$lw_hits $lw_i"
  fi
  lw_i=$((lw_i + 1))
done
lw_again=
for lw_p in $lw_hits; do
  lw_status_of "$lw_p" 2>/dev/null
  [ "$lw_group" != "$lw_p" ] || lw_again="$lw_again $lw_p"
done
for lw_p in [0-9]*; do lw_put seen "$lw_p" 1; done
for lw_p in $lw_again; do
  lw_get seen "$lw_p"
  [ -z "$lw_got" ] || continue
  lw_status_of "$lw_p" 2>/dev/null
  [ "$lw_group" != "$lw_p" ] || printf 'hidden %s %s\\n' "$lw_p" "$lw_name"
done
printf 'swept %s of %s\\n' "$lw_to" "$lw_max"`;

/** A rootkit that filters the listing of /proc seldom answers wrongly to a direct look-up. */
export const hiddenProcesses = defineCollector({
  id: 'linux/hidden-processes',
  summary: 'Process numbers that answer and are in no listing.',
  platform: 'linux',
  privilege: 'user',
  profile: 'quick',
  steps: [shell('command/pid-sweep', SWEEP)],
});
