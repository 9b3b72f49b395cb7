import { latin1, utf8Of } from './per-process.ts';

/** Mode, links, owner, group, size and time, before the name. */
const LISTED = /^l\S+ +\d+ +\S+ +\S+ +\d+ +(?:[A-Z][a-z]{2} +\d+ +[\d:]+|\d{4}-\d\d-\d\d +[\d:.]+) (.*)$/;

/**
 * Symbolic links as the look printed them: pairs of path and target, each ended by NUL (`find -printf '%p\0%l\0'`), or,
 * where find cannot do that, lines of `ls -ln`. Only the first form is safe against line feeds in targets. The target of a
 * link that could not be read is empty in both.
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
    const listed = LISTED.exec(line)?.[1];
    if (listed !== undefined) {
      const [path = '', ...rest] = listed.split(' -> ');
      yield { path: utf8Of(path), target: utf8Of(rest.join(' -> ')), offset };
    }
    offset += line.length + 1;
  }
}
