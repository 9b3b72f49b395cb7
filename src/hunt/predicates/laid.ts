import type { Packets } from './packets.ts';

/** Packets that were found inside of frames, one behind the other in a buffer of their own, each with where it was. */
export class Laid implements Packets {
  bytes = new Uint8Array(1 << 16);
  count = 0;
  start = new Int32Array(256);
  captured = new Int32Array(256);
  wire = new Uint32Array(256);
  /** Place of its frame among those at hand. */
  frame = new Int32Array(256);
  /** Byte of the frame where it begins. */
  offset = new Int32Array(256);
  /** Number of the path of its frame. */
  path = new Int32Array(256);
  #used = 0;

  clear(): void {
    this.count = 0;
    this.#used = 0;
  }

  /**
   * Adds a packet of bytes.
   *
   * @param before So many bytes of 0 are put before it, for a header that is made.
   * @param wire How long it was on the wire, without that header.
   * @returns Where in `bytes` it begins, with that header.
   */
  add(
    before: number,
    { bytes, from, to, wire }: { bytes: Uint8Array; from: number; to: number; wire: number },
    { frame, offset, path }: { frame: number; offset: number; path: number },
  ): number {
    const { count } = this;
    const size = before + to - from;
    this.#makeRoom(size);
    const start = this.#used;
    this.bytes.fill(0, start, start + before);
    this.bytes.set(bytes.subarray(from, to), start + before);
    this.start[count] = start;
    this.captured[count] = size;
    this.wire[count] = before + wire;
    this.frame[count] = frame;
    this.offset[count] = offset;
    this.path[count] = path;
    this.count = count + 1;
    this.#used = start + size;
    return start;
  }

  #makeRoom(size: number): void {
    if (this.#used + size > this.bytes.length) {
      const bytes = new Uint8Array(2 * (this.#used + size));
      bytes.set(this.bytes);
      this.bytes = bytes;
    }
    if (this.count < this.start.length) return;
    this.start = doubled(this.start, new Int32Array(2 * this.count));
    this.captured = doubled(this.captured, new Int32Array(2 * this.count));
    this.wire = doubled(this.wire, new Uint32Array(2 * this.count));
    this.frame = doubled(this.frame, new Int32Array(2 * this.count));
    this.offset = doubled(this.offset, new Int32Array(2 * this.count));
    this.path = doubled(this.path, new Int32Array(2 * this.count));
  }
}

function doubled<A extends Int32Array | Uint32Array>(from: A, into: A): A {
  into.set(from);
  return into;
}
