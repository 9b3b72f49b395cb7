import { toHex } from '../lib/bytes.ts';
import type { Evidential, Finding } from '../model/finding.ts';
import { readCapture } from '../packets/capture/read.ts';
import { openCapture } from '../sources/capture/open.ts';

/** So many findings, the worst first, get the bytes on which they rest, of so many frames each. */
const FINDINGS = 200;
const FRAMES = 4;
const BYTES = 48;

/**
 * Reads a capture once more, up to the last frame that is asked for, and shows what stood in the frames of findings. One that
 * cannot be read any more leaves them as they are.
 */
export async function withExcerpts(
  path: string,
  findings: readonly Finding[],
  signal?: AbortSignal,
): Promise<readonly Finding[]> {
  const asked = findings.slice(0, FINDINGS).flatMap(({ evidence }) => evidence.slice(0, FRAMES));
  const offsets = new Map<number, Set<number>>();
  for (const { frame, offset } of asked) {
    if (frame === undefined || offset === undefined) continue;
    offsets.set(frame, (offsets.get(frame) ?? new Set()).add(offset));
  }
  if (offsets.size === 0) return findings;
  const found = await excerptsOf(path, offsets, signal);
  const shown = (one: Evidential): Evidential => {
    const bytes = found.get(`${one.frame} ${one.offset}`);
    return bytes === undefined ? one : { ...one, bytes };
  };
  return findings.map((finding, index) =>
    index < FINDINGS ? { ...finding, evidence: finding.evidence.map(shown) } : finding,
  );
}

async function excerptsOf(
  path: string,
  offsets: ReadonlyMap<number, ReadonlySet<number>>,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const wanted = [...offsets.keys()].sort((a, b) => a - b);
  const source = await openCapture(path, () => undefined).catch(() => undefined);
  if (source === undefined) return found;
  let next = 0;
  try {
    for await (const { bytes, first, count, start, captured, at } of readCapture(source, () => undefined)) {
      signal?.throwIfAborted();
      for (; next < wanted.length && wanted[next]! < first + count; next++) {
        const frame = wanted[next]!;
        const index = frame - first;
        const end = start[index]! + captured[index]!;
        for (const offset of offsets.get(frame) ?? []) {
          const from = start[index]! + offset - at[index]!;
          if (from >= start[index]! && from < end)
            found.set(`${frame} ${offset}`, toHex(bytes.subarray(from, Math.min(end, from + BYTES))));
        }
      }
      if (next >= wanted.length) break;
    }
  } finally {
    await source.close();
  }
  return found;
}
