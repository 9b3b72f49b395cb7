const MAGIC = 0x506d7052; // RpmP
const SLOT = 0x746f6c53; // Slot
const BLOB = 0x53626c42; // BlbS
const SLOTS_A_PAGE = 256;

/**
 * Headers out of rpm's own database, Packages.db, as SUSE has it. Little-endian u32 throughout: a file header of 32 bytes
 * with the number of slot pages in its fourth word, slots of 16 bytes (magic, package, block, blocks), and at each block of
 * 16 bytes a header (magic, package, checksum, length) before the data.
 *
 * @see lib/backend/ndb/rpmpkg.c of rpm
 */
export function* headersOfNdb(bytes: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isNdb(bytes)) return;
  const slots = Math.min(view.getUint32(12, true) * SLOTS_A_PAGE, Math.floor(bytes.length / 16));
  for (let at = 32; at < slots * 16; at += 16) {
    if (view.getUint32(at, true) !== SLOT) return;
    const [index, block] = [view.getUint32(at + 4, true), view.getUint32(at + 8, true) * 16];
    if (index === 0 || block + 16 > bytes.length || view.getUint32(block, true) !== BLOB) continue;
    const end = block + 16 + view.getUint32(block + 12, true);
    if (end <= bytes.length) yield bytes.subarray(block + 16, end);
  }
}

export function isNdb(bytes: Uint8Array): boolean {
  return bytes.length >= 32 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === MAGIC;
}
