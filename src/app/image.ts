import { LongwatchError } from '../model/errors.ts';
import type { LookOutput } from '../snapshot/stream.ts';
import type { FileTree } from '../sources/file-tree.ts';
import { folderTree } from '../sources/folder-tree.ts';
import { evidenceOfTree, isRootTree, type TreeOptions } from '../sources/image/evidence.ts';

/**
 * The evidence of a mounted image, or of any folder that is the root of a host.
 *
 * @throws {LongwatchError} `INPUT_UNREADABLE` for a folder that cannot be read, `INPUT_UNKNOWN` for one that is no root.
 */
export async function readImage(folder: string, options: TreeOptions): Promise<LookOutput> {
  const tree = treeOf(folder);
  if (!isRootTree(tree))
    throw new LongwatchError('INPUT_UNKNOWN', `${folder} is no root folder of a host: it has no etc and usr`);
  return evidenceOfTree(tree, options);
}

/** Whether a folder is the root of a host. */
export function isRootFolder(folder: string): boolean {
  return isRootTree(treeOf(folder));
}

function treeOf(folder: string): FileTree {
  try {
    return folderTree(folder);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown cause';
    throw new LongwatchError('INPUT_UNREADABLE', `${folder} cannot be read (${code})`, { cause });
  }
}
