import { concat } from '../../../lib/bytes.ts';

const MAGIC = 0x00061561;
const PAGE_HEADER = 26;
const HASH_PAGES = new Set([2, 13]);
const OVERFLOW_PAGE = 7;
const INLINE = 1;
const ELSEWHERE = 3;

/**
 * Headers out of a Berkeley DB hash, /var/lib/rpm/Packages, as Red Hat had it up to its release 8. The first page says
 * magic (at byte 12) and page size (at 20). A hash page has its number of items at 20 and its type at 25, then the place of
 * each item as u16, keys and values by turns; a value lies there, or names the first of a chain of overflow pages.
 *
 * @see src/dbinc/db_page.h of Berkeley DB
 */
export function* headersOfBdb(bytes: Uint8Array): Generator<Uint8Array> {
  const little = isBdb(bytes, true);
  if (!little && !isBdb(bytes, false)) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = view.getUint32(20, little);
  if (size < 512 || size > 65_536) return;
  // Chains that share pages could be told again and again: no more comes out than went in.
  let left = bytes.length;
  for (let page = size; page + size <= bytes.length; page += size) {
    if (!HASH_PAGES.has(view.getUint8(page + 25))) continue;
    const items = Math.min(view.getUint16(page + 20, little), (size - PAGE_HEADER) >> 1);
    const placeOf = (item: number) => view.getUint16(page + PAGE_HEADER + item * 2, little);
    for (let item = 1; item < items; item += 2) {
      const [start, end] = [placeOf(item), placeOf(item - 1)];
      if (start + 1 > end || end > size) continue;
      const type = view.getUint8(page + start);
      let value = new Uint8Array();
      if (type === INLINE) value = bytes.slice(page + start + 1, page + end);
      else if (type === ELSEWHERE && start + 12 <= size) {
        const length = Math.min(view.getUint32(page + start + 8, little), left);
        value = chain(bytes, view, { first: view.getUint32(page + start + 4, little), size, length, little });
      }
      left -= value.length;
      if (value.length > 0) yield value;
    }
  }
}

function chain(
  bytes: Uint8Array,
  view: DataView,
  { first, size, length, little }: { first: number; size: number; length: number; little: boolean },
): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let had = 0;
  for (let at = first * size; at > 0 && had < length && at + size <= bytes.length;) {
    if (view.getUint8(at + 25) !== OVERFLOW_PAGE) break;
    const part = bytes.subarray(at + PAGE_HEADER, at + Math.min(size, PAGE_HEADER + view.getUint16(at + 22, little)));
    // A page of nothing could lead to itself.
    if (part.length === 0) break;
    parts.push(part.subarray(0, length - had));
    had += part.length;
    at = view.getUint32(at + 16, little) * size;
  }
  return Uint8Array.from(concat(parts));
}

export function isBdb(bytes: Uint8Array, little: boolean): boolean {
  return bytes.length >= 512 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(12, little) === MAGIC;
}
