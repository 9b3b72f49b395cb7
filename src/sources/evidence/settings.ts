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
