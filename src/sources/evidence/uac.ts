import { entryOf } from '../../lib/table.ts';
import type { Bundle } from './bundle.ts';
import type { Members } from './members.ts';
import { addOutput } from './plain.ts';

/** The files of the host lie under this folder. */
export const UAC_ROOT = '[root]';

/** Files of one process by the artifacts that they become. */
const OF_PROCESS: Readonly<Record<string, string>> = {
  stat: 'foreign/proc-stat',
  status: 'foreign/proc-status',
  environ: 'foreign/proc-environ',
  maps: '/proc/*/maps',
  stack: '/proc/*/stack',
  fd: 'foreign/proc-links',
};
const PROCESS_FILE = /^live_response\/process\/proc\/(\d{1,10})\/(\w+)\.txt$/;

/** What a collection brings beside the outputs of commands. */
export const UAC_ARTIFACTS: readonly string[] = Object.values(OF_PROCESS);

const OUTPUT = /^(?:live_response|bodyfile|hash_executables)\//;

/** The folder in which a collection by UAC lies, found by the folders in it; undefined where there is none. */
export function uacRoot(members: Members): string | undefined {
  return ['', ...(members.names('') ?? [])].find((top) => {
    const names = members.names(top) ?? [];
    return names.includes('live_response') && ['uac.log', 'bodyfile', UAC_ROOT].some((name) => names.includes(name));
  });
}

/** Outputs by what they hold; those of one process by their path, for there they have no header. */
export function addUac(bundle: Bundle, members: Members, root: string): void {
  const prefix = root === '' ? '' : `${root}/`;
  for (const whole of members.files()) {
    const path = whole.startsWith(prefix) ? whole.slice(prefix.length) : '';
    const file = members.file(whole);
    if (file === undefined) continue;
    const [, pid, what = ''] = PROCESS_FILE.exec(path) ?? [];
    const artifact = entryOf(OF_PROCESS, what);
    if (pid !== undefined && artifact !== undefined) addOfProcess(bundle, { artifact, path, pid, what }, file);
    else if (path.startsWith('live_response/process/proc/')) continue;
    else if (/^live_response\/[^/]+\/hostname\.txt$/.test(path))
      bundle.add('/proc/sys/kernel/hostname', path, file.bytes, file.cut);
    else if (path === 'uac.log' || OUTPUT.test(path)) addOutput(bundle, path, file.bytes, file.cut);
  }
}

function addOfProcess(
  bundle: Bundle,
  {
    artifact,
    path,
    pid,
    what,
  }: { readonly artifact: string; readonly path: string; readonly pid: string; readonly what: string },
  { bytes, cut }: { readonly bytes: Uint8Array; readonly cut: boolean },
): void {
  const lines = new TextDecoder().decode(bytes).replace(/\n$/, '').split('\n');
  // The listing of a folder names its links without the folder.
  const placed = lines.map((line) =>
    what === 'fd' ? line.replace(/ (\d+) -> /, ` /proc/${pid}/fd/$1 -> `) : `${pid}/${what}:${line}`,
  );
  bundle.addLines(artifact, path, placed, bytes, cut);
}
