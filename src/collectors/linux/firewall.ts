import { defineCollector, shell } from '../../model/collector.ts';

// Asking may load a module of the kernel, which would change the host: nothing is asked for that is not there already. The
// namespaces of others are entered for their network alone. $lw_nets names one process for each.
const NFT = `
case $lw_symbols in *nft_register_chain_type*) lw_has=1 ;; *) lw_has= ;; esac
[ -n "$lw_has" ] || [ ! -d /sys/module/nf_tables ] || lw_has=1
if [ -z "$lw_has" ]; then true
elif ! lw_tool nft; then (exit 127)
else
  lw_count=0; lw_code=0
  for lw_p in $lw_nets; do
    lw_get netns "$lw_p"
    printf '# netns %s\\n' "\${lw_got:-0}"
    if [ "$lw_p/ns/net" -ef /proc/self/ns/net ]; then lw_plain nft -nn list ruleset 2>/dev/null || lw_code=$?
    elif [ "$lw_count" -lt 4 ] && lw_tool nsenter; then
      lw_count=$((lw_count + 1))
      lw_nsenter=$lw_t
      lw_tool nft
      "$lw_nsenter" --net="/proc/$lw_p/ns/net" -- "$lw_t" -nn list ruleset 2>/dev/null || lw_code=$?
    else printf '# not asked\\n'; fi
  done
  [ "$lw_code" -eq 0 ] || (exit 126)
fi`;

const IPTABLES = `
lw_names4=; [ ! -r /proc/net/ip_tables_names ] || read -r lw_names4 </proc/net/ip_tables_names
if [ -z "$lw_names4" ]; then true
elif lw_tool iptables-legacy-save || lw_tool iptables-save; then
  printf '# netns 0\\n'
  "$lw_t" 2>/dev/null || (exit 126)
else (exit 127); fi`;

/** Rules that let packets pass or send them elsewhere, as the kernel holds them. */
export const firewall = defineCollector({
  id: 'linux/firewall',
  summary: 'Rules of nf_tables in every network namespace, and of iptables.',
  platform: 'linux',
  privilege: 'root',
  profile: 'standard',
  steps: [shell('command/nft-ruleset', NFT), shell('command/iptables-save', IPTABLES)],
});
