import { statLine } from './stat-line.ts';

/** PF_KTHREAD beside a flag that other processes have as well. */
export const KERNEL_THREAD_FLAGS = 0x0020_8040;

const zeros = '0'.repeat(32);
const DIGEST = {
  dhclientMd5: '0cc175b9c0f1b6a831c399e269772661',
  libcMd5: '92eb5ffee6ae2fec3ad71c777531578f',
  dhclient: 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
  implant: '3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d',
};
/** A record of utmp(5) for 64-bit x86: type and time, the rest zeros; every byte below 128. */
function loginRecord(type: number, seconds: number): string {
  const bytes = new Uint8Array(384);
  new DataView(bytes.buffer).setUint16(0, type, true);
  new DataView(bytes.buffer).setUint32(340, seconds, true);
  return Buffer.from(bytes).toString('latin1');
}

/** A record of lastlog(8) for 64-bit x86, as `loginRecord`. */
function lastLogin(seconds: number, line: string, from: string): string {
  const bytes = new Uint8Array(292);
  new DataView(bytes.buffer).setUint32(0, seconds, true);
  Buffer.from(bytes.buffer).write(line, 4);
  Buffer.from(bytes.buffer).write(from, 36);
  return Buffer.from(bytes).toString('latin1');
}

/** Names end in NUL, in pairs. */
const nul = (...words: readonly string[]) => words.map((word) => `${word}\0`).join('');

/**
 * Made-up content of every artifact that a parser reads: one host with the init process, a kernel thread, a DHCP client
 * (healthy: it listens on a packet socket with a filter) and an implant in the manner of BPFDoor (pid 300).
 */
