import { u16 } from '../../lib/endian.ts';
import type { Addresses } from '../../packets/flows/addresses.ts';
import { Tally } from './tally.ts';

const A = 1;
const AAAA = 28;
const MOST_RECORDS = 64;

/** Which addresses were told as answers to a name: who speaks with them afterwards has a reason. And who asked. */
export class AskedNames {
  readonly #addresses: Addresses;
  readonly #told = new Tally();
  readonly #askers = new Tally();

  constructor(addresses: Addresses) {
    this.#addresses = addresses;
  }

  /** Whether an address was an answer. */
  has(address: number): boolean {
    return this.#told.of(address) > 0;
  }

  /** Whether a host was seen to ask. */
  asks(host: number): boolean {
    return this.#askers.of(host) > 0;
  }

  /** Reads a message of DNS that goes to a host. What is damaged ends it. */
  read(host: number, bytes: Uint8Array, at: number, end: number): void {
    if (end - at < 12 || (bytes[at + 2]! & 0x80) === 0) return;
    this.#askers.count(host);
    const questions = u16(bytes, at + 4);
    const records = Math.min(u16(bytes, at + 6) + u16(bytes, at + 8) + u16(bytes, at + 10), MOST_RECORDS);
    if (questions > 4) return;
    let next = at + 12;
    for (let index = 0; index < questions; index++) next = afterName(bytes, next, end) + 4;
    for (let index = 0; index < records; index++) {
      next = afterName(bytes, next, end);
      if (next + 10 > end) return;
      const type = u16(bytes, next);
      const length = u16(bytes, next + 8);
      next += 10;
      if (next + length > end) return;
      if (type === A && length === 4) this.#told.count(this.#addresses.at(bytes, next, 4));
      if (type === AAAA && length === 16) this.#told.count(this.#addresses.at(bytes, next, 16));
      next += length;
    }
  }
}

function afterName(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const length = bytes[at]!;
    if (length >= 0xc0) return at + 2;
    if (length === 0) return at + 1;
    at += 1 + length;
  }
  return end;
}
