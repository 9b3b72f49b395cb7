import { ipText } from '../../lib/ip-address.ts';
import { u16, u32 } from '../../lib/endian.ts';

/** More than this are not told apart; so many tell of forged sources. */
const MOST = 1 << 20;
const FIRST_ROOM = 1024;
const SIZE = 16;

const PRIVATE = 1;
const GROUP = 2;

/** Stands for all addresses beyond those that are told apart. */
export const OTHER_ADDRESS = 0;

/** Addresses as small numbers, from 1; IPv4 and IPv6 alike. */
export class Addresses {
  #bytes = new Uint8Array(FIRST_ROOM * SIZE);
  #kinds = new Uint8Array(FIRST_ROOM);
  /** First address of each hash, and the next one of the same. */
  #heads = new Int32Array(FIRST_ROOM);
  #next = new Int32Array(FIRST_ROOM);
  #count = 1;
  /** Whether some share `OTHER_ADDRESS`. */
  overflowed = false;

  get size(): number {
    return this.#count - 1;
  }

  /** Number of the address that stands in bytes, of 4 or 16. */
  at(bytes: Uint8Array, at: number, length: 4 | 16): number {
    const [a, b, c, d] =
      length === 4
        ? [0, 0, 0xffff, u32(bytes, at)]
        : [u32(bytes, at), u32(bytes, at + 4), u32(bytes, at + 8), u32(bytes, at + 12)];
    let hash = Math.imul(a ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ d, 0x9e3779b1);
    hash ^= hash >>> 15;
    const held = this.#bytes;
    for (let one = this.#heads[hash & (this.#heads.length - 1)]!; one !== 0; one = this.#next[one]!) {
      const place = one * SIZE;
      if (
        u32(held, place + 12) === d &&
        u32(held, place + 8) === c &&
        u32(held, place + 4) === b &&
        u32(held, place) === a
      )
        return one;
    }
    return this.#add(hash, [a, b, c, d]);
  }

  /** As people write it. */
  text(address: number): string {
    if (address === OTHER_ADDRESS) return 'other addresses';
    const bytes = this.#bytes.subarray(address * SIZE, (address + 1) * SIZE);
    return ipText(isMapped(bytes) ? bytes.subarray(12) : bytes);
  }

  /** Whether it is for use inside of networks: RFC 1918, RFC 6598, RFC 4193, loopback, link-local. */
  isPrivate(address: number): boolean {
    return (this.#kinds[address]! & PRIVATE) !== 0;
  }

  /** Whether it stands for several hosts: broadcast and multicast. */
  isGroup(address: number): boolean {
    return (this.#kinds[address]! & GROUP) !== 0;
  }

  #add(hash: number, words: readonly number[]): number {
    if (this.#count >= MOST) {
      this.overflowed = true;
      return OTHER_ADDRESS;
    }
    if (this.#count >= this.#heads.length) this.#grow();
    const one = this.#count++;
    const bytes = this.#bytes.subarray(one * SIZE, (one + 1) * SIZE);
    for (const [index, word] of words.entries())
      bytes.set([word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255], 4 * index);
    this.#kinds[one] = kindsOf(bytes);
    this.#link(one, hash);
    return one;
  }

  #link(one: number, hash: number): void {
    const head = hash & (this.#heads.length - 1);
    this.#next[one] = this.#heads[head]!;
    this.#heads[head] = one;
  }

  #grow(): void {
    const room = this.#heads.length * 2;
    const bytes = new Uint8Array(room * SIZE);
    bytes.set(this.#bytes);
    const kinds = new Uint8Array(room);
    kinds.set(this.#kinds);
    [this.#bytes, this.#kinds] = [bytes, kinds];
    [this.#heads, this.#next] = [new Int32Array(room), new Int32Array(room)];
    for (let one = 1; one < this.#count; one++) {
      const at = one * SIZE;
      let hash = Math.imul(
        u32(bytes, at) ^
          Math.imul(u32(bytes, at + 4), 0x85ebca6b) ^
          Math.imul(u32(bytes, at + 8), 0xc2b2ae35) ^
          u32(bytes, at + 12),
        0x9e3779b1,
      );
      hash ^= hash >>> 15;
      this.#link(one, hash);
    }
  }
}

function isMapped(bytes: Uint8Array): boolean {
  return u32(bytes, 0) === 0 && u32(bytes, 4) === 0 && u32(bytes, 8) === 0xffff;
}

function kindsOf(bytes: Uint8Array): number {
  if (isMapped(bytes)) {
    const word = u16(bytes, 12);
    const first = bytes[12]!;
    const inside =
      first === 10 ||
      first === 127 ||
      word === 0xc0a8 ||
      word === 0xa9fe ||
      (word & 0xfff0) === 0xac10 ||
      (word & 0xffc0) === 0x6440 ||
      first === 0;
    return (inside ? PRIVATE : 0) | (first >= 224 ? GROUP : 0);
  }
  const inside = (bytes[0]! & 0xfe) === 0xfc || (u16(bytes, 0) & 0xffc0) === 0xfe80 || u32(bytes, 0) === 0;
  return (inside ? PRIVATE : 0) | (bytes[0] === 0xff ? GROUP : 0);
}
