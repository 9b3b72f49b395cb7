import { defineCollector, shell } from '../../model/collector.ts';
import { BORROW } from './borrow.ts';

// $lw_nets names one process for each network namespace; its /proc/PID/net is the namespace's. Where stat could not tell
// namespaces apart, that of the look is what can be had. What the kernel counts is read before and after what it lists: a
// socket that came or went in between is in one of the two counts.
const TABLES = `
lw_tables=
[ -n "$lw_nets" ] || lw_nets=$$
for lw_p in $lw_nets; do
  for lw_f in protocols ptype packet raw raw6 icmp icmp6 protocols ptype tcp tcp6 udp udp6 udplite udplite6 sctp/eps sctp/assocs unix nf_conntrack; do
    [ -e "$lw_p/net/$lw_f" ] && lw_tables="$lw_tables $lw_p/net/$lw_f"
  done
done
[ -z "$lw_tables" ] || lw_plain grep -aH '' $lw_tables 2>&1`;

// Read by the shell, which starts nothing for it and stops in time: a router knows a million ways.
const ROUTES = `
lw_left=800
for lw_p in $lw_nets; do
  for lw_f in route arp ipv6_route; do
    [ -r "$lw_p/net/$lw_f" ] || continue
    while [ "$lw_left" -gt 0 ] && IFS= read -r lw_x; do
      printf '%s/net/%s:%s\\n' "$lw_p" "$lw_f" "$lw_x"
      lw_left=$((lw_left - 1))
    done <"$lw_p/net/$lw_f"
  done
done
[ "$lw_left" -gt 0 ] || (exit 126)`;

// Without -p: who holds a socket is known from the descriptors, and a process may have a line feed in its name.
const SS = `
lw_ss=
if lw_tool ss; then lw_ss=$(lw_plain ss -0 -b -n -e 2>/dev/null); lw_code=$?; printf '%s\\n' "$lw_ss"; (exit $lw_code)
else (exit 127); fi`;

/** Without root, `ss` shows neither filters nor holders; the snapshot records that as a gap. */
export const sockets = defineCollector({
  id: 'linux/sockets',
  summary:
    'Packet, raw, TCP, UDP, SCTP and Unix sockets of every network namespace, the filter on each, and the ways that packets take.',
  platform: 'linux',
  privilege: 'root',
  profile: 'quick',
  steps: [
    shell('/proc/*/net', TABLES),
    shell('command/routes', ROUTES),
    shell('command/ss-packet', SS),
    shell('command/socket-filters', BORROW, { borrows: true }),
  ],
});
