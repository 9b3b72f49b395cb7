import { linesOf } from '../../lib/lines.ts';
import { defineParser, issueAt } from '../../model/parser.ts';

/** By their bits. @see include/uapi/linux/capability.h of Linux */
const NAMES =
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore'.split(
    ' ',
  );

/** A path and what stands behind it are shorter. */
const LONGEST = 8192;
const CLAUSE = String.raw`(?:(?:cap_\w+|\d+)(?:,(?:cap_\w+|\d+))*|all)?[=+-][eip]*`;
/** `/usr/bin/ping cap_net_raw=ep`, before libcap 2.41 `/usr/bin/ping = cap_net_raw+ep`; behind it the root of a user namespace. */
const SHOWN = new RegExp(String.raw`^(/.*?)(?: =)?((?: ${CLAUSE})+)(?: \[rootid=\d+\])?$`);

/**
 * Capabilities of files, from getcap(8) or, where that is not there, from getfattr(1) as hexadecimal of `struct vfs_cap_data`:
 * le32 with revision and flags, then permitted and inheritable as le32 each, once or twice.
 *
 * @see cap_to_text(3), struct vfs_cap_data in include/uapi/linux/capability.h of Linux
 */
export const fileCapabilities = defineParser({
  id: 'linux/file-capabilities',
  summary: 'Programs with capabilities of their own.',
  reads: ['command/file-capabilities'],
  yields: ['file_capability'],
  *parse(artifact) {
    const seenPaths = new Set<string>();
    let named: string | undefined;
    for (const { text: line, offset, number } of linesOf(artifact.bytes)) {
      const at = { offset, line: number };
      if (line === '') continue;
      if (line.startsWith('# file: ')) {
        named = unescaped(line.slice('# file: '.length));
        continue;
      }
      const read = line.length > LONGEST ? undefined : (shown(line) ?? stored(named, line));
      if (read === undefined) yield issueAt('neither a line of getcap nor one of getfattr', at);
      else if (!seenPaths.has(read.path)) {
        seenPaths.add(read.path);
        yield { body: { kind: 'file_capability', capability: read }, at };
      }
    }
  },
});

interface Read {
  readonly path: string;
  readonly permitted: string[];
  readonly text: string;
}

function shown(line: string): Read | undefined {
  const [, path, clauses = ''] = SHOWN.exec(line) ?? [];
  if (path === undefined) return undefined;
  const permitted = new Set<string>();
  for (const clause of clauses.trim().split(' ')) {
    const [, names = '', operator = '', flags = ''] = /^(.*)([=+-])(\w*)$/.exec(clause) ?? [];
    const given = names === '' || names === 'all' ? ['all'] : names.split(',');
    const isGiven = operator !== '-' && flags.includes('p');
    // What is assigned without the flag loses it, as what it is taken from does.
    if (isGiven) for (const name of given) permitted.add(name);
    else if (operator === '=' || flags.includes('p')) for (const name of given) permitted.delete(name);
  }
  return { path, permitted: [...permitted], text: clauses.trim() };
}

function stored(path: string | undefined, line: string): Read | undefined {
  const [, digits] = /^security\.capability=0x([0-9a-f]{24}|[0-9a-f]{40}|[0-9a-f]{48})$/i.exec(line) ?? [];
  if (path === undefined || digits === undefined) return undefined;
  const bytes = Buffer.from(digits, 'hex');
  const isWide = bytes.length > 12;
  const sets = [4, 8].map(
    (first) => BigInt(bytes.readUInt32LE(first)) | (isWide ? BigInt(bytes.readUInt32LE(first + 8)) << 32n : 0n),
  );
  const [permitted = [], inheritable = []] = sets.map(namesIn);
  const flag = (bytes.readUInt32LE(0) & 1) === 1 ? 'e' : '';
  const words = [
    ...(permitted.length === 0 ? [] : [`${permitted.join(',')}=${flag}p`]),
    ...(inheritable.length === 0 ? [] : [`${inheritable.join(',')}+i`]),
  ];
  return { path, permitted, text: words.join(' ') };
}

function namesIn(bits: bigint): string[] {
  return Array.from({ length: 64 }, (_, bit) => bit)
    .filter((bit) => ((bits >> BigInt(bit)) & 1n) === 1n)
    .map((bit) => (NAMES[bit] === undefined ? String(bit) : `cap_${NAMES[bit]}`));
}

/** getfattr writes what would break its lines as octal. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}
