import type { UnseenReason } from '../model/unseen.ts';
import { isUnseen } from '../model/unseen.ts';
import type { FileTree, TreeEntry } from '../sources/file-tree.ts';
import { canonicalIn } from '../sources/tree-paths.ts';

/** A file by its content, or with more about it; a link by its target; what cannot be had by the reason. */
export type Planted =
  | string
  | Uint8Array
  | { readonly link: string }
  | { readonly unseen: UnseenReason }
  | (Partial<TreeEntry> & { readonly content: string | Uint8Array });

/** A tree in memory: path to what lies there. Folders follow from the paths; an empty one is a path that ends in `/`. */
export function memoryTree(planted: Readonly<Record<string, Planted>>): FileTree {
  const folders = new Map<string, Set<string>>([['/', new Set()]]);
  for (const path of Object.keys(planted)) {
    const parts = path.split('/').filter((part) => part !== '');
    for (const [index, part] of parts.entries()) {
      const folder = `/${parts.slice(0, index).join('/')}`;
      if (index < parts.length - 1 || path.endsWith('/')) {
        const own = `${folder === '/' ? '' : folder}/${part}`;
        folders.set(own, folders.get(own) ?? new Set());
      }
      folders.get(folder)?.add(part);
    }
  }
  const contentOf = (one: Planted) => {
    const content = typeof one === 'object' && 'content' in one ? one.content : one;
    return typeof content === 'string' ? new TextEncoder().encode(content) : content;
  };
  const entryAt = (path: string): TreeEntry | UnseenReason => {
    const one = planted[path];
    if (one === undefined) return folders.has(path) ? { type: 'directory', sizeBytes: 0, mode: 0o755 } : 'absent';
    if (isUnseen(one)) return one.unseen;
    if (typeof one === 'object' && 'link' in one) return { type: 'link', sizeBytes: one.link.length, target: one.link };
    const { content: _, ...more } = typeof one === 'object' && 'content' in one ? one : { content: '' };
    const bytes = contentOf(one);
    const sizeBytes = bytes instanceof Uint8Array ? bytes.length : 0;
    return { type: 'file', sizeBytes, mode: 0o644, uid: 0, gid: 0, modified: 1_700_000_000, ...more };
  };
  const canonical = canonicalIn(entryAt);
  return {
    list(path) {
      const found = canonical(path, 'followed');
      if (isUnseen(found)) return found.unseen;
      const entry = entryAt(found);
      if (typeof entry === 'string') return entry;
      return [...(folders.get(found) ?? [])].sort();
    },
    stat(path) {
      const found = canonical(path, 'kept');
      return isUnseen(found) ? found.unseen : entryAt(found);
    },
    read(path, limitBytes) {
      const found = canonical(path, 'followed');
      if (isUnseen(found)) return found.unseen;
      const entry = entryAt(found);
      if (typeof entry === 'string') return entry;
      const one = planted[found];
      const bytes = one === undefined ? undefined : contentOf(one);
      if (!(bytes instanceof Uint8Array)) return 'unsupported';
      return { bytes: bytes.subarray(0, limitBytes), cut: bytes.length > limitBytes };
    },
  };
}
