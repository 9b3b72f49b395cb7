import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { resolve } from 'node:path';
import { isUnseen, type UnseenReason } from '../model/unseen.ts';
import type { FileTree, TreeEntry } from './file-tree.ts';
import { canonicalIn } from './tree-paths.ts';

/** A folder whose own size is larger holds millions of names: nobody's software made it, and it is not listed. */
const FOLDER_LIMIT = 64 << 20;

/**
 * A folder on disk as the root of a tree: a mounted image, an unpacked archive. It lies still while it is read; the root of
 * what runs is `liveTree`.
 *
 * Links mean what they would mean if the folder were `/`; none leads out of it. Only regular files are opened, for reading
 * alone, and where the system allows it so that their time of access stays; listing folders may change theirs, unless the
 * image is mounted read-only. A name that is no UTF-8 is told with a lone surrogate U+DC80 to U+DCFF for each byte above 0x7f.
 */
export function folderTree(folder: string): FileTree {
  const root = resolve(folder).replace(/\/$/, '');
  const within = realPlace(root);
  const at = (path: string) => place(root, path);
  return treeBy({
    at,
    folder: at,
    open(path) {
      // Pipes, devices and sockets are not even opened.
      if (!lstatSync(at(path)).isFile()) return 'unsupported';
      const descriptor = openQuietly(at(path), constants.O_NOFOLLOW);
      // A tree in which somebody still works could have changed since links were followed.
      if (isWithin(within, descriptor)) return descriptor;
      closeSync(descriptor);
      return 'unsupported';
    },
  });
}

/** How the paths of a tree, which have no links but for their last part, become paths of this system. All may throw what the system throws. */
export interface TreeAccess {
  /** For what is asked of the entry itself, links not followed. */
  readonly at: (path: string) => string | Buffer;
  /** For a listing. */
  readonly folder: (path: string) => string | Buffer;
  /** A descriptor of a file, which is closed by whoever asked for it, or why there is none. */
  readonly open: (path: string) => number | UnseenReason;
  /** Folders that are told and not touched: nothing rests in them, or it cannot be read without harm. */
  readonly barred?: (path: string) => 'empty' | 'unsupported' | undefined;
}

/** A tree that is reached in some way. */
export function treeBy({ at, folder, open, barred = () => undefined }: TreeAccess): FileTree {
  const entryAt = (path: string): TreeEntry | UnseenReason =>
    barred(path) === undefined
      ? attempt(() => entryOf(lstatSync(at(path)), at(path)))
      : { type: 'directory', sizeBytes: 0 };
  const canonical = canonicalIn(entryAt);
  return {
    list(path) {
      const found = canonical(path, 'followed');
      if (isUnseen(found)) return found.unseen;
      const bar = barred(found);
      if (bar !== undefined) return bar === 'empty' ? [] : bar;
      return attempt(() => {
        const about = lstatSync(at(found));
        if (!about.isDirectory()) return 'absent';
        if (about.size > FOLDER_LIMIT) return 'unsupported';
        return readdirSync(folder(found), { encoding: 'buffer' })
          .sort((a, b) => Buffer.compare(a, b))
          .map(nameOf);
      });
    },
    stat(path) {
      const found = canonical(path, 'kept');
      return isUnseen(found) ? found.unseen : entryAt(found);
    },
    read(path, limitBytes) {
      const found = canonical(path, 'followed');
      if (isUnseen(found)) return found.unseen;
      return attempt(() => {
        const descriptor = open(found);
        return typeof descriptor === 'number' ? contentOf(descriptor, limitBytes) : descriptor;
      });
    },
  };
}

function contentOf(descriptor: number, limitBytes: number): ReturnType<FileTree['read']> {
  try {
    const about = fstatSync(descriptor);
    if (!about.isFile()) return 'unsupported';
    const bytes = Buffer.allocUnsafe(Math.min(about.size, limitBytes));
    let had = 0;
    while (had < bytes.length) {
      const more = readSync(descriptor, bytes, had, bytes.length - had, had);
      if (more === 0) break;
      had += more;
    }
    return { bytes: bytes.subarray(0, had), cut: about.size > limitBytes };
  } finally {
    closeSync(descriptor);
  }
}

/** Only the owner of a file and root may ask that its time of access stays. */
export function openQuietly(file: string | Buffer, more = 0): number {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | more;
  try {
    // Systems without the flag have none in the table, whatever the types say.
    return openSync(file, flags | ((constants.O_NOATIME as number | undefined) ?? 0));
  } catch (error) {
    if (codeOf(error) !== 'EPERM') throw error;
    return openSync(file, flags);
  }
}

/** The folder by the name that the kernel has for it; undefined where the kernel does not tell such names. */
function realPlace(root: string): string | undefined {
  const descriptor = openSync(`${root}/`, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return placeOf(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function placeOf(descriptor: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return undefined;
  }
}

function isWithin(folder: string | undefined, descriptor: number): boolean {
  if (folder === undefined || folder === '/') return true;
  return placeOf(descriptor)?.startsWith(`${folder}/`) === true;
}

function entryOf(about: Stats, path: string | Buffer): TreeEntry {
  const type = about.isFile() ? 'file' : about.isDirectory() ? 'directory' : about.isSymbolicLink() ? 'link' : 'other';
  return {
    type,
    ...(type === 'link' ? { target: nameOf(readlinkSync(path, { encoding: 'buffer' })) } : {}),
    sizeBytes: about.size,
    uid: about.uid,
    gid: about.gid,
    mode: about.mode & 0o7777,
    inode: about.ino,
    links: about.nlink,
    accessed: about.atimeMs / 1000,
    modified: about.mtimeMs / 1000,
    changed: about.ctimeMs / 1000,
    // File systems that do not tell it answer 0.
    ...(about.birthtimeMs > 0 ? { born: about.birthtimeMs / 1000 } : {}),
  };
}

function attempt<T>(task: () => T): T | UnseenReason {
  try {
    return task();
  } catch (error) {
    switch (codeOf(error)) {
      case 'EACCES':
      case 'EPERM':
        return 'denied';
      case 'ENOENT':
      case 'ENOTDIR':
        return 'absent';
      case undefined:
        throw error;
      default:
        return 'unsupported';
    }
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** A path below a root; `path` begins with a slash. */
export function place(root: string, path: string): string | Buffer {
  if (path.isWellFormed()) return `${root}${path}`;
  const parts = path.split('/').map((name) => bytesOf(name));
  return Buffer.concat([Buffer.from(root), ...parts.flatMap((part, index) => (index === 0 ? [part] : [SLASH, part]))]);
}

const SLASH = Buffer.from('/');

function nameOf(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd') || Buffer.from(text).equals(bytes)) return text;
  return Array.from(bytes, (byte) => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)).join('');
}

function bytesOf(name: string): Buffer {
  if (name.isWellFormed()) return Buffer.from(name);
  return Buffer.from(Array.from(name, (character) => character.charCodeAt(0) & 0xff));
}
