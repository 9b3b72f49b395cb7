import { hash } from 'node:crypto';
import { isUnseen } from '../../model/unseen.ts';
import { add, miss, type Image } from './image.ts';
import type { Owned } from './packages.ts';
import { OTHER_PROGRAM_FOLDERS, PROGRAM_FOLDERS } from './places.ts';
import { below, tellLoss, walkOf, type Found } from './walk.ts';

const ENTRIES = 1_000_000;
const DIGESTS = 4_000;
const FILE_LIMIT = 64 << 20;
const ALL_LIMIT = 4 * 2 ** 30;

/** Programs and libraries of note. */
export interface Programs {
  /** In the folders of packages, and of none. */
  readonly unowned: readonly Found[];
  /** Those that run with the rights of their owner or group. */
  readonly privileged: readonly Found[];
}

/** Goes through the folders of programs and libraries. Without packages nothing is known to be of none. */
export async function programsOf(image: Image, owned: Owned | undefined): Promise<Programs> {
  const [unowned, privileged]: [Found[], Found[]] = [[], []];
  const walk = walkOf(ENTRIES);
  let seen = 0;
  for (const folder of new Set([...PROGRAM_FOLDERS, ...OTHER_PROGRAM_FOLDERS])) {
    const place = image.canonical(folder, 'kept');
    const entry = isUnseen(place) ? place.unseen : image.tree.stat(place);
    // /bin as a link to /usr/bin is gone through once.
    if (typeof entry === 'string' || entry.type !== 'directory') continue;
    for (const found of below(image.tree, folder, walk)) {
      seen += 1;
      if (seen % 1024 === 0) await image.breathe();
      if (found.entry.type !== 'file') continue;
      if (((found.entry.mode ?? 0) & 0o6000) !== 0) privileged.push(found);
      if (
        owned === undefined ||
        owned.has(found.path) ||
        OTHER_PROGRAM_FOLDERS.some((other) => isBelow(found.path, other))
      )
        continue;
      if (!OF_THE_KERNEL.test(found.path) && isCode(image, found)) unowned.push(found);
    }
  }
  tellLoss(image, 'command/code-digests', walk);
  return { unowned, privileged };
}

/** Modules that are built on the host are of no package, and so is what depmod writes. */
const OF_THE_KERNEL = /^(?:\/usr)?\/lib\/modules\//;

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

/** An ELF file, or one that may be started. */
export function isCode({ tree }: Image, { path, entry }: Found): boolean {
  if (((entry.mode ?? 0) & 0o111) !== 0) return true;
  if (entry.sizeBytes < 4) return false;
  const read = tree.read(path, 4);
  return typeof read !== 'string' && Buffer.from(read.bytes).equals(ELF);
}

const ELF = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);

/**
 * The artifact `command/code-digests`: SHA-256, the digest that others publish, of programs of no package, and for those
 * of a package the digest that it uses, as far as it is MD5 or SHA-256.
 *
 * @param paths Without links.
 */
export async function addDigests(image: Image, paths: Iterable<string>, owned: Owned | undefined): Promise<void> {
  const lines: string[] = [];
  let [left, unread, files] = [ALL_LIMIT, 0, 0];
  for (const path of new Set(paths)) {
    files += 1;
    if (files % 16 === 0) await image.breathe();
    if (/[\n\\]/.test(path)) continue;
    const read = files > DIGESTS || left <= 0 ? 'unsupported' : image.tree.read(path, FILE_LIMIT);
    if (typeof read === 'string' || read.cut) {
      unread += 1;
      continue;
    }
    left -= read.bytes.length;
    lines.push(`${hash(owned?.get(path)?.algorithm === 'md5' ? 'md5' : 'sha256', read.bytes)}  ${path}\n`);
  }
  add(image, 'command/code-digests', lines.join(''), { cut: unread > 0 });
  if (unread > 0) miss(image, 'command/code-digests', 'truncated', `${unread} of ${files} files were not read`);
}
