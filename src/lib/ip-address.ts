/**
 * An address in the form of RFC 5952: small letters, the longest run of two or more zero groups (the first of equals) left
 * out, an IPv4-mapped address with dots.
 *
 * @param bytes 4 or 16 bytes in network order.
 */
export function ipText(bytes: Uint8Array | readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16),
  );
  if (groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff')
    return `::ffff:${bytes.slice(12).join('.')}`;
  let best = { start: 0, length: 0 };
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (groups[end] === '0') end += 1;
    if (end - start > best.length) best = { start, length: end - start };
  }
  if (best.length < 2) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}

/** Bytes of an address as `ipText` writes it: 4, or 16; nothing where it is none. */
export function ipBytes(text: string): Uint8Array | undefined {
  if (!text.includes(':')) return ip4Bytes(text);
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [left, right] = halves.map((half) => wordsOf(half));
  if (left === undefined || (halves.length === 2 && right === undefined)) return undefined;
  const fill = 8 - left.length - (right?.length ?? 0);
  if (right === undefined ? fill !== 0 : fill < 1) return undefined;
  const words = [...left, ...Array.from({ length: right === undefined ? 0 : fill }, () => 0), ...(right ?? [])];
  return Uint8Array.from(words.flatMap((word) => [word >> 8, word & 255]));
}

function ip4Bytes(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  const numbers = parts.map(Number);
  return parts.length === 4 && parts.every((part, index) => /^\d{1,3}$/.test(part) && numbers[index]! < 256)
    ? Uint8Array.from(numbers)
    : undefined;
}

/** Words of 16 bits with colons between; the last two may be written as an address of IPv4. */
function wordsOf(text: string): number[] | undefined {
  const words: number[] = [];
  for (const part of text === '' ? [] : text.split(':')) {
    const four = part.includes('.') ? ip4Bytes(part) : undefined;
    if (four !== undefined) words.push((four[0]! << 8) | four[1]!, (four[2]! << 8) | four[3]!);
    else if (/^[\da-f]{1,4}$/.test(part)) words.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return words;
}
