import { createHash, type Hash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { LongwatchError } from '../../model/errors.ts';
import { Digest } from './digest.ts';
import { isCapture, type ByteSource, type CaptureIssue } from '../../packets/capture/read.ts';

/** A capture that is open. */
export interface OpenStream extends ByteSource {
  close(): Promise<void>;
}

/** A capture in a file that is open. */
export interface OpenCapture extends OpenStream {
  /** SHA-256 of what was read so far, packed as it is; to be asked for before it is closed. */
  sha256(): Promise<string>;
}

/** After so many reads in a row the process looks whether it was interrupted. */
const READS_IN_A_ROW = 16;
const HEAD = 64;

const UNPACKERS: readonly (readonly [magic: readonly number[], create: () => NodeJS.ReadWriteStream])[] = [
  [[0x1f, 0x8b], createGunzip],
  [[0x28, 0xb5, 0x2f, 0xfd], createZstdDecompress],
];

/**
 * Opens a capture in a file, packed by gzip or zstd or not.
 *
 * @param onIssue Is told when what is packed cannot be unpacked to its end.
 * @param ahead Whether its digest will be asked for, so that another thread may begin with it.
 * @throws {LongwatchError} `INPUT_UNREADABLE`; `INPUT_UNKNOWN` where it is no capture.
 */
export async function openCapture(
  path: string,
  onIssue: (issue: CaptureIssue) => void,
  { ahead = false }: { ahead?: boolean } = {},
): Promise<OpenCapture> {
  const file = await opened(path);
  try {
    const head = new Uint8Array(HEAD);
    const { bytesRead } = await file.read(head, 0, HEAD, 0);
    const first = head.subarray(0, bytesRead);
    if (isCapture(first)) return new PlainFile(file, (await file.stat()).size, ahead);
    const unpacker = unpackerOf(first);
    if (unpacker === undefined) throw new LongwatchError('INPUT_UNKNOWN', `${path} is no capture of packets`);
    const stream = createReadStream(path);
    await file.close();
    const hash = createHash('sha256');
    stream.on('data', (part) => hash.update(part));
    return new PackedFile(unpacked(stream, unpacker()), onIssue, stream, hash);
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
}

/** A capture that comes piece by piece, such as standard input, packed or not. */
export async function streamedCapture(
  parts: AsyncIterable<Uint8Array>,
  onIssue: (issue: CaptureIssue) => void,
): Promise<OpenStream> {
  const source = parts[Symbol.asyncIterator]();
  const first = await source.next();
  const head = first.done === true ? new Uint8Array() : first.value;
  const rest = async function* (): AsyncGenerator<Uint8Array> {
    yield head;
    for (;;) {
      const next = await source.next();
      if (next.done === true) return;
      yield next.value;
    }
  };
  const unpacker = unpackerOf(head);
  return new Parts(unpacker === undefined ? rest() : unpacked(Readable.from(rest()), unpacker()), onIssue);
}

/**
 * Whether a file is a capture, packed or not.
 *
 * @param head Its first bytes, as many as are at hand.
 */
export async function isCaptureFile(path: string, head: Uint8Array): Promise<boolean> {
  return unpackerOf(head) === undefined ? isCapture(head) : beginsCapture(createReadStream(path), head);
}

/** Whether what begins with some bytes is a capture, packed or not. Of what is packed a few hundred bytes tell it. */
export async function isCaptureHead(head: Uint8Array): Promise<boolean> {
  return unpackerOf(head) === undefined ? isCapture(head) : beginsCapture(Readable.from([head]), head);
}

async function beginsCapture(stream: Readable, head: Uint8Array): Promise<boolean> {
  try {
    for await (const part of unpacked(stream, unpackerOf(head)!())) return isCapture(part);
  } catch {
    // what cannot be unpacked is told by who reads it
  } finally {
    stream.destroy();
  }
  return false;
}

function unpackerOf(head: Uint8Array): (() => NodeJS.ReadWriteStream) | undefined {
  return UNPACKERS.find(([magic]) => magic.every((byte, index) => head[index] === byte))?.[1];
}

/** An error of the source is thrown to who reads as one of the unpacker is. */
function unpacked(source: Readable, unpacker: NodeJS.ReadWriteStream): AsyncIterable<Uint8Array> {
  source.once('error', (error) => (unpacker as unknown as Readable).destroy(error));
  return source.pipe(unpacker) as unknown as AsyncIterable<Uint8Array>;
}

async function opened(path: string): Promise<FileHandle> {
  try {
    const file = await open(path);
    if ((await file.stat()).isDirectory()) {
      await file.close();
      throw new LongwatchError('INPUT_UNREADABLE', `${path} is a folder`);
    }
    return file;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

export function unreadable(path: string, cause: unknown): LongwatchError {
  if (cause instanceof LongwatchError) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown cause';
  return new LongwatchError('INPUT_UNREADABLE', `${path} cannot be read (${code})`, { cause });
}

/** Reads that block take half the time of others, and a capture is read from its beginning to its end. */
class PlainFile implements OpenCapture {
  readonly #file: FileHandle;
  readonly #digest: Digest;
  #reads = 0;
  #readBytes = 0;

  constructor(file: FileHandle, sizeBytes: number, ahead: boolean) {
    this.#file = file;
    this.#digest = new Digest(file.fd, sizeBytes, ahead);
  }

  sha256(): Promise<string> {
    return this.#digest.of(this.#readBytes);
  }

  read(into: Uint8Array): number | Promise<number> {
    this.#reads += 1;
    if (this.#reads % READS_IN_A_ROW === 0) return setImmediate().then(() => this.#now(into));
    return this.#now(into);
  }

  #now(into: Uint8Array): number {
    const came = readSync(this.#file.fd, into, 0, into.length, null);
    this.#readBytes += came;
    return came;
  }

  async close(): Promise<void> {
    await this.#digest.stop();
    await this.#file.close();
  }
}

class Parts implements OpenStream {
  readonly #parts: AsyncIterator<Uint8Array>;
  readonly #onIssue: (issue: CaptureIssue) => void;
  #part: Uint8Array = new Uint8Array();
  #given = 0;

  constructor(parts: AsyncIterable<Uint8Array>, onIssue: (issue: CaptureIssue) => void) {
    this.#parts = parts[Symbol.asyncIterator]();
    this.#onIssue = onIssue;
  }

  async read(into: Uint8Array): Promise<number> {
    while (this.#part.length === 0) {
      try {
        const next = await this.#parts.next();
        if (next.done === true) return 0;
        this.#part = next.value;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#onIssue({ reason: `it cannot be unpacked to its end: ${reason}`, offset: this.#given });
        return 0;
      }
    }
    const taken = Math.min(into.length, this.#part.length);
    into.set(this.#part.subarray(0, taken));
    this.#part = this.#part.subarray(taken);
    this.#given += taken;
    return taken;
  }

  async close(): Promise<void> {
    await this.#parts.return?.();
  }
}

class PackedFile extends Parts implements OpenCapture {
  readonly #stream: ReadStream;
  readonly #hash: Hash;

  constructor(
    parts: AsyncIterable<Uint8Array>,
    onIssue: (issue: CaptureIssue) => void,
    stream: ReadStream,
    hash: Hash,
  ) {
    super(parts, onIssue);
    this.#stream = stream;
    this.#hash = hash;
  }

  async sha256(): Promise<string> {
    return this.#hash.copy().digest('hex');
  }

  override async close(): Promise<void> {
    this.#stream.destroy();
    await super.close();
  }
}
