import { latin1, utf8Of } from './per-process.ts';

const LISTED = /^l\S+ +\d+ +\S+ +\S+ .*? (\/?\S+) -> (.*)$/;

/**
 * Symbolic links as the look printed them: pairs of path and target, each ended by NUL (`find -printf '%p\0%l\0'`), or,
 * where find cannot do that, lines of `ls -ln`. Only the first form is safe against line feeds in targets.
 */
export function* linksOf(bytes: Uint8Array): Generator<{ path: string; target: string; offset: number }> {
  const text = latin1(bytes);
  if (text.includes('\0')) {
    for (let start = 0; ;) {
      const middle = text.indexOf('\0', start);
      const end = middle === -1 ? -1 : text.indexOf('\0', middle + 1);
      if (end === -1) return;
      yield { path: utf8Of(text.slice(start, middle)), target: utf8Of(text.slice(middle + 1, end)), offset: start };
      start = end + 1;
    }
  }
  let offset = 0;
  for (const line of text.split('\n')) {
    const [, path, target] = LISTED.exec(line) ?? [];
    if (path !== undefined && target !== undefined) yield { path: utf8Of(path), target: utf8Of(target), offset };
    offset += line.length + 1;
  }
}
