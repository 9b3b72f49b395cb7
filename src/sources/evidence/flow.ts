import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip } from 'node:zlib';
import type { XzReadableStream as Xz } from 'xz-decompress';
import { concat } from '../../lib/bytes.ts';
import { GIST_BYTES } from './gist.ts';
import type { Limits } from './members.ts';

/** The package is CommonJS of a kind of which the names cannot be imported. */
const require = createRequire(import.meta.url);

type Kind = 'gzip' | 'bzip2' | 'xz' | 'tar';

/** A file on disk, or one that was read already, such as standard input. */
export type Packed = { readonly path: string } | { readonly bytes: Uint8Array };

/** What a stream unpacks to, piece by piece, as far as it can be unpacked. Nothing is thrown: `broken` says why it ends. */
export class Flow {
  broken: string | undefined;
  /** Why its end may be missing, where only the length tells: several that are packed behind one another tell the last. */
  short: string | undefined;
  /** The last bytes that came: a whole tar archive ends in zeros. */
  tail: Uint8Array = new Uint8Array();
  readonly #source: AsyncGenerator<Uint8Array>;
  #peeked: readonly Uint8Array[] = [];

  constructor(packed: Packed, kind: Kind, limits: Limits) {
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

  async *#unpacked(packed: Packed, kind: Kind, limits: Limits): AsyncGenerator<Uint8Array> {
    const source =
      'path' in packed ? createReadStream(packed.path) : Readable.from([packed.bytes], { objectMode: false });
    let [packedBytes, unpackedBytes] = [0, 0];
    let end: Uint8Array = new Uint8Array();
    source.on('data', (part: Uint8Array) => {
      packedBytes += part.length;
      end = concat([end, part.subarray(-4)]).subarray(-4);
    });
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
      if (kind === 'gzip' && Buffer.from(end).readUInt32LE() !== unpackedBytes % 2 ** 32)
        this.short = 'its length is not the one that stands at its end';
    } catch (error) {
      this.broken = `it cannot be unpacked to its end: ${wordsOf(error)}`;
    } finally {
      source.destroy();
    }
  }
}

/** Zeros at the end of a tar archive. */
export const TAR_END = 1024;
/** Up to here any ratio is honest: a log of one line. */
const FREE_BYTES = 64 << 20;

function unpackerOf(source: Readable, kind: Kind): AsyncIterable<Uint8Array> {
  if (kind === 'tar') return source as AsyncIterable<Uint8Array>;
  // Of a stream that is cut, the end that is there is given too; that it is cut shows in what it holds.
  if (kind === 'gzip') {
    const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
    pipeline(source, gunzip).catch(() => undefined); // an error of either is thrown to who reads
    return gunzip as AsyncIterable<Uint8Array>;
  }
  if (kind === 'bzip2') return bunzip2(source);
  const { XzReadableStream } = require('xz-decompress') as { readonly XzReadableStream: typeof Xz };
  const packed = Readable.toWeb(source) as ReadableStream<Uint8Array>;
  return new XzReadableStream(packed) as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>;
}

/**
 * By the program of the machine: no decoder of bzip2 for Node is kept. What it can unpack of a stream that is cut comes before the
 * error; who stops reading stops it.
 */
async function* bunzip2(source: Readable): AsyncGenerator<Uint8Array> {
  const child = spawn('bzip2', ['-dc'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = once(child, 'close').catch((error: unknown) => [error]);
  child.stdin.on('error', () => undefined); // it ended before all was written: its status tells why
  source.pipe(child.stdin);
  try {
    yield* child.stdout as AsyncIterable<Uint8Array>;
    const [outcome] = (await ended) as [unknown];
    if (outcome instanceof Error) throw new Error('there is no program bzip2 on this machine');
    if (outcome !== 0) throw new Error('the data are cut or damaged');
  } finally {
    child.kill();
  }
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
