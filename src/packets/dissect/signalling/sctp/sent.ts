/** Slots of the memory; a power of two. */
const SLOTS = 1 << 16;

/** Which chunks were seen before, so that one sent again counts once. Memory is fixed: the newest of two that meet is kept. */
export class SentChunks {
  readonly #association = new Int32Array(SLOTS);
  readonly #tsn = new Uint32Array(SLOTS);
  readonly #frame = new Float64Array(SLOTS);

  /** Did an earlier frame carry this chunk? If not, this one is its first. */
  before(association: number, tsn: number, frame: number): boolean {
    const slot = (tsn ^ Math.imul(association, 0x9e3779b1)) & (SLOTS - 1);
    if (this.#association[slot] === association && this.#tsn[slot] === tsn && this.#frame[slot] !== 0) {
      return this.#frame[slot] !== frame;
    }
    this.#association[slot] = association;
    this.#tsn[slot] = tsn;
    this.#frame[slot] = frame;
    return false;
  }
}
