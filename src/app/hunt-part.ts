import { Hunter, type Hit } from '../hunt/predicates/hunter.ts';
import type { Sought } from '../hunt/predicates/seats.ts';
import { LongwatchError } from '../model/errors.ts';
import { readCapture, type CaptureIssue } from '../packets/capture/read.ts';
import type { Frames } from '../packets/capture/frames.ts';
import { PCAP_HEADER, recordsOf } from '../packets/capture/pcap.ts';
import { openPlain } from '../sources/capture/plain.ts';

/** A capture, or the records of a plain one that begin from one byte up to another. */
export interface Part {
  readonly path: string;
  readonly range?: { readonly from: number; readonly to: number };
}

export interface HuntOptions {
  readonly filters: readonly Sought[];
  /** Whether packets inside of tunnels are looked at, too. */
  readonly inner: boolean;
  /** Whether senders are told. */
  readonly senders: boolean;
}

/** What a hunt through a part comes to. */
export interface PartResult {
  readonly frames: number;
  /** Link types of its frames. */
  readonly linkTypes: readonly number[];
  readonly issues: readonly CaptureIssue[];
  /** Byte at which the first record begins that was not looked at; undefined where nothing behind it can be read. */
  readonly end: number | undefined;
  /** Why nothing could be read. */
  readonly failed?: { readonly message: string; readonly hint: string };
}

/** Hands on the matches of some thousand frames; the next are looked for when it resolves. */
export type OnHits = (hits: Iterable<Hit>) => Promise<void> | void;

/**
 * Finds the packets of a part that filters would have let through. Frames count from 1 at its beginning.
 *
 * @param stream The capture's bytes where it is no file.
 */
export async function huntPart(
  { path, range }: Part,
  { filters, inner, senders }: HuntOptions,
  onHits: OnHits,
  { signal, stream }: { readonly signal?: AbortSignal | undefined; readonly stream?: AsyncIterable<Uint8Array> } = {},
): Promise<PartResult> {
  const issues: CaptureIssue[] = [];
  const linkTypes = new Set<number>();
  let frames = 0;
  let end: number | undefined;
  try {
    const plain = stream === undefined ? openPlain(path) : undefined;
    const shift = range === undefined ? 0 : range.from - PCAP_HEADER;
    const note = ({ reason, offset }: CaptureIssue): void => void issues.push({ reason, offset: offset + shift });
    const source =
      plain === undefined
        ? await unpacked(path, stream, note)
        : plain.bytes(range === undefined ? undefined : { head: PCAP_HEADER, from: range.from });
    const record = range === undefined || plain === undefined ? 0 : recordsOf(plain.head).header;
    const hunter = new Hunter(filters, { inner, senders });
    try {
      for await (const some of readCapture(source, note)) {
        signal?.throwIfAborted();
        const { count } = some;
        if (range !== undefined) cutAt(some, range.to - shift + record);
        frames += some.count;
        for (let index = 0; index < some.count; index++)
          if (index === 0 || some.link[index] !== some.link[index - 1]) linkTypes.add(some.link[index]!);
        await onHits(hunter.hunt(some));
        const last = some.count - 1;
        const behind = last < 0 ? (range?.from ?? 0) : some.at[last]! + some.captured[last]! + shift;
        if (range === undefined || (some.count === count && behind < range.to)) continue;
        end = behind;
        break;
      }
    } finally {
      if ('close' in source) await source.close();
      await plain?.close();
    }
  } catch (error) {
    if (!(error instanceof LongwatchError) || signal?.aborted === true) throw error;
    return { frames, linkTypes: [], issues, end, failed: { message: error.message, hint: error.hint } };
  }
  return { frames, linkTypes: [...linkTypes], issues, end };
}

/** Leaves out frames whose bytes begin at a place or behind it. */
function cutAt(frames: Frames, at: number): void {
  while (frames.count > 0 && frames.at[frames.count - 1]! >= at) frames.count -= 1;
}

/** What packed captures need is loaded for them alone. */
async function unpacked(
  path: string,
  stream: AsyncIterable<Uint8Array> | undefined,
  note: (issue: CaptureIssue) => void,
): Promise<{ read(into: Uint8Array): number | Promise<number>; close(): Promise<void> }> {
  const { openCapture, streamedCapture } = await import('../sources/capture/open.ts');
  return stream === undefined ? openCapture(path, note) : streamedCapture(stream, note);
}
