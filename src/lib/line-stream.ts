/** Lines that came together. The text of the first is line `number` of the stream, counted from 1. */
export interface LineBatch {
  readonly number: number;
  readonly lines: readonly string[];
}

const LINE_FEED = 0x0a;

/**
 * The lines of a stream of bytes, in batches as they come. A last line without a line feed counts. Bytes that are no UTF-8
 * become U+FFFD.
 *
 * A line longer than `limitBytes` is cut there and the rest of it skipped, so that one endless line cannot take all memory.
 */
export async function* lineBatches(parts: AsyncIterable<Uint8Array>, limitBytes = 16 << 20): AsyncGenerator<LineBatch> {
  const decoder = new TextDecoder('utf-8');
  let number = 1;
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  const keep = (bytes: Uint8Array) => {
    const kept = bytes.subarray(0, Math.max(0, limitBytes - restBytes));
    if (kept.length > 0) rest.push(kept);
    restBytes += kept.length;
  };
  const batch = (lines: readonly string[]): LineBatch => {
    const made = { number, lines };
    number += lines.length;
    return made;
  };
  const takeRest = (): string => {
    const text = decoder.decode(Buffer.concat(rest));
    rest = [];
    restBytes = 0;
    return text;
  };
  for await (const part of parts) {
    const last = part.lastIndexOf(LINE_FEED);
    if (last === -1) {
      keep(part);
      continue;
    }
    // The first line may have begun in an earlier part; the others lie whole in this one.
    const first = part.indexOf(LINE_FEED);
    keep(part.subarray(0, first));
    const lines = [takeRest()];
    if (last > first) for (const line of decoder.decode(part.subarray(first + 1, last)).split('\n')) lines.push(line);
    yield batch(lines);
    keep(part.subarray(last + 1));
  }
  if (restBytes > 0) yield batch([takeRest()]);
}
