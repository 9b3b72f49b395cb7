import { valueNumber } from './value-number.ts';

/** How long a past must be before what is new to it is odd. */
export interface Learning {
  /** So many messages, over so much time, and nothing new for as long. */
  readonly messages: number;
  readonly micros: number;
}

/** So many keys are remembered, and so many values of each; what has more values has no past that could tell. */
const MOST_KEYS = 2048;
const MOST_VALUES = 256;

interface Seen {
  readonly first: number;
  readonly values: Set<number>;
  messages: number;
  newest: number;
}

/** What each key showed so far: of a link its point codes, of a node its peers. What comes later than a quiet past is new. */
export class Past {
  readonly #keys = new Map<string | number, Seen>();
  readonly #learning: Learning;

  constructor(learning: Learning) {
    this.#learning = learning;
  }

  /** Learns a value of a key. True where the key has a past and the value is not in it; silent without a past. */
  isNew(key: string | number, value: string | number, micros: number): boolean {
    let seen = this.#keys.get(key);
    if (seen === undefined) {
      if (this.#keys.size >= MOST_KEYS) this.#keys.delete(this.#keys.keys().next().value!);
      seen = { first: micros, values: new Set(), messages: 0, newest: micros };
      this.#keys.set(key, seen);
    }
    seen.messages += 1;
    const number = valueNumber(value);
    if (seen.values.has(number) || seen.values.size >= MOST_VALUES) return false;
    const { messages, micros: span } = this.#learning;
    // Quiet for as long as it took to learn: who speaks once an hour comes into a short quiet, not into a long one.
    const quiet = Math.max(span, seen.newest - seen.first);
    const learned = seen.messages > messages && micros - seen.newest >= quiet;
    seen.values.add(number);
    seen.newest = micros;
    return learned;
  }
}
