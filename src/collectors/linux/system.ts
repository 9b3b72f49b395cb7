import { defineCollector, file } from '../../model/collector.ts';

/** What the host is, when it was started, what its clock says, and what is mounted. */
export const system = defineCollector({
  id: 'linux/system',
  summary: 'Identity, boot time, kernel, mounts and package databases small enough to read whole.',
  platform: 'linux',
  privilege: 'user',
  profile: 'quick',
  steps: [
    file('/proc/self/status'),
    file('/proc/sys/kernel/hostname'),
    file('/etc/machine-id'),
    file('/proc/sys/kernel/osrelease'),
    file('/etc/os-release'),
    file('/proc/stat'),
    file('/proc/uptime'),
    file('/proc/sys/kernel/pid_max'),
    file('/proc/self/mountinfo'),
    file('/etc/passwd'),
    file('/etc/shells'),
  ],
});
