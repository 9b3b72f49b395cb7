/** So many frames are read before they are handed on. */
export const MOST_FRAMES = 8192;

/**
 * Frames of a capture, many at once, as places in one buffer. Both are used again for the next ones: who wants to keep bytes
 * copies them.
 */
export interface Frames {
  /** What the capture holds, unpacked. */
  bytes: Uint8Array;
  count: number;
  /** Number of the first of these frames in the capture, from 1. */
  first: number;
  /** Where in `bytes` a frame begins. */
  readonly start: Int32Array;
  /** How many bytes of it were kept. */
  readonly captured: Int32Array;
  /** How many bytes it had on the wire. */
  readonly wire: Uint32Array;
  /** Microseconds since 1970, UTC; to a quarter of one. */
  readonly micros: Float64Array;
  /** How it begins: a number of the registry of link types, such as 1 for Ethernet. */
  readonly link: Uint16Array;
  /** Where in the unpacked capture its first byte stands. */
  readonly at: Float64Array;
  /** 1 where somebody wrote a comment on it. */
  readonly commented: Uint8Array;
}

export function emptyFrames(): Frames {
  return {
    bytes: new Uint8Array(),
    count: 0,
    first: 1,
    start: new Int32Array(MOST_FRAMES),
    captured: new Int32Array(MOST_FRAMES),
    wire: new Uint32Array(MOST_FRAMES),
    micros: new Float64Array(MOST_FRAMES),
    link: new Uint16Array(MOST_FRAMES),
    at: new Float64Array(MOST_FRAMES),
    commented: new Uint8Array(MOST_FRAMES),
  };
}
