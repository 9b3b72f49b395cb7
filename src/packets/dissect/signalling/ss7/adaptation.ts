import { u16, u32 } from '../../../../lib/endian.ts';

/** No honest message has more parameters. */
const MOST_PARAMETERS = 256;

/** A message of the adaptation layers, which all begin alike; its parameters begin at `at`. */
export interface AdaptationMessage {
  readonly version: number;
  readonly class: number;
  readonly type: number;
  /** Length in bytes as the message tells it, with its header. */
  readonly length: number;
  readonly at: number;
}

/** One parameter: its value lies from `at` to `end`. */
export interface AdaptationParameter {
  readonly tag: number;
  readonly at: number;
  readonly end: number;
}

/**
 * The header that M3UA, M2UA, M2PA and SUA share. Some senders leave the padding of the last parameter out of the length, and
 * nothing but padding follows a message: so its parameters are read to the end of the chunk.
 *
 * @see RFC 4666, 3.1
 */
export function adaptationMessage(bytes: Uint8Array, at: number, end: number): AdaptationMessage | undefined {
  if (at + 8 > end) return undefined;
  return {
    version: bytes[at]!,
    class: bytes[at + 2]!,
    type: bytes[at + 3]!,
    length: u32(bytes, at + 4),
    at: at + 8,
  };
}

/**
 * Parameters by tag, length and value, padded to four bytes.
 *
 * @see RFC 4666, 3.2
 */
export function adaptationParameters(bytes: Uint8Array, at: number, end: number): AdaptationParameter[] {
  const parameters: AdaptationParameter[] = [];
  for (let from = at; from + 4 <= end && parameters.length < MOST_PARAMETERS;) {
    const length = u16(bytes, from + 2);
    if (length < 4) break;
    parameters.push({ tag: u16(bytes, from), at: from + 4, end: Math.min(from + length, end) });
    from += (length + 3) & ~3;
  }
  return parameters;
}
