import { statLine } from './stat-line.ts';

const SHA256 = '3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d';
const FILTER = '\tbpf filter (4):  0x28 0 0 12, 0x15 0 1 2048, 0x06 0 0 4294967295, 0x06 0 0 0,';

/** The host of `samples` as other collectors show it: outputs of commands, and files of processes with their number before each line. */
export const foreignSamples: Readonly<Record<string, string>> = {
  '/etc/hostname': 'amf1\n',
  'foreign/host':
    'hostname amf1\nkernel 6.1.0-18-amd64\nat 2026-11-23T04:05:06.000Z\nboot 2026-11-23T03:05:06.000Z\nlook 4711\neuid 0\n',
  'foreign/proc-stat': `1/stat:${statLine(1, 'systemd', { ppid: 0, start: 2 })}\n300/stat:${statLine(300, 'kworker/0:1')}\n`,
  'foreign/proc-status':
    '300/status:Name:\tkworker/0:1\n300/status:State:\tS (sleeping)\n300/status:PPid:\t1\n300/status:Uid:\t0\t0\t0\t0\n300/status:Kthread:\t0\n',
  'foreign/proc-environ': '1/environ:HOME=/\n1/environ:TERM=linux\n',
  'foreign/ps': [
    'USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND',
    'root           1  1.4  0.0 167352 11868 ?        Ss   23:54   0:00 /lib/systemd/systemd --system',
    'root           2  0.0  0.0      0     0 ?        S    23:54   0:00 [kthreadd]',
    'root         100  0.0  0.0   5756  3772 ?        Ss   23:54   0:00 /sbin/dhclient -4 eth0',
    'root         300  0.0  0.0   2344   656 ?        Ss   23:54   0:00 [kworker/0:1]',
    '    PID    PPID USER     COMMAND         CGROUP',
    '    100       1 root     dhclient        0::/system.slice/ifup@eth0.service',
    '',
  ].join('\n'),
  'foreign/proc-links': [
    'lrwxrwxrwx 1 root root 0 Nov 24 23:54 /proc/1/exe -> /usr/lib/systemd/systemd',
    'lrwxrwxrwx 1 root root 0 Nov 24 23:54 /proc/100/exe -> /usr/sbin/dhclient',
    'lrwxrwxrwx 1 root root 0 Nov 24 23:54 /proc/300/exe -> /dev/shm/kdmtmpflush (deleted)',
    'lrwx------ 1 root root 64 Nov 24 23:54 /proc/300/fd/3 -> socket:[6001]',
    '',
  ].join('\n'),
  'foreign/exe-digests': `${SHA256}  /proc/300/exe\n`,
  'foreign/lsof': [
    'COMMAND   PID TID TASKCMD          USER   FD      TYPE             DEVICE SIZE/OFF   NODE NAME',
    'systemd     1                      root  rtd       DIR                7,0     4096      2 /',
    'dhclient  100                      root  rtd       DIR                7,0     4096      2 /',
    'dhclient  100                      root  txt       REG                7,0   471312   2310 /usr/sbin/dhclient',
    'dhclient  100                      root    5u     pack               5001      0t0     ALL type=SOCK_RAW',
    'dhclient  100                      root    6u     IPv4               7001      0t0    UDP *:68 ',
    'rsyslogd  110  111 in:imuxso       root  cwd       DIR                7,0     4096      2 /',
    'kworker/0 300                      root    4u     sock                0,9      0t0   6003 protocol: PACKET',
    '',
  ].join('\n'),
  'foreign/ss': [
    'Netid Recv-Q Send-Q Local Address:Port Peer Address:PortProcess',
    'p_raw 0      0                  *:eth0             *     users:(("dhclient",pid=100,fd=5))',
    FILTER,
    'p_dgr 0      0                 ip:*                *     users:(("kworker/0:1",pid=300,fd=3))',
    'Netid State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess',
    'udp   UNCONN 0      0            0.0.0.0:68        0.0.0.0:*    users:(("dhclient",pid=100,fd=6)) ino:7001 sk:10b1 cgroup:/system.slice/ifup@eth0.service <->',
    'tcp   LISTEN 0      128             [::]:22           [::]:*    users:(("sshd",pid=82,fd=4))',
    '',
  ].join('\n'),
  'foreign/netstat': [
    'Active Internet connections (servers and established)',
    'Proto Recv-Q Send-Q Local Address           Foreign Address         State       User       Inode      PID/Program name     Timer',
    'tcp        0      0 192.0.2.20:22           192.0.2.10:58100        ESTABLISHED 0          169575     82/sshd: root@no     keepalive (7195.35/0/0)',
    'udp        0      0 0.0.0.0:161             0.0.0.0:*                           0          117825     -                    off (0.00/0/0)',
    'raw        0      0 0.0.0.0:1               0.0.0.0:*               7           300/kworker/0:1',
    '',
  ].join('\n'),
  'foreign/net-packet':
    'sk               RefCnt Type Proto  Iface R Rmem   User   Inode\n0000000000000000 3      3    0800   2     1 0      0      5001\n',
  ...Object.fromEntries(
    ['raw', 'icmp', 'tcp', 'udp', 'udplite'].map((name) => [
      `foreign/net-${name}`,
      `${name === 'udp' ? '  ' : ' '} sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode${name === 'tcp' ? '' : ' ref pointer drops'}\n  56: 00000000:0070 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 6002 2 0000000000000000 0\n`,
    ]),
  ),
  ...Object.fromEntries(
    ['raw6', 'icmp6', 'tcp6', 'udp6', 'udplite6'].map((name) => [
      `foreign/net-${name}`,
      `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode${name === 'tcp6' ? '' : ' ref pointer drops'}\n   12: ${'0'.repeat(32)}:0222 ${'0'.repeat(32)}:0000 07 00000000:00000000 00:00000000 00000000     0        0 7002 2 0000000000000000 0\n`,
    ]),
  ),
  'foreign/bodyfile': [
    '0|/bin -> usr/bin|6326|lrwxrwxrwx|0|0|7|1795563723|1795563723|1795563723|1795563723',
    '0|/run/haldrund.pid|190|-rw-r--r--|0|0|0|1795564470|1795564470|1795564470|1795564470',
    '0|/usr/bin/passwd|44|-rwsr-xr-x|0|0|68248|1795563723|1670000000|1795563723|0',
    '',
  ].join('\n'),
  'foreign/mount': 'tmpfs on /dev/shm type tmpfs (rw,nosuid,nodev)\n/dev/sda1 on /mnt/two words type ext4 (rw)\n',
  'foreign/process-packages':
    '{\n "1": {\n  "path": "/lib/systemd/systemd",\n  "package": [\n   "systemd: /lib/systemd/systemd"\n  ]\n },\n "75": {\n  "path": "/usr/sbin/statd",\n  "package": "unknown"\n }\n}\n',
  'foreign/file-owners':
    'systemd: /lib/systemd/systemd\nlibc6:amd64: /usr/lib/x86_64-linux-gnu/libc.so.6\ndpkg-query: no path found matching pattern /usr/sbin/statd\nfile /opt/x is not owned by any package\n',
  'command/package-verify':
    'S.5....T.  c /etc/ssh/sshd_config\nmissing     /var/lib/apt/lists/partial\n??5??????   /usr/bin/ls\n',
  'foreign/iptables-list': [
    'Chain PREROUTING (policy ACCEPT 0 packets, 0 bytes)',
    ' pkts bytes target     prot opt in     out     source               destination         ',
    '    0     0 REDIRECT   tcp  --  *      *       198.51.100.7         0.0.0.0/0            tcp dpt:443 redir ports 42391',
    '    0     0            udp  --  *      *       0.0.0.0/0            0.0.0.0/0            multiport dports 53,123',
    '',
  ].join('\n'),
  'foreign/lsmod':
    'Module                  Size  Used by\nnf_tables             303104  2 nft_compat,nft_chain_nat\nloop                   32768  0\n',
};
