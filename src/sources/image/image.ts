import { utf8 } from '../../lib/bytes.ts';
import { sha256 } from '../../lib/hash.ts';
import type { Artifact, ArtifactGap, Origin } from '../../model/artifact.ts';
import type { Issue } from '../../model/gap.ts';
import { isUnseen, unseen, type Maybe, type UnseenReason } from '../../model/unseen.ts';
import { artifactOf } from '../../snapshot/stream.ts';
import type { FileTree } from '../file-tree.ts';
import { canonicalIn, type Canonical } from '../tree-paths.ts';

/** A tree that came in an archive: what is not in it may be on the host all the same. */
export interface CollectedTree {
  /** The name under which the archive has a path. */
  readonly memberOf: (path: string) => string;
  /** Its files are as they were on the host; some collectors put other words in the place of passwords and addresses. */
  readonly verbatim: boolean;
}

/** A tree that is being read: what is asked of it, and what came of it so far. */
export interface Image {
  readonly tree: FileTree;
  readonly canonical: Canonical;
  readonly artifacts: Map<string, Artifact>;
  readonly gaps: ArtifactGap[];
  readonly issues: Issue[];
  /** Where the tree came in an archive, which holds what its collector chose. */
  readonly collected?: CollectedTree;
  /** Lets others work, and stops when that was asked for: hashing keeps a thread busy for seconds. */
  breathe(): Promise<void>;
}

export function imageOf(
  tree: FileTree,
  { collected, signal }: { collected?: CollectedTree | undefined; signal?: AbortSignal | undefined } = {},
): Image {
  return {
    tree,
    canonical: canonicalIn((path) => tree.stat(path)),
    artifacts: new Map(),
    gaps: [],
    issues: [],
    ...(collected === undefined ? {} : { collected }),
    breathe: () =>
      new Promise((resolve, reject) => {
        setImmediate(() => {
          if (signal?.aborted === true) reject(signal.reason as Error);
          else resolve();
        });
      }),
  };
}

/** @param origins Where it comes from, told of a tree from an archive alone: of any other, paths are names of their own. */
export function add(
  { artifacts, collected }: Image,
  name: string,
  content: string | Uint8Array,
  { cut = false, origins = [] }: { readonly cut?: boolean; readonly origins?: readonly Origin[] } = {},
): void {
  const artifact = artifactOf(name, typeof content === 'string' ? utf8(content) : content);
  artifacts.set(name, {
    ...artifact,
    ...(cut ? { cut } : {}),
    ...(collected === undefined || origins.length === 0 ? {} : { origins }),
  });
}

export function miss({ gaps }: Image, name: string, reason: UnseenReason, detail?: string): void {
  gaps.push({ name, reason, ...(detail === undefined ? {} : { detail }) });
}

/** A path as it is told in evidence. */
export function memberOf({ collected }: Image, path: string): string {
  return collected?.memberOf(path) ?? path;
}

/** A file as an artifact of its own; one that is not there is a gap only where `expected`. */
export function addFile(image: Image, path: string, { limitBytes = 16 << 20, expected = true } = {}): void {
  const read = image.tree.read(path, limitBytes);
  if (typeof read === 'string') {
    if (expected || read !== 'absent') miss(image, path, read);
    return;
  }
  const place = image.canonical(path, 'followed');
  const whole = { offset: 0, line: 1, originalLine: 1, originalOffset: 0 };
  const origin = { name: memberOf(image, isUnseen(place) ? path : place), sha256: sha256(read.bytes), ...whole };
  add(image, path, read.bytes, { cut: read.cut, origins: [origin] });
  if (read.cut) miss(image, path, 'truncated', `cut after ${read.bytes.length} bytes`);
}

/** A text of the tree; what is no UTF-8 in it becomes U+FFFD. */
export function textOf({ tree }: Image, path: string, limitBytes = 16 << 20): Maybe<string> {
  const read = tree.read(path, limitBytes);
  return typeof read === 'string' ? unseen(read) : decoder.decode(read.bytes);
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
