import { closeSync, fstatSync, openSync, read, readSync, statSync } from 'node:fs';
import { LongwatchError } from '../../model/errors.ts';
import { isCapture, type Filled, type Supply } from '../../packets/capture/read.ts';

const HEAD = 64;
/** So much is read at once: threads that wait for each other more often lose what they gain. */
const CHUNK = 1 << 20;
/** So many reads are under way. */
const BUFFERS = 3;
/** Most of what is left of a record when more bytes come is shorter. */
const ROOM = 1 << 16;

/** A capture in a file that is not packed, read without its digest: half of the time that `openCapture` needs. */
export interface PlainCapture {
  readonly sizeBytes: number;
  /** Its first bytes. */
  readonly head: Uint8Array;
  /** Its bytes from the beginning on; or so many of its first, and then those from a place on. */
  bytes(parts?: { readonly head: number; readonly from: number }): Supply;
  /** Fills `into` from a place in the file; fewer bytes at its end. */
  readAt(into: Uint8Array, position: number): number;
  close(): Promise<void>;
}

/**
 * Opens a file that is a capture as it is.
 *
 * @returns undefined where it is none, or packed, or not a file that has an end.
 * @throws {LongwatchError} `INPUT_UNREADABLE`.
 */
export function openPlain(path: string): PlainCapture | undefined {
  return orUnreadable(path, () => {
    // What is no file, such as a pipe, gives its bytes once only.
    if (!statSync(path).isFile()) return undefined;
    const file = openSync(path, 'r');
    const head = new Uint8Array(HEAD);
    const kept = head.subarray(0, readSync(file, head, 0, HEAD, 0));
    if (isCapture(kept)) return plainOf(file, kept);
    closeSync(file);
    return undefined;
  });
}

function plainOf(file: number, head: Uint8Array): PlainCapture {
  const supplies: Ahead[] = [];
  return {
    sizeBytes: fstatSync(file).size,
    head,
    bytes(parts = { head: 0, from: 0 }) {
      const supply = new Ahead(file, parts);
      supplies.push(supply);
      return supply;
    },
    readAt: (into, position) => readSync(file, into, 0, into.length, position),
    async close() {
      await Promise.all(supplies.map((supply) => supply.end()));
      closeSync(file);
    },
  };
}

/** Some buffers: while the bytes in one are looked at, other threads of the process fill those that come next. */
class Ahead implements Supply {
  readonly #file: number;
  #head: Uint8Array | undefined;
  #position: number;
  /** Those to come, the next first; and the one that is being looked at. */
  readonly #coming: { readonly bytes: Uint8Array<ArrayBuffer>; readonly came: Promise<number> }[] = [];
  #current: Uint8Array<ArrayBuffer> | undefined;
  #ended = false;

  constructor(file: number, { head, from }: { readonly head: number; readonly from: number }) {
    this.#file = file;
    if (head > 0) {
      this.#head = new Uint8Array(head);
      readSync(file, this.#head, 0, head, 0);
    }
    this.#position = from;
    for (let index = 0; index < BUFFERS; index++) this.#fill(new Uint8Array(ROOM + CHUNK));
  }

  async more(rest: Uint8Array): Promise<Filled> {
    if (this.#head !== undefined) {
      const bytes = this.#head;
      this.#head = undefined;
      return { bytes, from: 0, to: bytes.length, came: true };
    }
    const next = this.#ended ? undefined : this.#coming.shift();
    if (next === undefined) return { bytes: rest, from: 0, to: rest.length, came: false };
    const came = await next.came;
    const bytes = rest.length <= ROOM ? next.bytes : withRoom(next.bytes, rest.length, came);
    const room = bytes.length - CHUNK;
    const from = room - rest.length;
    bytes.set(rest, from);
    // A file that gives fewer bytes than are asked for has come to its end.
    if (came < CHUNK) this.#ended = true;
    else if (this.#current !== undefined) this.#fill(this.#current);
    this.#current = next.bytes;
    return { bytes, from, to: room + came, came: came > 0 };
  }

  /** Resolves when nothing is being read. */
  async end(): Promise<void> {
    await Promise.allSettled(this.#coming.map(({ came }) => came));
  }

  #fill(bytes: Uint8Array<ArrayBuffer>): void {
    const came = readAsync(this.#file, bytes, bytes.length - CHUNK, CHUNK, this.#position);
    // Who waits for it is told; nobody waits for those behind the end.
    came.catch(() => undefined);
    this.#position += CHUNK;
    this.#coming.push({ bytes, came });
  }
}

/** The same bytes with more room before them. */
function withRoom(bytes: Uint8Array, room: number, came: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * room + CHUNK);
  larger.set(bytes.subarray(bytes.length - CHUNK, bytes.length - CHUNK + came), larger.length - CHUNK);
  return larger;
}

function readAsync(file: number, into: Uint8Array, at: number, length: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(file, into, at, length, position, (error, came) => {
      if (error === null) resolve(came);
      else
        reject(
          new LongwatchError('INPUT_UNREADABLE', `the capture cannot be read on (${error.code ?? 'unknown cause'})`, {
            cause: error,
          }),
        );
    });
  });
}

function orUnreadable<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown cause';
    throw new LongwatchError('INPUT_UNREADABLE', `${path} cannot be read (${code})`, { cause });
  }
}
