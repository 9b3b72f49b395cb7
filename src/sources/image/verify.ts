import { hash } from 'node:crypto';
import { isUnseen } from '../../model/unseen.ts';
import { add, miss, type Image } from './image.ts';
import type { Owned } from './packages.ts';
import { isOfPrograms } from './places.ts';
import type { Recorded } from './recorded.ts';

const FILE_LIMIT = 1 << 30;
/** Enough for a server of any size; an image that was made to last holds more. */
const ALL_LIMIT = 64 * 2 ** 30;

/**
 * The artifact `command/package-verify`: packaged files that are not those that the packages brought, in the form of
 * `dpkg --verify`. Every file with a recorded digest in the folders of programs and libraries is read, and every
 * configuration file; `all` reads the others too.
 *
 * @returns The paths that differ.
 */
export async function addVerification(image: Image, owned: Owned, all: boolean): Promise<ReadonlySet<string>> {
  const lines: string[] = [];
  const differing = new Set<string>();
  const collected = image.collected !== undefined;
  let [left, unread, files] = [ALL_LIMIT, 0, 0];
  for (const [path, recorded] of owned) {
    if (recorded.digest === undefined || !(all || recorded.configuration || isOfPrograms(path))) continue;
    files += 1;
    if (files % 16 === 0) await image.breathe();
    const state = left > 0 ? stateOf(image, path, recorded) : { is: 'unread' as const };
    if (state.is === 'unread') unread += 1;
    left -= state.sizeBytes ?? 0;
    if (state.is === 'unread' || state.is === 'same') continue;
    if (state.is === 'missing' && (collected || recorded.configuration || MAY_BE_LEFT_OUT.test(path))) continue;
    differing.add(path);
    // A name with a line feed would be two lines; no package has one.
    if (path.includes('\n')) continue;
    lines.push(`${state.is === 'missing' ? 'missing  ' : '??5??????'} ${recorded.configuration ? 'c' : ' '} ${path}\n`);
  }
  add(image, 'command/package-verify', lines.join(''), { cut: unread > 0 });
  if (unread > 0) miss(image, 'command/package-verify', 'truncated', `${unread} of ${files} files could not be read`);
  return differing;
}

/** What small images leave out of packages by rule. @see dpkg(1), --path-exclude */
const MAY_BE_LEFT_OUT = /^\/usr\/(?:share|lib\/locale|include|src)\//;

interface State {
  readonly is: 'same' | 'changed' | 'missing' | 'unread';
  readonly sizeBytes?: number;
}

function stateOf({ tree, canonical, collected }: Image, path: string, { digest, algorithm = 'md5' }: Recorded): State {
  const link = tree.stat(path);
  // apk records of a link the digest of its target; dpkg and rpm record none.
  if (typeof link !== 'string' && link.target !== undefined && hash(algorithm, link.target) === digest)
    return { is: 'same' };
  const place = canonical(path, 'followed');
  const entry = isUnseen(place) ? place.unseen : tree.stat(place);
  if (entry === 'absent') return { is: 'missing' };
  if (typeof entry === 'string') return { is: 'unread' };
  // A collector leaves content out, and makes folders of what it takes a part of.
  if (entry.type !== 'file') return { is: collected === undefined ? 'changed' : 'unread' };
  const read = tree.read(path, FILE_LIMIT);
  if (typeof read === 'string' || read.cut) return { is: 'unread' };
  return { is: hash(algorithm, read.bytes) === digest ? 'same' : 'changed', sizeBytes: read.bytes.length };
}
