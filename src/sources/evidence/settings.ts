import type { FileTree } from '../file-tree.ts';
import type { Bundle } from './bundle.ts';

const LISTED = /^[-l][rwxsStT-]{9}\S? +\d+ \S+ +\S+ +\d+ .{6,40}? (\/etc\/\S+)$/;

/**
 * Files that say what starts, printed one behind the other by head or tail with `==> PATH <==` before each, or by `ls -l PATH;
 * cat PATH`. Each line becomes `PATH:LINE`.
 *
 * @returns Whether there was any.
 */
export function addPrintedSettings(bundle: Bundle, name: string, bytes: Uint8Array, cut: boolean): boolean {
  const lines = new TextDecoder().decode(bytes).split('\n');
  let path: string | undefined;
  let found = /^(?:ls: cannot access|cat:) '?\/etc\/[^\s:']+'?: No such file or directory$/m.test(
    lines.slice(0, 4).join('\n'),
  );
  let [start, held]: [number, string[]] = [0, []];
  const close = () => {
    bundle.addLines('files/settings', name, held, bytes, cut, start + 1);
    held = [];
  };
  for (const [index, line] of lines.entries()) {
    const next = /^==> (\/[^:]+) <==$/.exec(line)?.[1] ?? (path === undefined ? LISTED.exec(line)?.[1] : undefined);
    if (next !== undefined) {
      close();
      [path, start, found] = [next, index + 1, true];
    } else if (path !== undefined && !(line === '' && index === lines.length - 1)) held.push(`${path}:${line}`);
  }
  close();
  return found;
}

/** Files of a host's tree that are artifacts by their own names. */
const NAMED = ['/etc/shells', '/etc/os-release', '/etc/machine-id', '/etc/passwd', '/var/lib/dpkg/diversions'];
const UNIT_FOLDERS = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/run/systemd/transient',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];
const PROGRAM_FOLDERS = ['/', '/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/etc/alternatives'];
const SETTING = /^(?:ExecStart|PIDFile)=/;
const FILE_LIMIT = 1 << 20;
const UNITS = 4000;

/** What a tree and printed settings bring. */
export const TREE_ARTIFACTS: readonly string[] = [...NAMED, 'command/units', 'foreign/links', 'files/settings'];

/** What a tree of files says of programs: what units start, and the links among programs. */
export function addTree(bundle: Bundle, tree: FileTree, prefix: string): void {
  for (const path of NAMED) {
    const read = tree.read(path, FILE_LIMIT);
    if (typeof read === 'object') bundle.add(path, `${prefix}${path.slice(1)}`, read.bytes, read.cut);
  }
  let left = UNITS;
  const told = new Set<string>();
  for (const folder of UNIT_FOLDERS) {
    for (const path of unitsBelow(tree, folder)) {
      const read = left > 0 ? tree.read(path, FILE_LIMIT) : 'truncated';
      // Where /lib is /usr/lib, a unit is found twice.
      const own = path.replace(/^\/lib\//, '/usr/lib/');
      if (typeof read !== 'object' || told.has(own)) continue;
      told.add(own);
      left -= 1;
      for (const [index, line] of new TextDecoder().decode(read.bytes).split('\n').entries()) {
        if (SETTING.test(line))
          bundle.addLines(
            'command/units',
            `${prefix}${path.slice(1)}`,
            [`${path}:${line}`],
            read.bytes,
            false,
            index + 1,
          );
      }
    }
  }
  for (const folder of PROGRAM_FOLDERS) {
    const names = tree.list(folder);
    for (const name of typeof names === 'string' ? [] : names) {
      const path = `${folder === '/' ? '' : folder}/${name}`;
      // At the top of a report lie links of its own.
      if (folder === '/' && !/^(?:bin|sbin|lib\w*)$/.test(name)) continue;
      const entry = tree.stat(path);
      if (typeof entry === 'object' && entry.target !== undefined)
        bundle.addLines('foreign/links', `${prefix}${path.slice(1)}`, [`${path} -> ${entry.target}`], new Uint8Array());
    }
  }
}

/** Unit files of a folder and drop-ins one below; links of what is enabled lead to files that are found by themselves. */
function* unitsBelow(tree: FileTree, folder: string): Generator<string> {
  const names = tree.list(folder);
  for (const name of typeof names === 'string' ? [] : names) {
    const path = `${folder}/${name}`;
    const entry = tree.stat(path);
    if (typeof entry !== 'object') continue;
    if (entry.type === 'file' && name.endsWith('.service')) yield path;
    else if (entry.type === 'directory' && name.endsWith('.service.d')) {
      const parts = tree.list(path);
      for (const part of typeof parts === 'string' ? [] : parts) if (part.endsWith('.conf')) yield `${path}/${part}`;
    }
  }
}
