import { matchesGlob } from 'node:path';
import { linesOf } from '../../lib/lines.ts';
import {
  folderOf,
  HOME_SETTINGS,
  HOME_UNIT_FOLDERS,
  NAMING_LINES,
  NOT_NAMING,
  SETTINGS,
  UNIT_FOLDERS,
  UNIT_LINES,
} from '../../model/settings-files.ts';
import { isUnseen } from '../../model/unseen.ts';
import { Gathered } from './gathered.ts';
import { miss, type Image } from './image.ts';
import { below, tellLoss, walkOf, type Found, type Walk } from './walk.ts';

const FILE_LIMIT = 512 << 10;
const ALL_LIMIT = 48 << 20;
const ENTRIES = 100_000;
/** Longer ones are data. */
const LONGEST_LINE = 4096;

/** What the settings of an image say, for those who ask further. */
export interface Settings {
  /** The files, for their metadata, and whose paths are asked of the packages. */
  readonly files: readonly Found[];
  /** Absolute paths that their lines name. */
  readonly names: ReadonlySet<string>;
}

/** The artifacts `files/settings` and `command/units`: each line of each file as `PATH:LINE`. */
export function settingsOf(image: Image, homes: readonly string[]): Settings {
  const walk = walkOf(ENTRIES);
  const places = [...SETTINGS, ...homes.flatMap((home) => HOME_SETTINGS.map((name) => `${home}/${name}`))];
  const units = [...UNIT_FOLDERS, ...homes.flatMap((home) => HOME_UNIT_FOLDERS.map((name) => `${home}/${name}`))];
  const names = new Set<string>();
  const files = [
    ...gather(
      image,
      'files/settings',
      places.map((place) => matching(image, place, walk)),
      names,
    ),
    ...gather(
      image,
      'command/units',
      [...units.map((folder) => below(image.tree, folder, walk, 2)), settingsOfServices(image, walk)],
      names,
      (path, text) => (isOfService(path) ? isNaming(text) : UNIT_LINE.test(text)),
    ),
  ];
  tellLoss(image, 'files/settings', walk);
  return { files, names };
}

const UNIT_LINE = new RegExp(UNIT_LINES.replaceAll('[:space:]', String.raw`\s`));

/** What else lies under /etc, where services are told what to run. */
function* settingsOfServices(image: Image, walk: Walk): Generator<Found> {
  for (const found of below(image.tree, '/etc', walk, 1)) {
    if (!isOfService(found.path)) continue;
    if (found.entry.type === 'directory') yield* below(image.tree, found.path, walk, 4);
    else yield found;
  }
}

const HEAD_OF_ETC = /^\/etc\/([^/]+)/;
const NAMING_LINE = new RegExp(NAMING_LINES);

function isOfService(path: string): boolean {
  const [, head] = HEAD_OF_ETC.exec(path) ?? [];
  return head !== undefined && !NOT_NAMING.some((pattern) => matchesGlob(head, pattern));
}

function isNaming(text: string): boolean {
  return text.length <= LONGEST_LINE && NAMING_LINE.test(text);
}

function* matching(image: Image, place: string, walk: Walk): Generator<Found> {
  const folder = folderOf(place);
  if (folder !== undefined) {
    yield* below(image.tree, folder.folder, walk, folder.depth);
    return;
  }
  const entry = image.tree.stat(place);
  if (typeof entry !== 'string') yield { path: place, entry };
  else if (entry === 'denied') walk.unlisted += 1;
}

/** One artifact of many files; the same file is read once, by whatever links it is reached. Returns what there was. */
function gather(
  image: Image,
  artifact: string,
  sources: readonly Iterable<Found>[],
  names: Set<string>,
  wants: (path: string, text: string) => boolean = () => true,
): Found[] {
  const [lines, files, had]: [Gathered, Found[], Set<string>] = [new Gathered(image), [], new Set()];
  let [refused, cut] = [0, 0];
  const all = sources.flatMap((source) => [...source]);
  // A file speaks under its own name: the links that lead to it come after all files.
  const [links = [], others = []] = [true, false].map((is) =>
    all.filter(({ entry }) => (entry.type === 'link') === is),
  );
  for (const found of [...others, ...links]) {
    const place = image.canonical(found.path, 'kept');
    if (isUnseen(place) || had.has(place)) continue;
    had.add(place);
    files.push({ ...found, path: place });
    const target = found.entry.type === 'link' ? image.canonical(place, 'followed') : place;
    if (found.entry.type === 'directory' || found.entry.type === 'other' || isUnseen(target)) continue;
    if (target !== place && had.has(target)) continue;
    had.add(target);
    // Whoever reads these lines splits them at the first colon.
    if (/[:\n]/.test(place)) continue;
    const read = image.tree.read(target, FILE_LIMIT);
    if (typeof read === 'string') {
      if (read === 'denied') refused += 1;
      continue;
    }
    if (read.cut || lines.sizeBytes > ALL_LIMIT) cut += 1;
    if (lines.sizeBytes > ALL_LIMIT || isProgram(read.bytes)) continue;
    for (const { text, number } of linesOf(read.bytes, FILE_LIMIT)) {
      if (!wants(place, text)) continue;
      lines.add(`${place}:${text}`, target, read.bytes, number);
      for (const [name] of text.matchAll(NAMED)) names.add(name);
    }
  }
  lines.into(artifact, cut > 0);
  if (refused > 0) miss(image, artifact, 'denied', `${refused} files`);
  if (cut > 0) miss(image, artifact, 'truncated', `${cut} files are larger than is read`);
  return files;
}

const NAMED = /(?<![\w./])\/[\w@%+=.,~-]+(?:\/[\w@%+=.,~-]+)*/g;

function isProgram(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
}
