import { defineCollector, file, shell } from '../../model/collector.ts';

// One line for each thing that is known: a word, and what it is. Only the first processor is looked at.
const VIRTUAL = `
lw_found=
while read -r lw_key lw_rest; do
  case $lw_key in '') break ;; esac
  case $lw_key in flags) lw_found=no; case " $lw_rest " in *' hypervisor '*) lw_found=yes ;; esac; break ;; esac
done </proc/cpuinfo
[ -z "$lw_found" ] || printf 'hypervisor %s\\n' "$lw_found"
lw_kind=
if [ -e /.dockerenv ]; then lw_kind=docker
elif [ -e /run/.containerenv ]; then lw_kind=podman
elif [ -e /dev/.lxc-boot-id ] || [ -e /.lxc-boot-id ]; then lw_kind=lxc
fi
printf 'container %s\\n' "\${lw_kind:-none}"`;

const SECURITY = `
lw_known=no
while read -r lw_x lw_name; do
  case "$lw_x $lw_name" in 'nodev selinuxfs' | 'selinuxfs ') lw_known=yes ;; esac
done </proc/filesystems
printf 'selinuxfs %s\\n' "$lw_known"
for lw_f in /sys/fs/selinux/enforce /selinux/enforce; do
  if [ -r "$lw_f" ]; then lw_x=; read -r lw_x <"$lw_f" || true; printf 'enforce %s\\n' "$lw_x"; break; fi
done
if [ -r /sys/kernel/security/lsm ]; then lw_x=; read -r lw_x </sys/kernel/security/lsm || true; printf 'lsm %s\\n' "$lw_x"; fi
if [ -r /sys/kernel/security/apparmor/profiles ]; then
  lw_enforce=0; lw_complain=0
  while read -r lw_x; do
    case $lw_x in *'(enforce)') lw_enforce=$((lw_enforce + 1)) ;; *'(complain)') lw_complain=$((lw_complain + 1)) ;; esac
    [ $((lw_enforce + lw_complain)) -lt 1000 ] || break
  done </sys/kernel/security/apparmor/profiles
  printf 'apparmor %s %s\\n' "$lw_enforce" "$lw_complain"
fi
true`;

/** An agent of one maker's machines has no place on those of another; and what guards the kernel may have been told to look away. */
export const machine = defineCollector({
  id: 'linux/machine',
  summary: 'What the host runs on, and the security modules of its kernel.',
  platform: 'linux',
  privilege: 'user',
  profile: 'standard',
  steps: [
    file('/etc/selinux/config'),
    file('/sys/class/dmi/id/sys_vendor'),
    file('/sys/class/dmi/id/product_name'),
    file('/sys/class/dmi/id/chassis_type'),
    shell('command/virtualization', VIRTUAL),
    shell('command/security-modules', SECURITY),
  ],
});
