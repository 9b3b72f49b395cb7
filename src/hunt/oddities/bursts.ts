import { valueNumber } from './value-number.ts';

/** So many keys are counted at once; the one that began longest ago makes room. */
const MOST_KEYS = 4096;

interface Burst {
  since: number;
  readonly values: Set<number>;
}

/** Counts the different values that a key shows within a time: subscribers that one peer asks for, tunnels that it tries. */
export class Bursts {
  readonly #keys = new Map<string | number, Burst>();
  readonly #values: number;
  readonly #micros: number;

  /** @param values So many different ones within `micros` are a burst. */
  constructor(values: number, micros: number) {
    this.#values = values;
    this.#micros = micros;
  }

  /** What comes from now on counts from the start. */
  clear(key: string | number): void {
    this.#keys.delete(key);
  }

  /** True where this value makes a burst; once within the time. */
  add(key: string | number, value: string | number, micros: number): boolean {
    let burst = this.#keys.get(key);
    if (burst === undefined) {
      if (this.#keys.size >= MOST_KEYS) this.#keys.delete(this.#keys.keys().next().value!);
      burst = { since: micros, values: new Set() };
      this.#keys.set(key, burst);
    } else if (micros - burst.since > this.#micros) {
      burst.since = micros;
      burst.values.clear();
    }
    if (burst.values.size >= this.#values) return false;
    const number = valueNumber(value);
    if (burst.values.has(number)) return false;
    burst.values.add(number);
    return burst.values.size === this.#values;
  }
}
