import type * as Xz from 'xz-decompress';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { concat } from '../../lib/bytes.ts';
import { GIST_BYTES, gistOf, type Gist } from './gist.ts';
import { LIMITS, Members, type Limits } from './members.ts';
import { isWanted } from './wanted.ts';
import { unzip } from './zip.ts';

/** The package is CommonJS of a kind of which the names cannot be imported. */
const require = createRequire(import.meta.url);

/** A file on disk, or one that was read already, such as standard input. */
export type Packed = { readonly path: string } | { readonly bytes: Uint8Array };

/** What was in an archive; `broken` says why nothing came after some place. */
export interface Unpacked {
  readonly members: Members;
  readonly broken?: string;
}

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
  if (outer.is !== 'gzip' && outer.is !== 'xz' && outer.is !== 'tar') return outer;
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
        ? 'an archive of which nothing can be unpacked'
        : 'an archive within an archive; unpack it first',
  };
}

/** What a stream unpacks to, piece by piece, as far as it can be unpacked. Nothing is thrown: `broken` says why it ends. */
class Flow {
  broken: string | undefined;
  /** The last bytes that came: a whole tar archive ends in zeros. */
  tail: Uint8Array = new Uint8Array();
  readonly #source: AsyncGenerator<Uint8Array>;
  #peeked: readonly Uint8Array[] = [];

  constructor(packed: Packed, kind: 'gzip' | 'xz' | 'tar', limits: Limits) {
    this.#source = this.#unpacked(packed, kind, limits);
  }

  /** The first bytes, which come again. */
  async peek(): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let length = 0;
    while (length < GIST_BYTES) {
      const next = await this.#source.next();
      if (next.done === true) break;
      parts.push(next.value);
      length += next.value.length;
    }
    this.#peeked = parts;
    return concat(parts).subarray(0, GIST_BYTES);
  }

  async *parts(): AsyncGenerator<Uint8Array> {
    for (const part of [this.#peeked, this.#source]) yield* this.#noted(part);
  }

  async stop(): Promise<void> {
    await this.#source.return(undefined);
  }

  async *#noted(parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const part of parts) {
      this.tail = concat([this.tail, part.subarray(-TAR_END)]).subarray(-TAR_END);
      yield part;
    }
  }

  async *#unpacked(packed: Packed, kind: 'gzip' | 'xz' | 'tar', limits: Limits): AsyncGenerator<Uint8Array> {
    const source =
      'path' in packed ? createReadStream(packed.path) : Readable.from([packed.bytes], { objectMode: false });
    let [packedBytes, unpackedBytes] = [0, 0];
    source.on('data', (part: Uint8Array) => (packedBytes += part.length));
    source.pause();
    try {
      for await (const part of unpackerOf(source, kind)) {
        unpackedBytes += part.length;
        if (
          unpackedBytes > limits.unpackedBytes ||
          (unpackedBytes > FREE_BYTES && unpackedBytes > packedBytes * limits.ratio)
        ) {
          this.broken = `it unpacks to more than ${unpackedBytes > limits.unpackedBytes ? `${limits.unpackedBytes} bytes` : `${limits.ratio} times its size`}; it was read up to there`;
          return;
        }
        yield part;
      }
    } catch (error) {
      this.broken = `it cannot be unpacked to its end: ${wordsOf(error)}`;
    } finally {
      source.destroy();
    }
  }
}

/** Zeros at the end of a tar archive. */
const TAR_END = 1024;
/** Up to here any ratio is honest: a log of one line. */
const FREE_BYTES = 64 << 20;

function unpackerOf(source: Readable, kind: 'gzip' | 'xz' | 'tar'): AsyncIterable<Uint8Array> {
  if (kind === 'tar') return source as AsyncIterable<Uint8Array>;
  // Of a stream that is cut, the end that is there is given too; that it is cut shows in what it holds.
  if (kind === 'gzip') {
    const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
    pipeline(source, gunzip).catch(() => undefined); // an error of either is thrown to who reads
    return gunzip as AsyncIterable<Uint8Array>;
  }
  const { XzReadableStream } = require('xz-decompress') as typeof Xz;
  const packed = Readable.toWeb(source) as ReadableStream<Uint8Array>;
  return new XzReadableStream(packed) as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>;
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
  const cut = had > limits.memberBytes || flow.broken !== undefined;
  const own = name.replace(/^.*\//, '').replace(/\.(?:gz|xz)$/i, '');
  members.add(own, { type: 'file', bytes: concat(parts), cut, sizeBytes: had });
  return { members, ...(flow.broken === undefined ? {} : { broken: flow.broken }) };
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
