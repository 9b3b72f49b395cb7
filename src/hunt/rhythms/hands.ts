/** Gaps of a person's typing: from the fastest keys to a pause for thought. */
const LEAST_MEAN_MICROS = 60e3;
const MOST_MEAN_MICROS = 20e6;
/** The deviation of their logarithms: a machine that asks in turn has hardly any. Whole lines come more evenly than keys. */
const LEAST_DEVIATION = { keys: 0.45, lines: 0.25 };
/** A pause for reading or thought, of which there must be some, as many as one of thirty gaps at least. */
const PAUSE_MICROS = 1e6;
const LEAST_PAUSES = 2;
const OFTEN = 30;

/** Whether the times at which something was sent are those of a person. */
export class Hands {
  #last = -1;
  #gaps = 0;
  #mean = 0;
  #squares = 0;
  #pauses = 0;

  move(micros: number): void {
    const gap = micros - this.#last;
    const began = this.#last === -1;
    this.#last = micros;
    if (began || gap <= 0) return;
    const logarithm = Math.log(gap);
    const before = logarithm - this.#mean;
    this.#gaps += 1;
    this.#mean += before / this.#gaps;
    this.#squares += before * (logarithm - this.#mean);
    if (gap >= PAUSE_MICROS) this.#pauses += 1;
  }

  /** @param by What a person is thought to send: keys, or whole lines. */
  human(by: 'keys' | 'lines' = 'keys'): boolean {
    const mean = Math.exp(this.#mean);
    return (
      mean >= LEAST_MEAN_MICROS &&
      mean <= MOST_MEAN_MICROS &&
      Math.sqrt(this.#squares / Math.max(this.#gaps, 1)) >= LEAST_DEVIATION[by] &&
      this.#pauses >= Math.max(LEAST_PAUSES, this.#gaps / OFTEN)
    );
  }

  /** Milliseconds between, typically. */
  get typicalMs(): number {
    return Math.round(Math.exp(this.#mean) / 1000);
  }
}
