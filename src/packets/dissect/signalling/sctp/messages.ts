import type { SctpData, SctpHeader } from './chunks.ts';

/** So many messages may wait for fragments, so many fragments belong to one, and so many bytes are held for all. */
const MOST_MESSAGES = 1024;
const MOST_FRAGMENTS = 512;
const MOST_BYTES = 16 << 20;

interface Fragment {
  readonly first: boolean;
  readonly last: boolean;
  readonly protocol: number;
  readonly bytes: Uint8Array;
}

/** A message put together, and what its first fragment said it is. */
export interface SctpMessage {
  readonly bytes: Uint8Array;
  readonly protocol: number;
}

/** Messages that come in several chunks. What does not fit is dropped, the longest waiting first, and counted. */
export class SctpMessages {
  readonly #waiting = new Map<string, Map<number, Fragment>>();
  #held = 0;
  dropped = 0;

  /**
   * Takes a fragment.
   *
   * @returns The message when this fragment makes it whole.
   */
  add({ source, destination, tag }: SctpHeader, data: SctpData, bytes: Uint8Array): SctpMessage | undefined {
    const { stream, sequence, unordered, interleaved, fragment, first, last, protocol } = data;
    // DATA that is not ordered has no sequence number that tells messages apart: there the TSNs alone do.
    const key = `${source}/${destination}/${tag}/${stream}/${unordered ? 'u' : ''}${unordered && !interleaved ? '' : sequence}`;
    let parts = this.#waiting.get(key);
    if (parts === undefined) {
      parts = new Map();
      this.#waiting.set(key, parts);
    }
    if (!parts.has(fragment)) {
      parts.set(fragment, { first, last, protocol, bytes: bytes.slice(data.at, data.end) });
      this.#held += data.end - data.at;
    }
    const whole = this.#joined(parts, fragment);
    if (parts.size === 0) this.#waiting.delete(key);
    if (parts.size > MOST_FRAGMENTS) this.#drop(key);
    while (this.#waiting.size > MOST_MESSAGES || this.#held > MOST_BYTES) {
      const oldest = this.#waiting.keys().next();
      if (oldest.done === true) break;
      this.#drop(oldest.value);
    }
    return whole;
  }

  /** Looks from one fragment to both sides for the first and the last one. */
  #joined(parts: Map<number, Fragment>, from: number): SctpMessage | undefined {
    let begin = from;
    while (parts.get(begin)?.first === false) begin = (begin - 1) >>> 0;
    const head = parts.get(begin);
    if (head === undefined) return undefined;
    let end = from;
    while (parts.get(end)?.last === false) end = (end + 1) >>> 0;
    if (!parts.has(end)) return undefined;
    const all: Fragment[] = [];
    for (let number = begin; ; number = (number + 1) >>> 0) {
      all.push(parts.get(number)!);
      parts.delete(number);
      if (number === end) break;
    }
    const bytes = new Uint8Array(all.reduce((sum, part) => sum + part.bytes.length, 0));
    let at = 0;
    for (const part of all) {
      bytes.set(part.bytes, at);
      at += part.bytes.length;
    }
    this.#held -= bytes.length;
    return { bytes, protocol: head.protocol };
  }

  #drop(key: string): void {
    for (const part of this.#waiting.get(key)?.values() ?? []) this.#held -= part.bytes.length;
    this.#waiting.delete(key);
    this.dropped += 1;
  }
}
