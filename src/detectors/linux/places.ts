import type { FileView, Origin } from './file-view.ts';
import { isForEverybody, isOfTheDistribution } from './paths.ts';

/**
 * What kind of place a file lies in. `open`: everybody may write there; `memory`: a restart empties it; `hidden`: listings
 * pass over it; `home`: hidden below a home folder, where tools keep their own; `data`: logs and caches; `distribution`:
 * nothing comes there but from packages; `elsewhere`: software of any origin is at home, as under /opt or /usr/local.
 */
export type Place = 'open' | 'memory' | 'hidden' | 'home' | 'data' | 'distribution' | 'elsewhere';

export const MEMORY_FILE_SYSTEMS = new Set(['tmpfs', 'ramfs', 'devtmpfs']);
/** The same where no mounts are known, as of an image. */
const IN_MEMORY = /^\/(?:run|var\/run|var\/lock|dev)\//;
const OPEN = /^\/(?:dev\/(?:shm|mqueue)|run\/(?:shm|lock)|var\/lock|var\/crash)\//;
const DATA = /^\/(?:var\/(?:log|cache|mail|backups|spool\/(?:mail|lpd))|boot|lost\+found)\//;
const HOME = /^\/(?:root|home\/[^/]+)\//;

/** Whether a name on the way to a file begins with a dot. */
export function isHidden(path: string): boolean {
  return /\/\.(?!\.?(?:\/|$))/.test(path);
}

export function isAtHome(path: string): boolean {
  return HOME.test(path);
}

export function placeOfFile(view: FileView, path: string): Place {
  if (isForEverybody(path) || OPEN.test(path)) return 'open';
  if (isHidden(path)) return isAtHome(path) ? 'home' : 'hidden';
  if (IN_MEMORY.test(path) || MEMORY_FILE_SYSTEMS.has(view.mountTypeOf(path) ?? '')) return 'memory';
  if (DATA.test(path)) return 'data';
  return isOfTheDistribution(view.canonical(path)) ? 'distribution' : 'elsewhere';
}

/** The place in words that follow "lies" or "is". */
export const PLACE_IN_WORDS: Readonly<Record<Place, string>> = {
  open: 'where everybody may write',
  memory: 'on a file system in memory',
  hidden: 'under a hidden name',
  home: 'under a hidden name in a home folder',
  data: 'among logs and other data, where no programs belong',
  distribution: 'in the folders of the distribution',
  elsewhere: 'outside of the folders of the distribution',
};

/** Where a foreign file is and what is known of it, as a clause. */
export function standingInWords(place: Place, origin: Origin): string {
  const lies = `lies ${PLACE_IN_WORDS[place]}`;
  return origin === 'unpackaged' ? `belongs to no package and ${lies}` : lies;
}
