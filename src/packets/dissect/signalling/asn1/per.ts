/**
 * Reads the aligned packed encoding bit by bit. Behind the end everything is 0 and `failed` is set: who reads several values asks
 * once, at the end.
 *
 * @see ITU-T X.691
 */
export class Per {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #byte: number;
  #bit = 0;
  failed = false;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.#bytes = bytes;
    this.#byte = at;
    this.#end = end;
  }

  /** Where the next whole byte begins. */
  get at(): number {
    return this.#bit === 0 ? this.#byte : this.#byte + 1;
  }

  /** A number of so many bits, at most 16. */
  bits(count: number): number {
    let value = 0;
    for (let left = count; left > 0; left--) {
      if (this.#byte >= this.#end) {
        this.failed = true;
        return 0;
      }
      value = (value << 1) | ((this.#bytes[this.#byte]! >> (7 - this.#bit)) & 1);
      this.#bit += 1;
      if (this.#bit === 8) [this.#byte, this.#bit] = [this.#byte + 1, 0];
    }
    return value;
  }

  flag(): boolean {
    return this.bits(1) === 1;
  }

  /** Whole bytes, at the next one that begins. Returns where they lie. */
  octets(count: number): { readonly at: number; readonly end: number } {
    const at = this.at;
    const end = Math.min(at + count, this.#end);
    if (at + count > this.#end) this.failed = true;
    [this.#byte, this.#bit] = [end, 0];
    return { at, end };
  }

  /** A number of so many whole bytes, at most 6. */
  number(count: number): number {
    const { at, end } = this.octets(count);
    let value = 0;
    for (let index = at; index < end; index++) value = value * 256 + this.#bytes[index]!;
    return value;
  }

  /** A number from 0 to one that takes `most` bytes, 3 to 6: how many it takes stands before it. */
  counted(most: number): number {
    return this.number(this.bits(Math.ceil(Math.log2(most))) + 1);
  }

  /** How many bytes follow; one that comes in pieces of 16 KiB is not read. */
  length(): number {
    const first = this.number(1);
    if (first < 0x80) return first;
    if (first >= 0xc0) {
      this.failed = true;
      return 0;
    }
    return ((first & 0x3f) << 8) | this.number(1);
  }

  /** What lies in a wrapping of its own, with its length first. */
  open(): { readonly at: number; readonly end: number } {
    return this.octets(this.length());
  }
}
