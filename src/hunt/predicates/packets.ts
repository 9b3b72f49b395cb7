/** Packets that lie in one buffer, as places in it; see `Frames`, which are such packets. */
export interface Packets {
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly start: Int32Array;
  /** How many bytes of a packet are there. */
  readonly captured: Int32Array;
  /** How many it had on the wire. */
  readonly wire: Uint32Array;
}
