import { Part } from './part.ts';

/** So many messages of a direction are remembered, to know what comes again. */
const MOST_PARTS = 32;

/** One direction of a connection. Places in it count from its first byte seen, and never wrap. */
export class Half {
  /** Sequence number that stands for place 0; -1 where nothing was seen. */
  #base = -1;
  /** Behind the last byte seen, and when it was; -1 where none was. */
  next = -1;
  nextAt = 0;
  /** Length of the segment that went furthest. */
  furthest = 0;
  /** Sequence number that was acknowledged last, as it stood; how often in vain, and when. */
  acked = -1;
  ackedAt = 0;
  repeated = 0;
  window = -1;
  /** Everything that comes belongs to one message, until the sender closes. */
  untilClosed = false;
  closed = false;
  /** For the protocol to keep what it knows. */
  note = 0;
  /** What it knows of a message that it waits for, so that it need not read all of it again. */
  kept: unknown;
  readonly #parts: Part[] = [];

  /** Place of a sequence number. */
  placeOf(sequence: number): number {
    if (this.#base < 0) this.#base = sequence;
    const near = Math.max(0, this.next);
    return near + ((sequence - ((this.#base + near) | 0)) | 0);
  }

  /** Whether it began with this number. */
  beganWith(sequence: number): boolean {
    return this.#base < 0 || this.#base === sequence;
  }

  /** The message that begins at a place. */
  partAt(place: number): Part | undefined {
    return this.#parts.findLast((part) => part.start === place);
  }

  /** The message that begins last before a place. */
  partBefore(place: number): Part | undefined {
    let found: Part | undefined;
    for (const part of this.#parts)
      if (part.start < place && (found === undefined || part.start >= found.start)) found = part;
    return found;
  }

  begin(start: number, end: number, frame: number): Part {
    const part = new Part(start, end, frame);
    this.#parts.push(part);
    return part;
  }

  get isFull(): boolean {
    return this.#parts.length >= MOST_PARTS;
  }

  /** Forgets the oldest message. How many bytes it kept. */
  shift(): number {
    return this.#parts.shift()?.bytes.length ?? 0;
  }

  /** Bytes that it keeps. */
  get held(): number {
    let sum = 0;
    for (const part of this.#parts) sum += part.bytes.length;
    return sum;
  }

  /** Lets all bytes go that it keeps. */
  release(): void {
    for (const part of this.#parts) part.close();
  }
}
