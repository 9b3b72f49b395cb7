import type { Bundle } from './bundle.ts';
import type { Members } from './members.ts';
import { addOutput } from './plain.ts';

/** The files of the host lie under this folder. */
export const UAC_ROOT = '[root]';

const OF_PROCESS = /^live_response\/process\/proc\/(\d{1,10})\/(stat|status|environ|maps|fd|cgroup)\.txt$/;
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
    const [, pid, what] = OF_PROCESS.exec(path) ?? [];
    if (pid !== undefined && what !== undefined) addOfProcess(bundle, path, pid, what, file);
    else if (path.startsWith('live_response/process/proc/')) continue;
    else if (/^live_response\/[^/]+\/hostname\.txt$/.test(path))
      bundle.add('/proc/sys/kernel/hostname', path, file.bytes, file.cut);
    else if (path === 'uac.log' || OUTPUT.test(path)) addOutput(bundle, path, file.bytes, file.cut);
  }
}

function addOfProcess(
  bundle: Bundle,
  path: string,
  pid: string,
  what: string,
  { bytes, cut }: { readonly bytes: Uint8Array; readonly cut: boolean },
): void {
  const lines = new TextDecoder().decode(bytes).replace(/\n$/, '').split('\n');
  // The listing of a folder names its links without the folder.
  if (what === 'fd')
    bundle.addLines(
      'foreign/proc-links',
      path,
      lines.map((line) => line.replace(/ (\d+) -> /, ` /proc/${pid}/fd/$1 -> `)),
      bytes,
      cut,
    );
  else if (what === 'maps')
    bundle.addLines(
      '/proc/*/maps',
      path,
      lines.map((line) => `${pid}/maps:${line}`),
      bytes,
      cut,
    );
  else
    bundle.addLines(
      `foreign/proc-${what}`,
      path,
      lines.map((line) => `${pid}/${what}:${line}`),
      bytes,
      cut,
    );
}
