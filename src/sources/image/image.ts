import { utf8 } from '../../lib/bytes.ts';
import type { Artifact, ArtifactGap } from '../../model/artifact.ts';
import type { Issue } from '../../model/gap.ts';
import { unseen, type Maybe, type UnseenReason } from '../../model/unseen.ts';
import { artifactOf } from '../../snapshot/stream.ts';
import type { FileTree } from '../file-tree.ts';
import { canonicalIn, type Canonical } from '../tree-paths.ts';

/** A tree that is being read: what is asked of it, and what came of it so far. */
export interface Image {
  readonly tree: FileTree;
  readonly canonical: Canonical;
  readonly artifacts: Map<string, Artifact>;
  readonly gaps: ArtifactGap[];
  readonly issues: Issue[];
  /** Lets others work, and stops when that was asked for: hashing keeps a thread busy for seconds. */
  breathe(): Promise<void>;
}

export function imageOf(tree: FileTree, signal?: AbortSignal): Image {
  return {
    tree,
    canonical: canonicalIn((path) => tree.stat(path)),
    artifacts: new Map(),
    gaps: [],
    issues: [],
    breathe: () =>
      new Promise((resolve, reject) => {
        setImmediate(() => {
          if (signal?.aborted === true) reject(signal.reason as Error);
          else resolve();
        });
      }),
  };
}

export function add({ artifacts }: Image, name: string, content: string | Uint8Array, cut = false): void {
  const artifact = artifactOf(name, typeof content === 'string' ? utf8(content) : content);
  artifacts.set(name, cut ? { ...artifact, cut } : artifact);
}

export function miss({ gaps }: Image, name: string, reason: UnseenReason, detail?: string): void {
  gaps.push({ name, reason, ...(detail === undefined ? {} : { detail }) });
}

/** A file as an artifact of its own; one that is not there is a gap only where `expected`. */
export function addFile(image: Image, path: string, { limitBytes = 16 << 20, expected = true } = {}): void {
  const read = image.tree.read(path, limitBytes);
  if (typeof read === 'string') {
    if (expected || read !== 'absent') miss(image, path, read);
    return;
  }
  add(image, path, read.bytes, read.cut);
  if (read.cut) miss(image, path, 'truncated', `cut after ${limitBytes} bytes`);
}

/** A text of the tree; what is no UTF-8 in it becomes U+FFFD. */
export function textOf({ tree }: Image, path: string, limitBytes = 16 << 20): Maybe<string> {
  const read = tree.read(path, limitBytes);
  return typeof read === 'string' ? unseen(read) : decoder.decode(read.bytes);
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
