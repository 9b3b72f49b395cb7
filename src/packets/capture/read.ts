import { emptyFrames, type Frames } from './frames.ts';
import type { CaptureFormat, Taken } from './format.ts';
import { isPcap, pcapOf } from './pcap.ts';
import { isPcapng, Pcapng } from './pcapng.ts';

/** Where the bytes of a capture come from. */
export interface ByteSource {
  /** Fills `into` from its beginning with what is there; 0 at the end. */
  read(into: Uint8Array): number | Promise<number>;
}

/** Bytes of a capture that are at hand: those of `bytes` from `from` to `to`. */
export interface Filled {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** Whether there are more than before; none come behind the end. */
  readonly came: boolean;
}

/** Where the bytes of a capture come from that keeps buffers of its own. */
export interface Supply {
  /**
   * Puts more bytes behind those that are left.
   *
   * @param rest What is left of what came before; its buffer is used again.
   * @param needs So many bytes together, at least, are of use; fewer may come.
   */
  more(rest: Uint8Array, needs: number): Filled | Promise<Filled>;
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
export async function* readCapture(
  source: ByteSource | Supply,
  onIssue: (issue: CaptureIssue) => void,
): AsyncGenerator<Frames> {
  const supply = 'more' in source ? source : new OneBuffer(source);
  const frames = emptyFrames();
  let format: CaptureFormat | undefined;
  let filled: Filled = { bytes: new Uint8Array(), from: 0, to: 0, came: true };
  /** Where in the buffer the next record begins, and where in the capture the buffer does. */
  let [next, base] = [0, 0];
  for (;;) {
    const { bytes, to, came } = filled;
    if (format === undefined && to > next) {
      const begun = begin(bytes.subarray(next, to));
      if (typeof begun === 'string') return void onIssue({ reason: begun, offset: 0 });
      if (begun !== undefined) [format, next] = [begun.format, next + begun.length];
    }
    let taken: Taken | undefined;
    for (;;) {
      if (format === undefined) break;
      [frames.bytes, frames.count] = [bytes, 0];
      taken = format.take(bytes, next, to, base, frames);
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
    if (!came) {
      if (format === undefined && to > next) onIssue({ reason: 'it ends within its header', offset: base + to });
      else if (next < to)
        onIssue({ reason: `it ends within a record, of which ${to - next} bytes are there`, offset: base + next });
      return;
    }
    const more = supply.more(bytes.subarray(next, to), taken?.needs ?? 0);
    const at = base + next;
    filled = more instanceof Promise ? await more : more;
    next = filled.from;
    base = at - next;
  }
}

/** One buffer that is used again: what is left goes to its front; one that is too small for a record grows. */
class OneBuffer implements Supply {
  readonly #source: ByteSource;
  #buffer = new Uint8Array(BUFFER);

  constructor(source: ByteSource) {
    this.#source = source;
  }

  more(rest: Uint8Array, needs: number): Filled | Promise<Filled> {
    const left = rest.length;
    const into = needs > this.#buffer.length ? new Uint8Array(2 * needs) : this.#buffer;
    into.set(rest);
    this.#buffer = into;
    const filled = (came: number): Filled => ({ bytes: into, from: 0, to: left + came, came: came > 0 });
    const read = this.#source.read(into.subarray(left));
    return typeof read === 'number' ? filled(read) : read.then(filled);
  }
}

function begin(head: Uint8Array): { format: CaptureFormat; length: number } | string | undefined {
  if (isPcap(head)) return pcapOf(head);
  if (isPcapng(head)) return { format: new Pcapng(), length: 0 };
  return head.length < 4 ? undefined : 'it is neither pcap nor pcapng';
}
