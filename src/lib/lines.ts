/** One line of an artifact, without its line feed. */
export interface Line {
  readonly text: string;
  /** Byte position of the first byte of the line. */
  readonly offset: number;
  /** Counted from 1. */
  readonly number: number;
}

const LINE_FEED = 0x0a;
const decoder = new TextDecoder('utf-8');

/**
 * The lines of a byte string. A last line without a line feed counts; an empty rest does not.
 *
 * Bytes that are no UTF-8 become U+FFFD: nothing throws. A line longer than `limitBytes` is cut there
 * (the rest of it is skipped), so that one endless line cannot take all memory.
 */
export function* linesOf(bytes: Uint8Array, limitBytes = 1 << 20): Generator<Line> {
  let start = 0;
  for (let number = 1; start < bytes.length; number++) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed === -1 ? bytes.length : feed;
    yield { text: decoder.decode(bytes.subarray(start, Math.min(end, start + limitBytes))), offset: start, number };
    start = end + 1;
  }
}
