import { emptyFrames, type Frames } from './frames.ts';
import type { CaptureFormat, Taken } from './format.ts';
import { isPcap, pcapOf } from './pcap.ts';
import { isPcapng, Pcapng } from './pcapng.ts';

/** Where the bytes of a capture come from. */
export interface ByteSource {
  /** Fills `into` from its beginning with what is there; 0 at the end. */
  read(into: Uint8Array): number | Promise<number>;
}

/** What of a capture could not be read, and where in it. */
export interface CaptureIssue {
  readonly reason: string;
  /** Byte of the unpacked capture. */
  readonly offset: number;
}

/** This much stays in the processor's cache. */
const BUFFER = 1 << 20;

/** Whether bytes begin a capture that can be read. */
export function isCapture(head: Uint8Array): boolean {
  return isPcap(head) || isPcapng(head);
}

/**
 * Reads a capture, pcap or pcapng, to its end: many frames at once, in one buffer that is used again. Of one that breaks off or
 * is damaged it gives what comes before.
 *
 * @param onIssue Is told what could not be read.
 */
export async function* readCapture(source: ByteSource, onIssue: (issue: CaptureIssue) => void): AsyncGenerator<Frames> {
  const frames = emptyFrames();
  let buffer = new Uint8Array(BUFFER);
  let format: CaptureFormat | undefined;
  /** Places in the buffer: the next record, the end of what came. */
  let [next, end] = [0, 0];
  /** Where in the capture the buffer begins. */
  let base = 0;
  let ended = false;
  for (;;) {
    if (format === undefined && end > 0) {
      const begun = begin(buffer.subarray(0, end));
      if (typeof begun === 'string') return void onIssue({ reason: begun, offset: 0 });
      if (begun !== undefined) [format, next] = [begun.format, begun.length];
    }
    let taken: Taken | undefined;
    for (;;) {
      if (format === undefined) break;
      [frames.bytes, frames.count] = [buffer, 0];
      taken = format.take(buffer, next, end, base, frames);
      next = taken.next;
      if (taken.odd !== undefined) onIssue({ reason: taken.odd, offset: base + next });
      if (frames.count > 0) {
        yield frames;
        frames.first += frames.count;
        frames.commented.fill(0);
      } else if (taken.odd === undefined) break;
    }
    if (taken?.broken !== undefined)
      return void onIssue({ reason: `${taken.broken}; nothing behind it is read`, offset: base + next });
    if (ended) {
      if (format === undefined && end > 0) onIssue({ reason: 'it ends within its header', offset: base + end });
      else if (next < end)
        onIssue({ reason: `it ends within a record, of which ${end - next} bytes are there`, offset: base + next });
      return;
    }
    // What is left of a record goes to the front; a buffer that is too small for it grows.
    const needs = taken?.needs ?? 0;
    const into = needs > buffer.length ? new Uint8Array(2 * needs) : buffer;
    into.set(buffer.subarray(next, end));
    [buffer, base, end, next] = [into, base + next, end - next, 0];
    const read = source.read(buffer.subarray(end));
    const came = typeof read === 'number' ? read : await read;
    ended = came === 0;
    end += came;
  }
}

function begin(head: Uint8Array): { format: CaptureFormat; length: number } | string | undefined {
  if (isPcap(head)) return pcapOf(head);
  if (isPcapng(head)) return { format: new Pcapng(), length: 0 };
  return head.length < 4 ? undefined : 'it is neither pcap nor pcapng';
}
