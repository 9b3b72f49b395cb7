import { defineParser } from '../../model/parser.ts';
import { unseen, type Maybe } from '../../model/unseen.ts';

/** The host as it tells of itself; the look's own status says with which rights it was taken. */
export const host = defineParser({
  id: 'linux/host',
  summary: 'Name, machine id, kernel, system and boot time of the host.',
  reads: ['/proc/self/status'],
  beside: [
    '/proc/sys/kernel/hostname',
    '/etc/machine-id',
    '/proc/sys/kernel/osrelease',
    '/etc/os-release',
    '/proc/stat',
    '/proc/sys/kernel/pid_max',
  ],
  yields: ['host'],
  *parse(artifact, beside) {
    const text = (name: string) => {
      const one = beside(name);
      return one && new TextDecoder().decode(one.bytes.subarray(0, 1 << 20));
    };
    const found = (name: string, pattern: RegExp): Maybe<string> =>
      pattern.exec(text(name) ?? '')?.[1] ?? unseen('absent');
    const boot = found('/proc/stat', /^btime (\d{1,11})$/m);
    const pidMax = found('/proc/sys/kernel/pid_max', /^(\d{1,10})/);
    const status = new TextDecoder().decode(artifact.bytes);
    const euid = /^Uid:\s+\d+\s+(\d{1,10})/m.exec(status)?.[1];
    const parent = /^PPid:\s+(\d{1,10})/m.exec(status)?.[1];
    yield {
      body: {
        kind: 'host',
        about: {
          hostname: (text('/proc/sys/kernel/hostname') ?? 'unknown').trim(),
          machineId: found('/etc/machine-id', /^([0-9a-f]{32})/),
          kernelRelease: found('/proc/sys/kernel/osrelease', /^(\S+)/),
          os: found('/etc/os-release', /^PRETTY_NAME="?([^"\n]*)/m),
          bootAt: typeof boot === 'string' ? new Date(Number(boot) * 1000).toISOString() : boot,
          euid: Number(euid ?? 65534),
          lookPid: parent === undefined ? unseen('absent') : Number(parent),
          pidMax: typeof pidMax === 'string' ? Number(pidMax) : pidMax,
        },
      },
    };
  },
});
