/** Slots of the memory; a power of two. */
const SLOTS = 1 << 16;

/** Which chunks were seen before, so that one sent again counts once. Memory is fixed: the newest of two that meet is kept. */
export class SentChunks {
  readonly #ports = new Uint32Array(SLOTS);
  readonly #tag = new Uint32Array(SLOTS);
  readonly #tsn = new Uint32Array(SLOTS);
  readonly #frame = new Float64Array(SLOTS);

  /**
   * Did an earlier frame carry this chunk? If not, this one is its first. Ports and tag tell the halves of associations apart:
   * addresses do not, as one host may use several for the same.
   */
  before(
    { source, destination, tag }: { source: number; destination: number; tag: number },
    tsn: number,
    frame: number,
  ): boolean {
    const ports = ((source << 16) | destination) >>> 0;
    const slot = (tsn ^ Math.imul(tag ^ ports, 0x9e3779b1)) & (SLOTS - 1);
    const known = this.#ports[slot] === ports && this.#tag[slot] === tag && this.#tsn[slot] === tsn;
    if (known && this.#frame[slot] !== 0) return this.#frame[slot] !== frame;
    this.#ports[slot] = ports;
    this.#tag[slot] = tag;
    this.#tsn[slot] = tsn;
    this.#frame[slot] = frame;
    return false;
  }
}
