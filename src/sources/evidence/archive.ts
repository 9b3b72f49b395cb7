import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { concat } from '../../lib/bytes.ts';
import { Flow, TAR_END, wordsOf, type Packed } from './flow.ts';
import { GIST_BYTES, gistOf, type Gist } from './gist.ts';
import { LIMITS, Members, type Limits, type Unpacked } from './members.ts';
import { isWanted } from './wanted.ts';
import { unzip } from './zip.ts';

/** The first bytes of a file, enough to tell what it is. */
export async function headOf(packed: Packed): Promise<Uint8Array> {
  if ('bytes' in packed) return packed.bytes.subarray(0, GIST_BYTES);
  const file = await open(packed.path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(GIST_BYTES), 0, GIST_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * Unpacks an archive into memory, in one pass and within limits. Of one that is damaged or cut it gives what comes before. A
 * file that is packed alone becomes an archive of that file.
 *
 * @returns What it is instead, where it is no archive.
 */
export async function unpack(packed: Packed, name: string, limits: Limits = LIMITS): Promise<Unpacked | Gist> {
  const outer = gistOf(await headOf(packed));
  if (outer.is === 'zip') return unzip(packed, limits);
  if (outer.is !== 'gzip' && outer.is !== 'bzip2' && outer.is !== 'xz' && outer.is !== 'tar') return outer;
  const flow = new Flow(packed, outer.is, limits);
  const inner = gistOf(await flow.peek());
  if (inner.is === 'tar') return untar(flow, limits);
  if (inner.is === 'text') return alone(flow, name, limits);
  await flow.stop();
  if (inner.is === 'other') return inner;
  return {
    is: 'other',
    looksLike:
      inner.is === 'empty'
        ? `an archive of which nothing can be unpacked${flow.broken === undefined ? '' : `: ${flow.broken}`}`
        : 'an archive within an archive; unpack it first',
  };
}

async function untar(flow: Flow, limits: Limits): Promise<Unpacked> {
  const members = new Members(limits);
  const reader = extract();
  const fed = pipeline(flow.parts(), reader).then(
    () => undefined,
    (error: unknown) => `it breaks off: ${wordsOf(error)}`,
  );
  let broken: string | undefined;
  let open: string | undefined;
  try {
    for await (const entry of reader) {
      const { name, size } = entry.header;
      open = name;
      const wanted = entry.header.type === 'file' || entry.header.type === 'contiguous-file' ? isWanted(name) : false;
      const room = wanted ? members.room(size) : 0;
      const parts: Uint8Array[] = [];
      let had = 0;
      try {
        for await (const part of entry as AsyncIterable<Uint8Array>) {
          if (had < room) parts.push(part.subarray(0, room - had));
          had += part.length;
        }
      } finally {
        // Of a member in which the archive breaks off, what came is kept.
        const bytes = concat(parts);
        if (had > 0 || size === 0) take(members, entry.header, { bytes, wanted, cut: bytes.length < size });
      }
      open = undefined;
    }
  } catch (error) {
    broken = `it breaks off${open === undefined ? '' : ` in ${open.slice(0, 200)}`}: ${wordsOf(error)}`;
  }
  broken =
    flow.broken ??
    broken ??
    (await fed) ??
    (flow.tail.length < TAR_END || flow.tail.some((byte) => byte !== 0)
      ? 'it ends without the mark of its end'
      : undefined);
  return { members, ...(broken === undefined ? {} : { broken }) };
}

function take(
  members: Members,
  { name, type, linkname, size }: Header,
  { bytes, wanted, cut }: { readonly bytes: Uint8Array; readonly wanted: boolean; readonly cut: boolean },
): void {
  switch (type) {
    case 'file':
    case 'contiguous-file':
      if (!wanted) members.add(name, { type: 'other' });
      else members.add(name, { type: 'file', bytes, cut, sizeBytes: size });
      break;
    case 'symlink':
      members.add(name, { type: 'link', target: linkname ?? '' });
      break;
    case 'link': {
      // The same file under a second name, in the archive and nowhere else.
      const other = members.file(linkname ?? '');
      members.add(name, other ?? { type: 'other' });
      break;
    }
    case 'directory':
      members.add(name, { type: 'directory' });
      break;
    default:
      members.add(name, { type: 'other' });
  }
}

async function alone(flow: Flow, name: string, limits: Limits): Promise<Unpacked> {
  const members = new Members(limits);
  const parts: Uint8Array[] = [];
  let had = 0;
  for await (const part of flow.parts()) {
    if (had < limits.memberBytes) parts.push(part.subarray(0, limits.memberBytes - had));
    had += part.length;
  }
  const broken = flow.broken ?? flow.short;
  const cut = had > limits.memberBytes || broken !== undefined;
  const own = name.replace(/^.*\//, '').replace(/\.(?:gz|xz)$/i, '');
  members.add(own, { type: 'file', bytes: concat(parts), cut, sizeBytes: had });
  return { members, ...(broken === undefined ? {} : { broken }) };
}
