import { createHash } from 'node:crypto';

/** SHA-256 in lower-case hexadecimal. */
export function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

/** A short stable id of some words: 16 hexadecimal digits of a SHA-256. The words are kept apart, so that no two lists give the same text. */
export function idOf(...words: readonly string[]): string {
  return sha256(JSON.stringify(words)).slice(0, 16);
}
