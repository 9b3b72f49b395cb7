/** Counts to 255 for small numbers, such as those of addresses and flows, from 0 on; a byte each. */
export class Tally {
  #counts = new Uint8Array(1024);

  of(number: number): number {
    // Reading beyond the end of a typed array is slow.
    return number < this.#counts.length ? this.#counts[number]! : 0;
  }

  count(number: number): void {
    const before = this.of(number);
    if (before < 255) this.set(number, before + 1);
  }

  set(number: number, value: number): void {
    if (number >= this.#counts.length) {
      if (value === 0) return;
      const wider = new Uint8Array(2 ** Math.ceil(Math.log2(number + 1)));
      wider.set(this.#counts);
      this.#counts = wider;
    }
    this.#counts[number] = value;
  }
}
