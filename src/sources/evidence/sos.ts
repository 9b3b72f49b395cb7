import type { Bundle } from './bundle.ts';
import type { Members } from './members.ts';
import { addOutput } from './plain.ts';

const TABLES = ['packet', 'raw', 'raw6', 'icmp', 'icmp6', 'tcp', 'tcp6', 'udp', 'udp6', 'udplite', 'udplite6'];
const TABLE = new RegExp(`^proc/\\d+/net/(${TABLES.join('|')})$`);
const STATUS = /^proc\/(\d{1,10})\/status$/;
/** Files of /proc that are artifacts by their own names. */
const NAMED = /^proc\/(?:modules|cmdline|sys\/kernel\/(?:tainted|core_pattern|modprobe|hostname|osrelease|pid_max))$/;
const OUTPUT = /^sos_commands\//;

/** What a report brings beside the outputs of commands. */
export const SOS_ARTIFACTS: readonly string[] = [
  ...TABLES.map((table) => `foreign/net-${table}`),
  'foreign/proc-status',
];

/** The top folder of a sos report among members, found by the folders in it; undefined where there is none. */
export function sosRoot(members: Members): string | undefined {
  const tops = ['', ...(members.names('') ?? [])];
  return tops.find((top) => {
    const names = members.names(top) ?? [];
    return (
      names.includes('sos_commands') &&
      (names.includes('sos_logs') ||
        names.includes('sos_reports') ||
        names.includes('version.txt') ||
        names.includes('proc'))
    );
  });
}

/** Outputs by what they hold; files of the host by their path. Links of the report lead to files that are found by themselves. */
export function addSos(bundle: Bundle, members: Members, root: string): void {
  const prefix = root === '' ? '' : `${root}/`;
  const self = /(\d+)$/.exec(members.resolve(`${prefix}proc/self`) ?? '')?.[1];
  for (const whole of members.files()) {
    const path = whole.startsWith(prefix) ? whole.slice(prefix.length) : undefined;
    const file = path === undefined ? undefined : members.file(whole);
    if (path === undefined || file === undefined) continue;
    const { bytes, cut } = file;
    const table = TABLE.exec(path)?.[1];
    const pid = STATUS.exec(path)?.[1];
    if (table !== undefined) bundle.add(`foreign/net-${table}`, path, bytes, cut);
    else if (pid !== undefined) {
      const lines = new TextDecoder().decode(bytes).replace(/\n$/, '').split('\n');
      bundle.addLines(
        'foreign/proc-status',
        path,
        lines.map((line) => `${pid}/status:${line}`),
        bytes,
        cut,
      );
    } else if (path === 'proc/1/mountinfo') bundle.add('/proc/self/mountinfo', path, bytes, cut);
    else if (path === 'sos_commands/host/hostname') bundle.add('/proc/sys/kernel/hostname', path, bytes, cut);
    else if (path === 'etc/hostname') bundle.add('/etc/hostname', path, bytes, cut);
    else if (NAMED.test(path)) bundle.add(`/${path}`, path, bytes, cut);
    else if (path === 'proc/stat' || OUTPUT.test(path)) addOutput(bundle, path, bytes, cut);
  }
  if (self !== undefined) bundle.addLines('foreign/host', 'proc/self', [`look ${self}`], new Uint8Array());
  // sos ends at once without root.
  bundle.addLines('foreign/host', 'sos_logs/sos.log', ['euid 0'], new Uint8Array());
}
