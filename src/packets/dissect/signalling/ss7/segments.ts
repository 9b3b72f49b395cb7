import type { Segment } from './sccp.ts';

/** So many messages may wait for more. Each has at most sixteen parts of 255 bytes. */
const MOST_WAITING = 512;

interface Waiting {
  readonly parts: Uint8Array[];
  /** How many are still to come. */
  remaining: number;
}

/** Messages of SCCP that come in several parts, which come in order. What does not fit is dropped, the oldest first, and counted. */
export class SccpSegments {
  readonly #waiting = new Map<string, Waiting>();
  dropped = 0;

  /** Takes a part. Returns the message when it was the last. */
  add(origin: string, { first, remaining, reference }: Segment, bytes: Uint8Array): Uint8Array | undefined {
    const key = `${reference}/${origin}`;
    if (first) {
      this.#waiting.delete(key);
      this.#waiting.set(key, { parts: [bytes.slice()], remaining });
      this.#bound();
      return undefined;
    }
    const waiting = this.#waiting.get(key);
    if (waiting === undefined || waiting.remaining - 1 !== remaining) return undefined;
    waiting.parts.push(bytes.slice());
    waiting.remaining = remaining;
    if (remaining > 0) return undefined;
    this.#waiting.delete(key);
    return Buffer.concat(waiting.parts);
  }

  #bound(): void {
    if (this.#waiting.size <= MOST_WAITING) return;
    this.#waiting.delete(this.#waiting.keys().next().value!);
    this.dropped += 1;
  }
}
