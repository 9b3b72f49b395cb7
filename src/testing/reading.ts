import { readCapture, type ByteSource, type CaptureIssue } from '../packets/capture/read.ts';
import { toHex } from '../lib/bytes.ts';

/** Bytes in memory as a source, some at a time. */
export function sourceOf(bytes: Uint8Array, step = bytes.length): ByteSource {
  let at = 0;
  return {
    read(into) {
      const part = bytes.subarray(at, at + Math.min(step, into.length));
      into.set(part);
      at += part.length;
      return part.length;
    },
  };
}

/** One frame of a capture, copied out. */
export interface ReadFrame {
  readonly number: number;
  readonly link: number;
  readonly micros: number;
  readonly wire: number;
  readonly at: number;
  readonly hex: string;
}

/** Reads a whole capture, frame by frame. */
export async function framesOf(
  bytes: Uint8Array,
  step?: number,
): Promise<{ frames: ReadFrame[]; issues: CaptureIssue[] }> {
  const frames: ReadFrame[] = [];
  const issues: CaptureIssue[] = [];
  for await (const batch of readCapture(sourceOf(bytes, step), (issue) => void issues.push(issue))) {
    for (let index = 0; index < batch.count; index++) {
      const start = batch.start[index]!;
      frames.push({
        number: batch.first + index,
        link: batch.link[index]!,
        micros: batch.micros[index]!,
        wire: batch.wire[index]!,
        at: batch.at[index]!,
        hex: toHex(batch.bytes.subarray(start, start + batch.captured[index]!)),
      });
    }
  }
  return { frames, issues };
}
