import { isUnseen, unseen, type Unseen, type UnseenReason } from '../model/unseen.ts';
import type { TreeEntry } from './file-tree.ts';

/** As many links as Linux follows in one path (MAXSYMLINKS). */
const LINKS_FOLLOWED = 40;
/** PATH_MAX of Linux. */
const PATH_LIMIT = 4096;
const FOLDERS_REMEMBERED = 100_000;

/**
 * The path without links that a path means within a tree; one that is no path there says why.
 *
 * @param last Whether a link at its end is followed as well.
 */
export type Canonical = (path: string, last: 'followed' | 'kept') => string | Unseen;

/**
 * Follows links as the kernel does, with the tree's own root for `/`: neither `..` nor an absolute link leads out of it, and
 * links that go in circles end.
 *
 * @param entryAt What lies at a path without links before its end. Folders are remembered: a tree lies still.
 */
export function canonicalIn(entryAt: (path: string) => TreeEntry | UnseenReason): Canonical {
  const folders = new Map<string, string | Unseen>([['', '']]);
  const walk = (from: string, name: string, last: 'followed' | 'kept'): string | Unseen => {
    const pending = [name];
    let now = from;
    let followed = 0;
    for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
      if (part === '' || part === '.') continue;
      if (part === '..') {
        now = now.slice(0, Math.max(0, now.lastIndexOf('/')));
        continue;
      }
      const here = `${now}/${part}`;
      if (pending.length === 0 && last === 'kept') return here;
      const entry = entryAt(here);
      if (typeof entry === 'string') return unseen(entry);
      if (entry.type !== 'link') {
        if (pending.length > 0 && entry.type !== 'directory') return unseen('absent');
        now = here;
        continue;
      }
      followed += 1;
      const target = entry.target ?? '';
      if (followed > LINKS_FOLLOWED || target.length > PATH_LIMIT) return unseen('unsupported');
      if (target.startsWith('/')) now = '';
      pending.push(...target.split('/').toReversed());
    }
    return now === '' ? '/' : now;
  };
  const folderOf = (folder: string): string | Unseen => {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const found = stepFrom(folder, 'followed');
    const canonical = found === '/' ? '' : found;
    if (folders.size < FOLDERS_REMEMBERED) folders.set(folder, canonical);
    return canonical;
  };
  const stepFrom = (path: string, last: 'followed' | 'kept'): string | Unseen => {
    const cut = path.lastIndexOf('/');
    const folder = folderOf(path.slice(0, Math.max(0, cut)));
    return isUnseen(folder) ? folder : walk(folder, path.slice(cut + 1), last);
  };
  return (path, last) => (path.length > PATH_LIMIT ? unseen('unsupported') : stepFrom(path, last));
}
