import { concat } from '../lib/bytes.ts';
import { LongwatchError } from '../model/errors.ts';

/** As much as is read of a file. */
const LIMIT = 256 << 20;

/**
 * Standard input to its end.
 *
 * @throws {LongwatchError} `INPUT_UNREADABLE` where it is longer than a file may be.
 */
export async function wholeOf(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const held: Uint8Array[] = [];
  let length = 0;
  for await (const part of parts) {
    length += part.length;
    if (length > LIMIT)
      throw new LongwatchError('INPUT_UNREADABLE', `standard input has more than the ${LIMIT} bytes that are read`);
    held.push(part);
  }
  return concat(held);
}
