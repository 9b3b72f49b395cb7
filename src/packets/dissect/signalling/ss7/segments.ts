import type { Segment } from './sccp.ts';

/** So many messages may wait for more. Each has at most sixteen parts of 255 bytes. */
const MOST_WAITING = 512;

/** Messages of SCCP that come in several parts. What does not fit is dropped, the oldest first, and counted. */
export class SccpSegments {
  /** Parts of each message, by how many follow them. */
  readonly #waiting = new Map<string, Map<number, Uint8Array>>();
  dropped = 0;

  /**
   * Takes a part.
   *
   * @returns The message when it is whole, nothing when more is to come, 'alone' for a part whose first was not seen.
   */
  add(origin: string, { first, remaining, reference }: Segment, bytes: Uint8Array): Uint8Array | 'alone' | undefined {
    const key = `${reference}/${origin}`;
    if (first) {
      this.#waiting.delete(key);
      this.#waiting.set(key, new Map([[remaining, bytes.slice()]]));
      this.#bound();
      return undefined;
    }
    const parts = this.#waiting.get(key);
    if (parts === undefined) return 'alone';
    // The first one stands first, and says how many follow.
    const total = 1 + parts.keys().next().value!;
    if (remaining + 1 >= total || parts.has(remaining)) return undefined;
    parts.set(remaining, bytes.slice());
    if (parts.size < total) return undefined;
    this.#waiting.delete(key);
    return Buffer.concat(Array.from({ length: total }, (_, index) => parts.get(total - 1 - index)!));
  }

  #bound(): void {
    if (this.#waiting.size <= MOST_WAITING) return;
    this.#waiting.delete(this.#waiting.keys().next().value!);
    this.dropped += 1;
  }
}
