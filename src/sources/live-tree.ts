import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { FileTree } from './file-tree.ts';
import { openQuietly, place, treeBy } from './folder-tree.ts';

/** Flag of open(2) on every architecture for which Node.js is made; Node.js has no name for it. */
const O_PATH = 0o10000000;
const FOLDERS_HELD = 256;

export interface LiveTree extends FileTree {
  readonly close: () => void;
}

/**
 * The root folder of what runs, as /proc/PID/root, in which somebody may put a link in the place of a folder at any moment.
 * Each folder is opened by its name in the one before it, and no link is followed by the kernel: what a link means is told
 * by its text, within the tree. So neither a link nor a race leads out, whatever the mounts are. A file is opened only
 * after its descriptor showed that it is a regular one: no pipe, device or socket is.
 *
 * @param barred Folders that are not entered, for whoever answers there could let us wait for ever.
 * @throws What open(2) throws for the root. Linux alone has what this takes.
 */
export function liveTree(root: string, barred: ReadonlyMap<string, 'empty' | 'unsupported'>): LiveTree {
  const top = openSync(`${root}/.`, O_PATH | constants.O_DIRECTORY);
  // The least recently asked for goes first.
  const held = new Map<string, number>();
  const folder = (path: string): number => {
    if (path === '' || path === '/') return top;
    const known = held.get(path);
    if (known !== undefined) {
      held.delete(path);
      held.set(path, known);
      return known;
    }
    const descriptor = openSync(at(path), O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    held.set(path, descriptor);
    const [oldest] = held;
    if (held.size > FOLDERS_HELD && oldest !== undefined) {
      held.delete(oldest[0]);
      closeSync(oldest[1]);
    }
    return descriptor;
  };
  const at = (path: string): string | Buffer => {
    if (path === '/') return `/proc/self/fd/${top}/.`;
    if (barred.has(path)) throw Object.assign(new Error(`${path} is not entered`), { code: 'EXDEV' });
    const cut = path.lastIndexOf('/');
    return place(`/proc/self/fd/${folder(path.slice(0, cut))}`, path.slice(cut));
  };
  const tree = treeBy({
    at,
    barred: (path) => barred.get(path),
    folder: (path) => `/proc/self/fd/${folder(path)}/.`,
    open(path) {
      const named = openSync(at(path), O_PATH | constants.O_NOFOLLOW);
      try {
        return fstatSync(named).isFile() ? openQuietly(`/proc/self/fd/${named}`) : 'unsupported';
      } finally {
        closeSync(named);
      }
    },
  });
  return {
    ...tree,
    close() {
      for (const descriptor of [...held.values(), top]) closeSync(descriptor);
      held.clear();
    },
  };
}