export const samples: Readonly<Record<string, string>> = {
  '/proc/self/status': 'Name:\tgrep\nUmask:\t0022\nPPid:\t4711\nUid:\t0\t0\t0\t0\nCapEff:\t000001ffffffffff\n',
  '/proc/sys/kernel/hostname': 'amf1\n',
  '/etc/machine-id': '00000000000000000000000000000a01\n',
  '/proc/sys/kernel/osrelease': '6.1.0-18-amd64\n',
  '/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
  container: 'init 1\nid web\nruntime lxc\n',
  '/proc/stat': 'cpu  1 2 3 4\nbtime 1795400000\nprocesses 500\n',
  '/proc/uptime': '3600.50 7100.00\n',
  '/proc/sys/kernel/pid_max': '32768\n',
  '/proc/self/mountinfo': [
    '25 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro',
    '26 25 0:23 / /mnt/two\\040words rw,nosuid - tmpfs tmpfs rw,size=64k',
    '27 21 0:24 / /proc/300 rw - ext4 /dev/sda1 rw\n',
  ].join('\n'),
  '/etc/shells': '# /etc/shells: valid login shells\n/bin/sh\n/bin/bash # the usual\n\nno/path\n',
  '/proc/*/stat': [
    `1/stat:${statLine(1, 'systemd', { ppid: 0, start: 2 })}`,
    `2/stat:${statLine(2, 'kthreadd', { ppid: 0, session: 0, flags: KERNEL_THREAD_FLAGS })}`,
    `100/stat:${statLine(100, 'dhclient')}`,
    `300/stat:${statLine(300, 'kworker/0:1')}`,
    '',
  ].join('\n'),
  '/proc/*/status': [1, 2, 100, 300]
    .map(
      (pid) =>
        `${pid}/status:Uid:\t0\t0\t0\t0\n${pid}/status:Gid:\t0\t0\t0\t0\n${pid}/status:SigIgn:\t0000000000001000\n${pid}/status:NSpid:\t${pid}\n`,
    )
    .join(''),
  '/proc/*/stack': [
    '1/stack:[<0>] __x64_sys_epoll_wait+0x62/0xd0',
    '100/stack:[<0>] __x64_sys_poll+0x3b/0x100',
    '300/stack:[<0>] packet_recvmsg+0x64/0x450',
    '300/stack:[<0>] __sys_recvfrom+0xfa/0x170',
    '',
  ].join('\n'),
  '/proc/*/cmdline': `1/cmdline:${nul('/sbin/init')}\n100/cmdline:${nul('/sbin/dhclient', '-4', 'eth0')}\n300/cmdline:${nul('/usr/sbin/console-kit-daemon --no-daemon')}\n`,
  '/proc/*/environ': `1/environ:${nul('HOME=/', 'TERM=linux')}\n100/environ:${nul('PATH=/usr/bin', 'LANG=C')}\n`,
  '/proc/*/cgroup': '1/cgroup:0::/init.scope\n100/cgroup:0::/system.slice/ifup@eth0.service\n300/cgroup:0::/\n',
  '/proc/*/maps': [
    '100/maps:55d0c0000000-55d0c0010000 r-xp 00001000 08:01 200                       /usr/sbin/dhclient',
    '100/maps:7f0000000000-7f0000100000 r-xp 00028000 08:01 201                       /usr/lib/x86_64-linux-gnu/libc.so.6',
    '300/maps:00400000-00410000 rwxp 00000000 00:17 666                              /dev/shm/kdmtmpflush (deleted)',
    '300/maps:7f0000000000-7f0000001000 rwxp 00000000 00:00 0 ',
    '',
  ].join('\n'),
  'command/process-links': nul(
    '1/exe',
    '/usr/lib/systemd/systemd',
    '2/exe',
    '',
    '100/exe',
    '/usr/sbin/dhclient',
    '300/exe',
    '/dev/shm/kdmtmpflush (deleted)',
    ...[1, 2, 100, 300].flatMap((pid) => [
      `${pid}/cwd`,
      '/',
      `${pid}/ns/mnt`,
      'mnt:[4026531841]',
      `${pid}/ns/net`,
      'net:[4026531840]',
      `${pid}/ns/pid`,
      'pid:[4026531836]',
    ]),
    '100/fd/0',
    '/dev/null',
    '100/fd/5',
    'socket:[5001]',
    '300/fd/3',
    'socket:[6001]',
  ),
  'command/process-images': [
    '1/exe 2049:100 1 1841 1700000000 1700000000',
    '100/exe 2049:200 1 4096 1700000000 1700000000',
    '300/exe 23:666 0 32640 1795403000 1795403000',
    ...[1, 2, 100, 300].map((pid) => `${pid}/root 2049:2 19 4096 1700000000 1700000000`),
    ...[1, 2, 100, 300].map((pid) => `${pid}/ns/net 4:4026531840 1 0 1700000000 1700000000`),
    '/proc/self/root 2049:2 19 4096 1700000000 1700000000',
    '',
  ].join('\n'),
  'command/process-digests': `${DIGEST.dhclient}  100/exe\n${DIGEST.implant}  300/exe\n${DIGEST.dhclientMd5}  100/exe\n`,
  '/proc/*/net': [
    '1/net/packet:sk               RefCnt Type Proto  Iface R Rmem   User   Inode',
    '1/net/packet:0000000000000000 3      3    0800   2     1 0      0      5001',
    '1/net/packet:0000000000000000 3      3    0003   0     1 0      0      6001',
    '1/net/raw:  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops',
    '1/net/raw:    1: 00000000:0001 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 6002 2 0000000000000000 0',
    '1/net/tcp:  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '1/net/tcp:   0: 0100007F:0035 00000000:0000 0A 00000000:00000000 00:00000000 00000000   101        0 7001 1 0000000000000000 100 0 0 10 0',
    `1/net/udp6:   12: ${zeros}:0222 ${zeros}:0000 07 00000000:00000000 00:00000000 00000000     0        0 7002 2 0000000000000000 0`,
    '1/net/sctp/eps: ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS',
    '1/net/sctp/eps:00000000 00000000 2   10  29   38412     0  7003 192.0.2.10 ',
    '1/net/sctp/assocs: ASSOC     SOCK   STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT RPORT LADDRS <-> RADDRS HBINT INS OUTS MAXRT T1X T2X RTXC wmema wmemq sndbuf rcvbuf',
    '1/net/sctp/assocs:00000000 00000000 0   10  3  0       3        0        0       0  7003 38412  38412  *192.0.2.10 <-> *198.51.100.7 \t    7500    10    10   10    0    0        0        1        0   212992   212992',
    '1/net/nf_conntrack:ipv4     2 tcp      6 431999 ESTABLISHED src=192.0.2.66 dst=192.0.2.10 sport=40000 dport=22 src=192.0.2.10 dst=192.0.2.66 sport=42611 dport=40000 [ASSURED] mark=0 use=2',
    '1/net/protocols:protocol  size sockets  memory press maxhdr  slab module     cl co di',
    '1/net/ptype:Type Device      Function',
    '1/net/ptype:ALL           tpacket_rcv [af_packet]',
    '1/net/ptype:0800 eth0     packet_rcv',
    '1/net/ptype:0806          arp_rcv',
    '1/net/protocols:PACKET    1600      3      -1   NI       0   no   kernel      n  n  n',
    '1/net/protocols:RAW        976      1      -1   NI       0   yes  kernel      y  y  y',
    '1/net/unix:Num       RefCount Protocol Flags    Type St Inode Path',
    '1/net/unix:0000000000000000: 00000002 00000000 00010000 0001 01  8001 /run/dbus/system bus',
    '1/net/unix:0000000000000000: 00000003 00000000 00000000 0002 01  8002',
    '',
  ].join('\n'),
  'command/routes': [
    '1/net/route:Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
    '1/net/route:eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0',
    '1/net/route:*\t0764336C\t00000000\t0205\t0\t0\t0\tFFFFFFFF\t0\t0\t0',
    '1/net/arp:IP address       HW type     Flags       HW address            Mask     Device',
    '1/net/arp:192.0.2.1        0x1         0x2         02:fc:00:00:00:05     *        eth0',
    '1/net/arp:192.0.2.9        0x1         0x6         02:fc:00:00:00:09     *        eth0',
    `1/net/ipv6_route:20010db8000000000000000000000000 20 ${zeros} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0`,
    `1/net/ipv6_route:20010db8000000000000000000000005 80 ${zeros} 00 ${zeros} 00000000 00000004 00000000 80200001     eth0`,
    '',
  ].join('\n'),
  'command/socket-filters': [
    '5001 100 5 classic 2800000000000c00150000040008000006000000ffff0000',
    '6001 300 3 ebpf',
    '7002 1 40 none',
    '7009 1 41 error 1',
    '',
  ].join('\n'),
  'command/ss-packet': [
    'p_raw UNCONN 0      0          [2048]:eth0    *    users:(("dhclient",pid=100,fd=5)) ino:5001 sk:1 cgroup:/ <->',
    '\tbpf filter (4):  0x28 0 0 12, 0x15 0 1 2048, 0x06 0 0 4294967295, 0x06 0 0 0,',
    'p_raw UNCONN 0      0               *:*       *    users:(("kworker/0:1",pid=300,fd=3)) ino:6001 sk:2 cgroup:/ <->',
    '',
  ].join('\n'),
  'command/bpf-held': [
    '300/fdinfo/7:pos:\t0',
    '300/fdinfo/7:prog_type:\t1',
    '300/fdinfo/7:prog_jited:\t1',
    '300/fdinfo/7:prog_tag:\t0123456789abcdef',
    '1/fdinfo/9:map_type:\t2',
    '',
  ].join('\n'),
  'command/bpf-symbols':
    'ffffffffc0000000 t bpf_prog_6deef7357e7b4530_sd_devices\t[bpf]\nffffffffc0000100 t bpf_prog_0123456789abcdef\t[bpf]\n',
  'command/pid-sweep': 'hidden 301 kdmtmpflush\nswept 32768 of 32768\n',
  'command/code-digests': `${DIGEST.dhclientMd5}  /usr/sbin/dhclient\n${DIGEST.libcMd5}  /usr/lib/x86_64-linux-gnu/libc.so.6\nmd5sum: /opt/agent/bin/agent: Permission denied\n`,
  'command/replaced-files': '/usr/sbin/sshd\n',
  'command/dpkg-owners': [
    '/var/lib/dpkg/info/isc-dhcp-client.list:/sbin/dhclient',
    '/var/lib/dpkg/info/libc6:amd64.list:/usr/lib/x86_64-linux-gnu/libc.so.6',
    '',
  ].join('\n'),
  'command/dpkg-times': '1795400000 /var/lib/dpkg/info/isc-dhcp-client.list\n',
  'command/dpkg-md5sums': [
    `/var/lib/dpkg/info/isc-dhcp-client.md5sums:${DIGEST.dhclientMd5}  sbin/dhclient`,
    `/var/lib/dpkg/info/libc6:amd64.md5sums:${DIGEST.libcMd5}  usr/lib/x86_64-linux-gnu/libc.so.6`,
    '',
  ].join('\n'),
  '/var/lib/dpkg/diversions': '/bin/sh\n/bin/sh.distrib\ndash\n',
  'command/rpm-files': `dhcp-client\t${DIGEST.dhclient}\t/usr/sbin/dhclient\ndhcp-client\t\t/usr/share/doc/dhcp-client\nfile /dev/shm/kdmtmpflush is not owned by any package\n`,
  'command/package-verify':
    '??5??????   /usr/sbin/dhclient\n??5?????? c /etc/pam.d/login\nmissing     /usr/sbin/agetty\nS.5....T.  c /etc/sysconfig/network\nmissing     /etc/shadow (Permission denied)\n',
  '/lib/apk/db/installed':
    'C:Q1AAAA=\nP:busybox\nV:1.36.1-r5\nF:bin\nR:busybox\na:0:0:755\nZ:Q1vaVrsYVXfcgIUtgj3W6hz8cUQhU=\nF:etc\nR:securetty\n\nP:musl\nF:lib\nR:libc.musl-x86_64.so.1\n',
  'files/metadata': nul(
    '/run/haldrund.pid',
    'f 0 0 0 644 1 1234 1795403000.0000000000 1795403000.0000000000 1795403001.5000000000 1795403000.0000000000 ',
    '/etc/rc.local',
    'l 13 0 0 777 1 77 1795400000.5 1700000000.25 1700000000.25 - rc.d/rc.local',
  ),
  'command/program-strings': '300/exe:ttcompat\n300/exe:ttcompat\n300/exe:HISTFILE=/dev/null\n',
  'files/settings': [
    '/etc/crontab:SHELL=/bin/sh',
    '/etc/crontab:17 *\t* * *\troot\tcd / && run-parts --report /etc/cron.hourly',
    '/etc/cron.d/0hwclock:*/10 * * * * root /usr/sbin/smartadm --init >/dev/null 2>&1',
    '/var/spool/cron/crontabs/oper:@reboot /home/oper/bin/start',
    '/etc/sysconfig/network:HOSTNAME=amf1',
    '/etc/sysconfig/network:[ -f /usr/sbin/smartadm ] && /usr/sbin/smartadm',
    '/etc/ld.so.preload:/usr/lib/libcext.so.2',
    '/proc/300/root/etc/ld.so.preload:/usr/lib/libother.so',
    '/etc/udev/rules.d/70-x.rules:ACTION=="add", SUBSYSTEM=="net", RUN+="/usr/lib/udev/x %k"',
    '/etc/modprobe.d/x.conf:install cramfs /bin/true',
    '/etc/pam.d/sshd:@include common-auth',
    '/etc/pam.d/sshd:auth [success=1 default=ignore] pam_unix.so nullok try_first_pass',
    '/etc/nsswitch.conf:passwd: files [NOTFOUND=return] sss # users',
    '/etc/sudoers:%sudo ALL=(ALL:ALL) NOPASSWD: ALL',
    '/etc/doas.conf:permit nopass oper as root cmd /usr/bin/id',
    '/root/.ssh/authorized_keys:from="192.0.2.7" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGFiYw== ops@bastion',
    '',
  ].join('\n'),
  '/etc/passwd':
    'root:x:0:0:root:/root:/bin/bash\ndaemon:*:1:1::/usr/sbin:/usr/sbin/nologin\noper::1000:1000::/home/oper:/bin/sh\n',
  'command/shadow-states': 'root:set\noper:none\n',
  'files/logins': `==> /var/log/wtmp <==\n${loginRecord(7, 1795000000)}${'\0'.repeat(384)}${loginRecord(8, 1795003600)}\n==> /var/log/btmp <==\n\n==> /var/log/lastlog <==\n${'\0'.repeat(292)}${lastLogin(0x6b006001, 'pts/1', '198.51.100.9')}`,
  '/proc/modules':
    'nf_nat 61440 1 nft_redir, Live 0xffffffffc0a00000\nvendor_io 16384 0 - Live 0xffffffffc0b00000 (OE)\n',
  'command/sys-modules': '/sys/module/nf_nat/initstate\n/sys/module/unlisted/initstate\n',
  '/proc/sys/kernel/tainted': '12288\n',
  '/proc/sys/kernel/core_pattern': '|/usr/lib/systemd/systemd-coredump %P\n',
  '/proc/sys/kernel/modprobe': '/sbin/modprobe\n',
  '/proc/cmdline': 'root=/dev/sda1 ro quiet\n',
  'command/dmesg':
    '[    1.000000] Linux version 6.1.0\n[   12.345678] vendor_io: loading out-of-tree module taints kernel.\n',
  'command/file-capabilities':
    '/usr/bin/ping cap_net_raw=ep\n/opt/agent/bin/agent = cap_net_admin,cap_net_raw+ep\n# file: /usr/bin/dumpcap\nsecurity.capability=0x0100000200300000000000000000000000000000\n',
  '/sys/class/dmi/id/sys_vendor': 'QEMU\n',
  '/sys/class/dmi/id/product_name': 'Standard PC (Q35 + ICH9, 2009)\n',
  '/sys/class/dmi/id/chassis_type': '1\n',
  'command/virtualization': 'hypervisor yes\ncontainer none\n',
  'command/security-modules': 'selinuxfs yes\nenforce 0\nlsm lockdown,capability,selinux\napparmor 12 3\n',
  '/etc/selinux/config': '# SELINUX= can take one of three values\nSELINUX=enforcing\nSELINUXTYPE=targeted\n',
  'command/nft-ruleset': [
    '# netns 4026531840',
    'table ip nat {',
    '\tchain prerouting {',
    '\t\ttype nat hook prerouting priority -100; policy accept;',
    '\t\tip saddr 192.0.2.66 tcp dport 22 counter packets 0 bytes 0 redirect to :42611',
    '\t\tiifname "eth0" tcp dport { 80, 8000-8010 } dnat to 192.0.2.9:8080',
    '\t}',
    '\tchain office {',
    '\t\tip saddr 198.51.100.9 accept',
    '\t}',
    '}',
    '# netns 4026532000',
    '# not asked',
    '',
  ].join('\n'),
  'command/iptables-save': [
    '# netns 0',
    '# Generated by iptables-save v1.8.9 on Wed Nov 25 03:00:00 2026',
    '*nat',
    ':PREROUTING ACCEPT [0:0]',
    '-A PREROUTING -s 192.0.2.66/32 -p tcp -m tcp --dport 22 -j REDIRECT --to-ports 42611',
    '-A PREROUTING -p tcp -m multiport --dports 80,443 -j DNAT --to-destination 192.0.2.9:8443',
    'COMMIT',
    '',
  ].join('\n'),
  'command/program-links': nul('/usr/bin/vi', '/etc/alternatives/vi', '/bin', 'usr/bin'),
  'command/units':
    '/etc/systemd/system/ifup@.service:ExecStart=/sbin/dhclient -4 eth0\n/usr/lib/systemd/system/hald.service.d/pid.conf:PIDFile=/run/hald.pid\n',
};
