/**
 * The checksum of the Internet protocols: the complement of the sum of 16-bit words, big-endian, carries added in.
 *
 * @param bytes Read from `from` to `to`; an odd last byte counts as the high one.
 * @param start A sum to begin with, such as that of a pseudo header.
 * @see RFC 1071
 */
export function internetChecksum(bytes: Uint8Array, from: number, to: number, start = 0): number {
  let sum = start;
  for (let at = from; at < to; at += 2) sum += (bytes[at]! << 8) | (at + 1 < to ? bytes[at + 1]! : 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

/** The sum of 16-bit words from `from` to `to`, without the complement, for a pseudo header. */
export function wordSum(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at += 2) sum += (bytes[at]! << 8) | bytes[at + 1]!;
  return sum;
}
