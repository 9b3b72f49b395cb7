import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { headOf } from '../sources/evidence/archive.ts';
import { showsMore } from '../sources/evidence/formats.ts';
import { gistOf, type Gist } from '../sources/evidence/gist.ts';
import { isOutput } from '../sources/evidence/plain.ts';
import { isCaptureFile } from '../sources/capture/open.ts';
import { isSnapshot } from '../snapshot/archive.ts';
import { isLookOutput } from '../snapshot/stream.ts';
import { isRootFolder } from './image.ts';
import type { CaptureInput, Given, Source } from './stored.ts';

const DEPTH = 8;
const PACKED: ReadonlySet<Gist['is']> = new Set(['gzip', 'bzip2', 'xz', 'zip', 'tar']);
/** What lies at the top of an unpacked collection of UAC, or of a sos report. */
const UNPACKED = ['live_response', 'sos_commands'];

/**
 * The pieces of evidence that paths mean: outputs of commands that were given together are one host's look, and so are those of
 * a folder; an archive, a snapshot, an unpacked archive is one each. What is found by content does not depend on names.
 */
export async function gather(paths: readonly (string | Given | CaptureInput)[]): Promise<readonly Source[]> {
  const sources: Source[] = [];
  const loose: string[] = [];
  for (const path of paths) {
    const kind = typeof path === 'string' ? await kindOf(path) : 'piece';
    if (typeof path === 'string' && (kind === 'output' || kind === 'about')) loose.push(path);
    else if (typeof path === 'string' && kind === 'folder') sources.push(...(await within(path)));
    else if (typeof path === 'string' && kind === 'capture') sources.push({ capture: path });
    else sources.push(path);
  }
  if (loose.length > 0) sources.push(outputsOf(loose, (path) => basename(path)));
  return sources;
}

/** `about` tells of the host alone, as `hostname` does and as many a log does by chance. */
type Kind = 'capture' | 'output' | 'about' | 'piece' | 'folder' | 'unknown';

async function kindOf(path: string): Promise<Kind> {
  try {
    if ((await stat(path)).isDirectory()) return 'folder';
    const head = await headOf({ path });
    if (isSnapshot(head) || isLookOutput(head)) return 'piece';
    if (await isCaptureFile(path, head)) return 'capture';
    const { is } = gistOf(head);
    if (PACKED.has(is)) return 'piece';
    if (is === 'text' && showsMore(head)) return 'output';
    return is === 'empty' || (is === 'text' && isOutput(head)) ? 'about' : 'unknown';
  } catch {
    return 'unknown'; // who reads it says why it cannot be read
  }
}

/** A folder that is one piece, or the pieces in it. */
async function within(folder: string, depth = 0): Promise<readonly Source[]> {
  const names: readonly string[] = (await readdir(folder).catch((): string[] => [])).sort();
  if (names.some((name) => UNPACKED.includes(name))) return [{ folder }];
  if (isRootFolder(folder)) return [{ root: folder }];
  const sources: Source[] = [];
  const outputs: string[] = [];
  let shows = false;
  const rest: string[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const kind = await kindOf(path);
    if (kind === 'folder') sources.push(...(depth < DEPTH ? await within(path, depth + 1) : []));
    else if (kind === 'piece') sources.push(path);
    else if (kind === 'capture') sources.push({ capture: path });
    else (kind === 'unknown' ? rest : outputs).push(path);
    shows ||= kind === 'output';
  }
  // What else lies beside outputs is told to be none of them; beside archives lie their digests and logs.
  if (sources.length === 0 || shows)
    sources.push({ ...outputsOf([...outputs, ...rest], (path) => basename(path)), name: folder });
  return sources;
}

function outputsOf(paths: readonly string[], nameOf: (path: string) => string): Extract<Source, { outputs: unknown }> {
  const names = Map.groupBy(paths, nameOf);
  const outputs = paths.map((path) => ({
    path,
    name: (names.get(nameOf(path))?.length ?? 0) > 1 ? path : nameOf(path),
  }));
  const [first = ''] = [...paths].sort();
  return { name: paths.length === 1 ? first : `${first} and ${paths.length - 1} more`, outputs };
}
