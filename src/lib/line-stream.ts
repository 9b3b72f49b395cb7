import { linesOf, type Line } from './lines.ts';

const LINE_FEED = 0x0a;

/**
 * The lines of a stream, in batches of what a piece of it completes. Offsets and numbers count from the start of the stream.
 *
 * A line longer than `limitBytes` is cut there, and its rest is let go as it comes.
 */
export async function* lineBatches(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limitBytes = 1 << 20,
): AsyncGenerator<Line[]> {
  let kept: Uint8Array[] = [];
  let keptBytes = 0;
  /** Where the line begins whose first pieces are kept, and where the piece at hand begins. */
  let lineStart = 0;
  let pieceStart = 0;
  let number = 1;
  const take = (bytes: Uint8Array, start: number): Line[] => {
    const first = number;
    const lines = [...linesOf(bytes, limitBytes)].map((line) => ({
      text: line.text,
      offset: start + line.offset,
      number: first + line.number - 1,
    }));
    number += lines.length;
    return lines;
  };
  for await (const piece of pieces) {
    const first = piece.indexOf(LINE_FEED) + 1;
    const end = piece.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      const split = keptBytes === 0 ? 0 : first;
      const joined = split === 0 ? [] : take(Buffer.concat([...kept, piece.subarray(0, split)]), lineStart);
      yield [...joined, ...take(piece.subarray(split, end), pieceStart + split)];
      lineStart = pieceStart + end;
      kept = [];
      keptBytes = 0;
    }
    const rest = piece.subarray(end, end + Math.max(0, limitBytes + 1 - keptBytes));
    if (rest.length > 0) {
      kept.push(Uint8Array.from(rest));
      keptBytes += rest.length;
    }
    pieceStart += piece.length;
  }
  if (keptBytes > 0) yield take(Buffer.concat(kept), lineStart);
}
