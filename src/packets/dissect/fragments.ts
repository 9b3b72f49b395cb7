/** So many datagrams may wait for their other fragments; a power of two. */
const SLOTS = 1024;
/** A datagram has no more bytes. Fragments begin at multiples of 8. */
const LONGEST = 65_536;
const BLOCK = 8;
/** Source and destination of IPv6. */
const LONGEST_ADDRESSES = 32;

interface Slot {
  used: boolean;
  /** Source and destination, one behind the other. */
  readonly addresses: Uint8Array;
  length: number;
  id: number;
  bytes: Uint8Array;
  /** A bit for each block of 8 bytes that came. */
  readonly came: Uint32Array;
  blocks: number;
  /** Blocks of the whole, known with the last fragment; and its length. */
  total: number;
  size: number;
}

/**
 * Datagrams that come in fragments, in memory that is used again. One whose place another needs is dropped, and counted.
 */
export class Fragments {
  readonly #slots: Slot[] = [];
  dropped = 0;

  /**
   * Takes a fragment: `bytes` from `from` to `to` lie `offset` bytes behind the beginning of the datagram.
   *
   * @param addressesAt Where source and destination stand in `bytes`, one behind the other, and `length` bytes of them.
   * @param id What the sender calls the datagram, with the protocol where it belongs to the name.
   * @returns The datagram when this one makes it whole; it is used again with the next fragment.
   */
  add(
    { bytes, addressesAt, length, id }: { bytes: Uint8Array; addressesAt: number; length: number; id: number },
    { offset, from, to, more }: { offset: number; from: number; to: number; more: boolean },
  ): Uint8Array | undefined {
    const size = to - from;
    if (offset + size > LONGEST || size <= 0 || (more && size % BLOCK !== 0)) return undefined;
    const slot = this.#slotOf(bytes, addressesAt, length, id);
    if (slot.bytes.length < offset + size) {
      const larger = new Uint8Array(Math.min(LONGEST, Math.max(4096, 2 * (offset + size))));
      larger.set(slot.bytes);
      slot.bytes = larger;
    }
    let fresh = offset;
    for (let block = offset / BLOCK; block < (offset + size) / BLOCK; block++) {
      const bit = 1 << (block & 31);
      if ((slot.came[block >> 5]! & bit) !== 0) {
        // Of fragments that overlap the first counts, as for Wireshark and most receivers.
        slot.bytes.set(bytes.subarray(from + fresh - offset, from + block * BLOCK - offset), fresh);
        fresh = (block + 1) * BLOCK;
        continue;
      }
      slot.came[block >> 5]! |= bit;
      slot.blocks += 1;
    }
    if (fresh < offset + size) slot.bytes.set(bytes.subarray(from + fresh - offset, to), fresh);
    if (!more) [slot.total, slot.size] = [Math.ceil((offset + size) / BLOCK), offset + size];
    if (slot.total === 0 || slot.blocks < slot.total) return undefined;
    slot.used = false;
    return slot.blocks === slot.total ? slot.bytes.subarray(0, slot.size) : undefined;
  }

  #slotOf(bytes: Uint8Array, at: number, length: number, id: number): Slot {
    let hash = id | 0;
    for (let index = 0; index < length; index++) hash = Math.imul(hash ^ bytes[at + index]!, 0x01000193);
    const place = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const slot = (this.#slots[place] ??= emptySlot());
    if (slot.used && slot.id === id && slot.length === length && isAt(slot.addresses, bytes, at, length)) return slot;
    if (slot.used) this.dropped += 1;
    slot.used = true;
    slot.addresses.set(bytes.subarray(at, at + length));
    [slot.length, slot.id, slot.blocks, slot.total] = [length, id, 0, 0];
    slot.came.fill(0);
    return slot;
  }
}

function isAt(addresses: Uint8Array, bytes: Uint8Array, at: number, length: number): boolean {
  for (let index = 0; index < length; index++) if (addresses[index] !== bytes[at + index]) return false;
  return true;
}

function emptySlot(): Slot {
  return {
    used: false,
    addresses: new Uint8Array(LONGEST_ADDRESSES),
    length: 0,
    id: 0,
    bytes: new Uint8Array(),
    came: new Uint32Array(LONGEST / BLOCK / 32),
    blocks: 0,
    total: 0,
    size: 0,
  };
}
