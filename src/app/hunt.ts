import { Hunter, type Hit, type NotRun } from '../hunt/predicates/hunter.ts';
import type { Sought } from '../hunt/predicates/seats.ts';
import { readCapture, type CaptureIssue } from '../packets/capture/read.ts';
import { openCapture, streamedCapture } from '../sources/capture/open.ts';

/** What a hunt through one capture comes to. */
export interface HuntResult {
  readonly frames: number;
  readonly issues: readonly CaptureIssue[];
  /** Filters that have no place in frames of some link type. */
  readonly notRun: readonly NotRun[];
}

/**
 * Finds the packets of a capture that filters would have let through.
 *
 * @param onHits Is handed those of some thousand frames, in order; the next are looked for when it resolves.
 * @throws {LongwatchError} `INPUT_UNREADABLE`, `INPUT_UNKNOWN`.
 */
export async function huntCapture(
  capture: string | AsyncIterable<Uint8Array>,
  filters: readonly Sought[],
  { inner, signal }: { readonly inner: boolean; readonly signal: AbortSignal },
  onHits: (hits: Iterable<Hit>) => Promise<void>,
): Promise<HuntResult> {
  const issues: CaptureIssue[] = [];
  const note = (issue: CaptureIssue): void => void issues.push(issue);
  const source =
    typeof capture === 'string'
      ? await openCapture(capture, note, { hashed: false })
      : await streamedCapture(capture, note);
  const hunter = new Hunter(filters, { inner });
  let frames = 0;
  try {
    for await (const some of readCapture(source, note)) {
      signal.throwIfAborted();
      frames += some.count;
      await onHits(hunter.hunt(some));
    }
  } finally {
    await source.close();
  }
  return { frames, issues, notRun: hunter.notRun };
}
