import { isPcap, PCAP_HEADER, recordsOf } from '../packets/capture/pcap.ts';
import { likelyRecord } from '../packets/capture/resync.ts';
import { openPlain, type PlainCapture } from '../sources/capture/plain.ts';
import type { Part } from './hunt-part.ts';

/** A part has so many bytes: it takes longer to read than to hand it to a thread. */
const PART_BYTES = 32 << 20;
/** So much is looked at to find where a record begins. */
const WINDOW = 1 << 18;

/**
 * Parts of a capture that can be looked at beside each other, in order. A plain pcap capture has several, each of which begins
 * where a record seems to: who puts the answers together sees whether the one before ended there.
 *
 * @param whole Whether a capture is to stay whole, for its frames to be read with regard to those before them.
 */
export async function partsOf(path: string, whole: boolean, partBytes = PART_BYTES): Promise<readonly Part[]> {
  let capture: PlainCapture | undefined;
  try {
    capture = path === '-' || whole ? undefined : openPlain(path);
  } catch {
    // who reads it says why it cannot be read
  }
  const parts =
    capture === undefined || !isPcap(capture.head) || capture.sizeBytes < 2 * partBytes
      ? [{ path }]
      : [...rangesOf(path, capture, partBytes)];
  await capture?.close();
  return parts;
}

function* rangesOf(path: string, capture: PlainCapture, partBytes: number): Generator<Part> {
  const window = new Uint8Array(WINDOW);
  const records = recordsOf(capture.head);
  let from = PCAP_HEADER;
  for (let next = partBytes; next < capture.sizeBytes; next += partBytes) {
    const found = likelyRecord(window.subarray(0, capture.readAt(window, next)), records);
    if (found === undefined) continue;
    yield { path, range: { from, to: next + found } };
    from = next + found;
  }
  yield { path, range: { from, to: Infinity } };
}
