import type { Frames } from './frames.ts';

/** What a capture's records are in: it takes frames out of bytes as they come. */
export interface CaptureFormat {
  /**
   * Takes whole records while there is room for their frames.
   *
   * @param from Where in `bytes` the next record begins.
   * @param to Where the bytes that came so far end.
   * @param base Where in the capture `bytes` begins.
   */
  take(bytes: Uint8Array, from: number, to: number, base: number, frames: Frames): Taken;
}

export interface Taken {
  /** Where the next record begins. */
  readonly next: number;
  /** How many bytes that record has, as far as is known; it is whole when so many are there. */
  readonly needs: number;
  /** Why nothing behind `next` can be read. */
  readonly broken?: string;
  /** A record that says nothing that can be used, and the reading goes on. */
  readonly odd?: string;
}

/** No frame of any network is longer; a record that says so is damage. USB and the like are not networks. */
export const LONGEST_FRAME = 1 << 20;
