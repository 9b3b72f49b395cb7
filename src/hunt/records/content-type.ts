/** What a file is by its first bytes, as Zeek names it; text is not told apart. */
const BEGINNINGS: readonly (readonly [string, string])[] = [
  ['\x7fELF', 'application/x-elf'],
  ['MZ', 'application/x-dosexec'],
  ['PK\x03\x04', 'application/zip'],
  ['\x1f\x8b', 'application/gzip'],
  ['#!', 'text/x-shellscript'],
];

/** @returns Nothing where it is none of those told apart. */
export function contentType(bytes: Uint8Array): string | undefined {
  return BEGINNINGS.find(
    ([start]) =>
      bytes.length >= start.length && [...start].every((letter, index) => bytes[index] === letter.charCodeAt(0)),
  )?.[1];
}
