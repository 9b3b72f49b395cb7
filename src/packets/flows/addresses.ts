import { ipText } from '../../lib/ip-address.ts';
import { u32 } from '../../lib/endian.ts';

/** More than this are not told apart; so many tell of forged sources. */
const MOST = 1 << 20;
const FIRST_ROOM = 1024;
const WORDS = 4;
/** What stands before an IPv4 address in one of IPv6. */
const MAPPED = 0xffff;

const PRIVATE = 1;
const GROUP = 2;
const SEEN = 4;

/** Stands for all addresses beyond those that are told apart. */
export const OTHER_ADDRESS = 0;

/** Addresses as small numbers, from 1; IPv4 and IPv6 alike. */
export class Addresses {
  /** Four words of 32 bits each. */
  #words = new Uint32Array(FIRST_ROOM * WORDS);
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

  /** How many of them sent or received something. */
  seen = 0;

  /** Number of the address that sends or receives. */
  see(bytes: Uint8Array, at: number, length: 4 | 16): number {
    const address = this.at(bytes, at, length);
    if ((this.#kinds[address]! & SEEN) === 0) {
      this.#kinds[address]! |= SEEN;
      this.seen += 1;
    }
    return address;
  }

  /** Number of the address that stands in bytes, of 4 or 16. */
  at(bytes: Uint8Array, at: number, length: 4 | 16): number {
    return length === 4
      ? this.#of(0, 0, MAPPED, u32(bytes, at))
      : this.#of(u32(bytes, at), u32(bytes, at + 4), u32(bytes, at + 8), u32(bytes, at + 12));
  }

  /** As people write it. */
  text(address: number): string {
    return address === OTHER_ADDRESS ? 'other addresses' : ipText(this.bytesOf(address));
  }

  /** Its 4 or 16 bytes, as they stand on the wire. */
  bytesOf(address: number): Uint8Array {
    const [a = 0, b = 0, c = 0, d = 0] = this.#words.subarray(address * WORDS, (address + 1) * WORDS);
    return Uint8Array.from(
      (isMapped(a, b, c) ? [d] : [a, b, c, d]).flatMap((word) => [
        word >>> 24,
        (word >>> 16) & 255,
        (word >>> 8) & 255,
        word & 255,
      ]),
    );
  }

  /** Whether both lie in one network of the usual size, 24 bits of IPv4 and 64 of IPv6. */
  areNear(one: number, other: number): boolean {
    const [words, a, b] = [this.#words, one * WORDS, other * WORDS];
    if (words[a] !== words[b] || words[a + 1] !== words[b + 1]) return false;
    if (!isMapped(words[a]!, words[a + 1]!, words[a + 2]!)) return true;
    return words[a + 2] === words[b + 2] && (words[a + 3]! ^ words[b + 3]!) >>> 8 === 0;
  }

  /** Whether it is for use inside of networks: RFC 1918, RFC 6598, RFC 4193, loopback, link-local. */
  isPrivate(address: number): boolean {
    return (this.#kinds[address]! & PRIVATE) !== 0;
  }

  /** Whether it stands for several hosts: broadcast and multicast. */
  isGroup(address: number): boolean {
    return (this.#kinds[address]! & GROUP) !== 0;
  }

  #of(a: number, b: number, c: number, d: number): number {
    const hash = hashOf(a, b, c, d);
    const words = this.#words;
    for (let one = this.#heads[hash & (this.#heads.length - 1)]!; one !== 0; one = this.#next[one]!) {
      const place = one * WORDS;
      if (words[place + 3] === d && words[place + 2] === c && words[place + 1] === b && words[place] === a) return one;
    }
    return this.#add(hash, a, b, c, d);
  }

  #add(hash: number, a: number, b: number, c: number, d: number): number {
    if (this.#count >= MOST) {
      this.overflowed = true;
      return OTHER_ADDRESS;
    }
    if (this.#count >= this.#heads.length) this.#grow();
    const one = this.#count++;
    const [words, place] = [this.#words, one * WORDS];
    words[place] = a;
    words[place + 1] = b;
    words[place + 2] = c;
    words[place + 3] = d;
    this.#kinds[one] = kindsOf(a, b, c, d);
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
    const words = new Uint32Array(room * WORDS);
    words.set(this.#words);
    const kinds = new Uint8Array(room);
    kinds.set(this.#kinds);
    [this.#words, this.#kinds] = [words, kinds];
    [this.#heads, this.#next] = [new Int32Array(room), new Int32Array(room)];
    for (let one = 1; one < this.#count; one++) {
      const at = one * WORDS;
      this.#link(one, hashOf(words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!));
    }
  }
}

function hashOf(a: number, b: number, c: number, d: number): number {
  const hash = Math.imul(a ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ d, 0x9e3779b1);
  return hash ^ (hash >>> 15);
}

function isMapped(a: number, b: number, c: number): boolean {
  return a === 0 && b === 0 && c === MAPPED;
}

function kindsOf(a: number, b: number, c: number, d: number): number {
  if (isMapped(a, b, c)) {
    const [word, first] = [d >>> 16, d >>> 24];
    const inside =
      first === 10 ||
      first === 127 ||
      first === 0 ||
      word === 0xc0a8 ||
      word === 0xa9fe ||
      (word & 0xfff0) === 0xac10 ||
      (word & 0xffc0) === 0x6440;
    return (inside ? PRIVATE : 0) | (first >= 224 ? GROUP : 0);
  }
  const inside = a >>> 25 === 0x7e || a >>> 22 === 0x3fa || a === 0;
  return (inside ? PRIVATE : 0) | (a >>> 24 === 0xff ? GROUP : 0);
}
