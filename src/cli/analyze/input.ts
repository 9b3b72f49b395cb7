import type { CaptureInput, Given } from '../../app/stored.ts';
import { concat } from '../../lib/bytes.ts';
import { untilStopped } from '../../lib/async.ts';
import { followFile } from '../../sources/capture/follow.ts';
import { isCaptureHead } from '../../sources/capture/open.ts';
import type { Io } from '../io.ts';
import { wholeOf } from '../stdin.ts';

const NAME = 'standard input';
/** So many bytes tell what is packed. */
const HEAD = 1024;
/** So long after Ctrl-C what is on its way still counts: a capture tool that was interrupted as well hands on what it holds. */
const GRACE_MS = 400;

/** Standard input, by what it begins with: a capture is read as it comes, all else whole. */
export async function standardInput(io: Pick<Io, 'stdinParts' | 'signal'>): Promise<Given | CaptureInput> {
  const parts = io.stdinParts()[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array();
  let capture = false;
  for (;;) {
    const next = await parts.next();
    if (next.done === true) break;
    head = concat([head, next.value]);
    capture = head.length >= 4 && (await isCaptureHead(head));
    if (capture || head.length >= HEAD) break;
  }
  const all = resumed(head, parts);
  if (!capture) return { name: NAME, bytes: await wholeOf(all) };
  return { capture: NAME, parts: untilStopped(all, io.signal, GRACE_MS) };
}

/** A capture in a file that grows, as far as it comes. */
export function growing(path: string, { signal }: Pick<Io, 'signal'>): CaptureInput {
  return { capture: path, parts: untilStopped(followFile(path, signal), signal, GRACE_MS) };
}

async function* resumed(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (;;) {
    const next = await rest.next();
    if (next.done === true) return;
    yield next.value;
  }
}
