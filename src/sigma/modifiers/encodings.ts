import { concat, utf8 } from '../../lib/bytes.ts';

/** The UTF-16 forms of a text; `utf16` carries the byte order mark of the little-endian form. */
export type Utf16 = 'wide' | 'utf16le' | 'utf16be' | 'utf16';

const MARK = Uint8Array.of(0xff, 0xfe);

// Of the Base64 of a text that begins 0, 1 or 2 bytes into a group of three: where the characters begin that depend on it
// alone, and how many at the end depend on what follows, by the length of all of it modulo 3.
const STABLE_START = [0, 2, 3] as const;
const UNSTABLE_END = [0, 3, 2] as const;

export function utf16Bytes(text: string, form: Utf16): Uint8Array {
  const bytes = Buffer.from(text, 'utf16le');
  if (form === 'utf16be') return new Uint8Array(bytes.swap16());
  return form === 'utf16' ? concat([MARK, bytes]) : new Uint8Array(bytes);
}

/** Bytes as a text of one character each, U+0000 to U+00FF. */
export function bytesAsText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

/** The bytes of a text: UTF-8, or those that {@link bytesAsText} made it of. */
export function bytesOfText(text: string, encoded: boolean): Uint8Array {
  return encoded ? new Uint8Array(Buffer.from(text, 'latin1')) : utf8(text);
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/**
 * The three texts of which one stands in any Base64 that holds the bytes somewhere inside. Both ends are cut where a
 * character depends on the neighbours.
 *
 * @example
 * base64Offsets(utf8('foo')); // ['Zm9v', 'Zvb', 'mb2']
 */
export function base64Offsets(bytes: Uint8Array): readonly string[] {
  return STABLE_START.map((start, shift) => {
    const whole = base64(concat([new Uint8Array(shift), bytes]));
    const end = UNSTABLE_END[(bytes.length + shift) % 3] ?? 0;
    return whole.slice(start, whole.length - end);
  });
}
