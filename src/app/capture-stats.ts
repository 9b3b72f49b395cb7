import { readCapture, type CaptureIssue } from '../packets/capture/read.ts';
import { linkName } from '../packets/capture/link-types.ts';
import { wholeReading } from '../packets/dissect/whole.ts';
import { Dissector } from '../packets/dissect/dissector.ts';
import { Hierarchy } from '../packets/dissect/hierarchy.ts';
import { PROTOCOL_NAMES } from '../packets/dissect/protocols.ts';
import { openCapture, streamedCapture } from '../sources/capture/open.ts';

/** What a capture holds. */
export interface CaptureStats {
  readonly packets: number;
  /** The link types of its frames, in the order in which they came. */
  readonly linktypes: readonly { readonly number: number; readonly name: string; readonly read: boolean }[];
  /** What could not be read. */
  readonly issues: readonly CaptureIssue[];
  /** All protocols that are told apart. */
  readonly protocols: readonly string[];
  /** Frames and bytes on the wire by path; a path's hold those of the paths below it. */
  readonly paths: Readonly<Record<string, readonly [frames: number, bytes: number]>>;
}

/**
 * Counts the protocols of a capture, frame by frame.
 *
 * @throws {LongwatchError} `INPUT_UNREADABLE`, `INPUT_UNKNOWN`.
 */
export async function captureStats(
  capture: string | AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<CaptureStats> {
  const issues: CaptureIssue[] = [];
  const note = (issue: CaptureIssue) => void issues.push(issue);
  const source = typeof capture === 'string' ? await openCapture(capture, note) : await streamedCapture(capture, note);
  const reading = wholeReading();
  const layers = new Dissector(reading);
  const hierarchy = new Hierarchy();
  const links = new Set<number>();
  let packets = 0;
  try {
    for await (const frames of readCapture(source, note)) {
      signal.throwIfAborted();
      for (let index = 0; index < frames.count; index++) {
        const start = frames.start[index]!;
        const link = frames.link[index]!;
        links.add(link);
        layers.frame = frames.first + index;
        layers.micros = frames.micros[index]!;
        layers.missing = Math.max(0, frames.wire[index]! - frames.captured[index]!);
        layers.dissect(link, frames.bytes, start, start + frames.captured[index]!);
        hierarchy.add(layers, frames.wire[index]!);
      }
      packets += frames.count;
    }
  } finally {
    await source.close();
  }
  const lost = reading.lost();
  if (lost.messages + lost.connections > 0) {
    const reason = `memory was too small for ${lost.connections} connections and ${lost.messages} messages in them`;
    note({ reason, offset: 0 });
  }
  return {
    packets,
    linktypes: [...links].map((number) => ({ number, name: linkName(number), read: number in reading.links })),
    issues,
    protocols: PROTOCOL_NAMES.slice(1),
    paths: hierarchy.paths(),
  };
}
