/** Some of the addresses, by their numbers; to ask costs as much as to read an array. */
export class AddressSet {
  #held = new Uint8Array(1024);

  has(address: number): boolean {
    return this.#held[address] === 1;
  }

  add(address: number): void {
    if (address >= this.#held.length) {
      const wider = new Uint8Array(2 ** Math.ceil(Math.log2(address + 1)));
      wider.set(this.#held);
      this.#held = wider;
    }
    this.#held[address] = 1;
  }
}
