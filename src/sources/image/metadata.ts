import { utf8 } from '../../lib/bytes.ts';
import { sha256 } from '../../lib/hash.ts';
import type { Origin } from '../../model/artifact.ts';
import type { TreeEntry } from '../file-tree.ts';
import { HOOK_FOLDERS, LINK_FOLDERS, LISTED_DEPTH, LISTED_FLAT, LISTED_FOLDERS } from '../../model/settings-files.ts';
import { isUnseen } from '../../model/unseen.ts';
import { add, memberOf, type Image } from './image.ts';
import { below, tellLoss, walkOf, type Found } from './walk.ts';

const ENTRIES = 50_000;
const LISTED = [...LISTED_FOLDERS, ...LISTED_FLAT, ...HOOK_FOLDERS];

/** The artifact `files/metadata`: the given files, and those of the folders of which only the metadata count. */
export function addMetadata(image: Image, files: Iterable<Found>): void {
  const walk = walkOf(ENTRIES);
  const records = new Map<string, string>();
  const all = [...files, ...LISTED.flatMap((folder) => [...below(image.tree, folder, walk, LISTED_DEPTH)])];
  for (const { path, entry } of all) {
    const place = image.canonical(path, 'kept');
    if (!isUnseen(place)) records.set(place, recordOf(place, entry));
  }
  add(image, 'files/metadata', [...records.values()].join(''));
  tellLoss(image, 'files/metadata', walk);
}

/** As find prints it: `%p\0%y %s %U %G %m %n %i %A@ %T@ %C@ %B@ %l\0`, `-` for what is not known. */
function recordOf(path: string, entry: TreeEntry): string {
  const { type, sizeBytes, uid, gid, mode, links, inode, accessed, modified, changed, born, target = '' } = entry;
  const words = [
    LETTER[type],
    sizeBytes,
    uid ?? '-',
    gid ?? '-',
    mode?.toString(8) ?? '-',
    links ?? '-',
    inode ?? '-',
    ...[accessed, modified, changed, born].map((time) => time?.toFixed(6) ?? '-'),
  ];
  return `${path}\0${words.join(' ')} ${target}\0`;
}

const LETTER: Readonly<Record<TreeEntry['type'], string>> = { file: 'f', directory: 'd', link: 'l', other: 'U' };

/** A link has no content. */
const NOTHING = sha256(new Uint8Array());

/** The artifact `command/program-links`: pairs of path and target, each ended by NUL. */
export function addProgramLinks(image: Image): void {
  const walk = walkOf(ENTRIES);
  const heads = [...below(image.tree, '/', walk, 1)];
  const links = [...heads, ...LINK_FOLDERS.flatMap((folder) => [...below(image.tree, folder, walk, 1)])].filter(
    ({ path, entry }) => entry.type === 'link' && !path.endsWith('.gz'),
  );
  const parts: string[] = [];
  const origins: Origin[] = [];
  let offset = 0;
  for (const { path, entry } of links) {
    origins.push({ name: memberOf(image, path), sha256: NOTHING, offset, line: 1, originalLine: 1 });
    const part = `${path}\0${entry.target ?? ''}\0`;
    parts.push(part);
    offset += utf8(part).length;
  }
  add(image, 'command/program-links', parts.join(''), { origins });
  tellLoss(image, 'command/program-links', walk);
}
