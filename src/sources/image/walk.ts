import type { FileTree, TreeEntry } from '../file-tree.ts';
import { miss, type Image } from './image.ts';

/** How much of a tree may still be walked, and what could not be. */
export interface Walk {
  left: number;
  unlisted: number;
}

export function walkOf(entries: number): Walk {
  return { left: entries, unlisted: 0 };
}

export interface Found {
  readonly path: string;
  readonly entry: TreeEntry;
}

/** What lies below a folder, links told and not followed, as deep as asked for; a folder before what it holds. */
export function* below(tree: FileTree, folder: string, walk: Walk, depth = 64): Generator<Found> {
  const names = tree.list(folder);
  if (typeof names === 'string') {
    if (names !== 'absent') walk.unlisted += 1;
    return;
  }
  for (const name of names) {
    if (walk.left <= 0) return;
    walk.left -= 1;
    const path = `${folder === '/' ? '' : folder}/${name}`;
    const entry = tree.stat(path);
    if (typeof entry === 'string') {
      walk.unlisted += 1;
      continue;
    }
    yield { path, entry };
    if (entry.type === 'directory' && depth > 1) yield* below(tree, path, walk, depth - 1);
  }
}

/** Tells what a walk did not reach as a gap of the artifact that it was for. */
export function tellLoss(image: Image, artifact: string, { left, unlisted }: Walk): void {
  if (left <= 0) miss(image, artifact, 'truncated', 'the tree holds more than is walked');
  if (unlisted > 0) miss(image, artifact, 'denied', `${unlisted} paths could not be looked at`);
}
