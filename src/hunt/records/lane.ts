/** Bytes of a direction that may wait: for what lacks before them, or for what is to come behind them. */
export const MOST_WAITING = 1 << 16;

/** So many pieces may wait behind a gap. */
const MOST_PIECES = 64;

const FIRST_ROOM = 1024;

/** What a reader answers when nothing that follows is wanted. */
export const ENOUGH = -1;

/**
 * Reads what came from `at` to `end`.
 *
 * @returns Where what it cannot read yet begins. A place beyond `end`: what comes until there is passed over. Or `ENOUGH`.
 */
type Read = (bytes: Uint8Array, at: number, end: number) => number;

interface Piece {
  readonly place: number;
  readonly bytes: Uint8Array;
}

/**
 * One direction of a connection of TCP: its bytes in their order, each once; of those that lie over each other the first ones
 * count. What need not wait is read where it lies.
 */
export class Lane {
  /** Sequence number of place 0; -1 before it is known. */
  #base = -1;
  /** Place of the first byte that was not read, and so many bytes from there on. */
  #next = 0;
  #waiting = new Uint8Array();
  #filled = 0;
  #pieces: Piece[] = [];
  /** A part of it is missing, or no reader could make something of it: too much waits. */
  broken = false;

  /** The sequence number that its first byte has. */
  begin(sequence: number): void {
    if (this.#base < 0) this.#base = sequence >>> 0;
  }

  /** Takes a segment, and lets be read what is in its order by now. False once nothing more is wanted, or it broke. */
  take(sequence: number, bytes: Uint8Array, at: number, end: number, read: Read): boolean {
    this.begin(sequence);
    const edge = this.#next + this.#filled;
    const place = edge + ((sequence - ((this.#base + edge) | 0)) | 0);
    if (place > edge) return this.#putAside({ place, bytes: bytes.slice(at, end) });
    if (!this.#follow(place, bytes, at, end, read)) return false;
    while (this.#pieces.length > 0) {
      const reached = this.#next + this.#filled;
      const index = this.#pieces.findIndex((piece) => piece.place <= reached);
      if (index < 0) break;
      const [piece] = this.#pieces.splice(index, 1);
      if (!this.#follow(piece!.place, piece!.bytes, 0, piece!.bytes.length, read)) return false;
    }
    return true;
  }

  /** Bytes that it keeps. */
  get held(): number {
    return this.#pieces.reduce((sum, { bytes }) => sum + bytes.length, this.#waiting.length);
  }

  #putAside(piece: Piece): boolean {
    this.broken = this.#pieces.length >= MOST_PIECES || this.held + piece.bytes.length > MOST_WAITING;
    if (!this.broken) this.#pieces.push(piece);
    return !this.broken;
  }

  /** Bytes that begin at the edge, or before it. */
  #follow(place: number, bytes: Uint8Array, at: number, end: number, read: Read): boolean {
    const from = at + (this.#next + this.#filled - place);
    if (from >= end) return true;
    if (this.#filled === 0) return this.#read(bytes, from, end, read);
    const filled = this.#filled + end - from;
    this.#reserve(filled);
    this.#waiting.set(bytes.subarray(from, end), this.#filled);
    return this.#read(this.#waiting, 0, filled, read);
  }

  #read(bytes: Uint8Array, from: number, end: number, read: Read): boolean {
    const rest = read(bytes, from, end);
    if (rest === ENOUGH) return false;
    this.#next += rest - from;
    this.#filled = Math.max(0, end - rest);
    this.broken = this.#filled > MOST_WAITING;
    if (this.broken) return false;
    if (this.#filled === 0) this.#waiting = new Uint8Array();
    else if (bytes === this.#waiting) this.#waiting.copyWithin(0, rest, end);
    else {
      this.#reserve(this.#filled);
      this.#waiting.set(bytes.subarray(rest, end));
    }
    return true;
  }

  #reserve(size: number): void {
    if (size <= this.#waiting.length) return;
    const larger = new Uint8Array(Math.max(FIRST_ROOM, 2 * size));
    larger.set(this.#waiting.subarray(0, this.#filled));
    this.#waiting = larger;
  }
}
