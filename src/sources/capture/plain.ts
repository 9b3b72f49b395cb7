import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { LongwatchError } from '../../model/errors.ts';
import { isCapture, type ByteSource } from '../../packets/capture/read.ts';

const HEAD = 64;
/** After so many reads in a row the process looks whether it was interrupted. */
const READS_IN_A_ROW = 16;

/** A capture in a file that is not packed, read without its digest: half of the time that `openCapture` needs. */
export interface PlainCapture {
  readonly sizeBytes: number;
  /** Its first bytes. */
  readonly head: Uint8Array;
  /** Its bytes from the beginning on; or so many of its first, and then those from a place on. */
  bytes(parts?: { readonly head: number; readonly from: number }): ByteSource;
  /** Fills `into` from a place in the file; fewer bytes at its end. */
  readAt(into: Uint8Array, position: number): number;
  close(): void;
}

/**
 * Opens a file that is a capture as it is.
 *
 * @returns undefined where it is none, or packed, or not a file that has an end.
 * @throws {LongwatchError} `INPUT_UNREADABLE`.
 */
export function openPlain(path: string): PlainCapture | undefined {
  return orUnreadable(path, () => {
    // What is no file, such as a pipe, gives its bytes once only.
    if (!statSync(path).isFile()) return undefined;
    const file = openSync(path, 'r');
    const head = new Uint8Array(HEAD);
    const kept = head.subarray(0, readSync(file, head, 0, HEAD, 0));
    if (isCapture(kept)) return plainOf(file, kept);
    closeSync(file);
    return undefined;
  });
}

function plainOf(file: number, head: Uint8Array): PlainCapture {
  const readAt = (into: Uint8Array, position: number): number => readSync(file, into, 0, into.length, position);
  return {
    sizeBytes: fstatSync(file).size,
    head,
    readAt,
    bytes({ head: first, from } = { head: 0, from: 0 }) {
      let position = first === 0 ? from : 0;
      let reads = 0;
      const now = (into: Uint8Array): number => {
        const came = position < first ? readAt(into.subarray(0, first - position), position) : readAt(into, position);
        position += came;
        if (position === first) position = from;
        return came;
      };
      return {
        read(into) {
          reads += 1;
          return reads % READS_IN_A_ROW > 0 ? now(into) : setImmediate().then(() => now(into));
        },
      };
    },
    close() {
      closeSync(file);
    },
  };
}

function orUnreadable<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown cause';
    throw new LongwatchError('INPUT_UNREADABLE', `${path} cannot be read (${code})`, { cause });
  }
}
