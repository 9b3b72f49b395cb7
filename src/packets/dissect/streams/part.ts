/** No message is put together from more bytes; so many hold a large download's headers and certificates many times over. */
export const LONGEST_PART = 1 << 22;

/** So many pieces may wait before the gap ahead of them closes. */
const MOST_LOOSE = 64;

const FIRST_ROOM = 4096;

/**
 * A message that several segments bring: where in its stream it begins, and ends as far as that is known. Numbers of bytes count
 * from the beginning of the stream.
 */
export class Part {
  readonly start: number;
  end: number;
  /** The next segment belongs to it as a whole, whatever its length. */
  greedy = false;
  /** The last frame that brought some of it. */
  frame: number;
  bytes = new Uint8Array();
  /** Bytes from the beginning without a gap. */
  filled = 0;
  /** Pieces of it contradict each other: what it says is not known. */
  torn = false;
  /** It was read, or given up. */
  closed = false;
  readonly #loose: [from: number, to: number][] = [];
  /** Length, once the piece that ends it came. */
  #total = -1;

  constructor(start: number, end: number, frame: number) {
    this.start = start;
    this.end = end;
    this.frame = frame;
  }

  has(place: number): boolean {
    return this.start <= place && this.end > place;
  }

  /**
   * Takes the bytes from `from` to `to`, which lie at `place` of the stream.
   *
   * @param last Nothing of the message follows them.
   * @returns Whether it is whole with them.
   */
  add(place: number, bytes: Uint8Array, from: number, to: number, last: boolean): boolean {
    if (this.closed) return false;
    const offset = place - this.start;
    const end = offset + to - from;
    if (offset < 0 || end > LONGEST_PART) {
      this.close();
      return false;
    }
    this.#reserve(end);
    // Of pieces that lie over each other, the first one counts.
    const known = Math.max(0, Math.min(this.filled, end) - offset);
    for (let index = 0; index < known && !this.torn; index++)
      this.torn = this.bytes[offset + index] !== bytes[from + index];
    this.bytes.set(bytes.subarray(from + known, to), offset + known);
    this.#fill(offset, end);
    if (last) this.#total = end;
    return this.#total >= 0 && this.filled >= this.#total;
  }

  /** More is wanted of it than was thought. */
  reopen(): void {
    this.#total = -1;
  }

  /** Lets its bytes go; what comes again of it is known as such. */
  close(): void {
    this.closed = true;
    this.bytes = new Uint8Array();
    this.#loose.length = 0;
  }

  #fill(from: number, to: number): void {
    if (from > this.filled) {
      if (this.#loose.length < MOST_LOOSE) this.#loose.push([from, to]);
      else this.close();
      return;
    }
    this.filled = Math.max(this.filled, to);
    for (let again = true; again;) {
      const index = this.#loose.findIndex(([begin]) => begin <= this.filled);
      again = index >= 0;
      if (again) this.filled = Math.max(this.filled, this.#loose.splice(index, 1)[0]![1]);
    }
  }

  #reserve(size: number): void {
    if (size <= this.bytes.length) return;
    const larger = new Uint8Array(Math.min(LONGEST_PART, Math.max(FIRST_ROOM, 2 * size)));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}
