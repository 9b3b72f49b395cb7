import type { UnseenReason } from '../model/unseen.ts';

/** A tree of files as it was found: a mounted image, the root folder of an archive. Paths are absolute within it, `/etc/passwd`. */
export interface FileTree {
  /** Names in a folder, sorted by their bytes; what could not be listed says why. */
  list(folder: string): readonly string[] | UnseenReason;
  /** What a path is; a link is told as one, not followed. */
  stat(path: string): TreeEntry | UnseenReason;
  /** The content of a regular file up to a limit, links followed within the tree. */
  read(path: string, limitBytes: number): { readonly bytes: Uint8Array; readonly cut: boolean } | UnseenReason;
}

/** What is not known of an entry of an archive is absent. */
export interface TreeEntry {
  readonly type: 'file' | 'directory' | 'link' | 'other';
  /** Where a link leads, as it stands there. */
  readonly target?: string;
  readonly sizeBytes: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Permission bits, those of setuid, setgid and the sticky bit among them. */
  readonly mode?: number;
  readonly inode?: number;
  /** Names that it has. */
  readonly links?: number;
  /** Seconds since 1970, with fractions. */
  readonly accessed?: number;
  readonly modified?: number;
  readonly changed?: number;
  readonly born?: number;
}
