import { u16 } from '../../lib/endian.ts';
import type { Addresses } from '../../packets/flows/addresses.ts';
import type { Sight } from '../../packets/flows/sight.ts';
import { AddressSet } from './address-set.ts';

const DNS_PORT = 53;
const HEADER = 12;
/** More records than an answer of one packet has. */
const MOST_RECORDS = 64;
const A = 1;
const AAAA = 28;

/** The addresses for which somebody asked a name, as far as the capture shows the answers. */
export class Names {
  readonly #addresses: Addresses;
  readonly #named = new AddressSet();

  constructor(addresses: Addresses) {
    this.#addresses = addresses;
  }

  /** Takes the addresses of an answer over UDP; other packets are none of its business. */
  hear(sight: Sight): void {
    if (sight.sourcePort !== DNS_PORT) return;
    const { bytes, payload, end } = sight;
    if (end - payload < HEADER || (bytes[payload + 2]! & 0x80) === 0) return;
    let at = payload + HEADER;
    for (let left = Math.min(u16(bytes, payload + 4), MOST_RECORDS); left > 0; left--) {
      at = afterName(bytes, at, end) + 4;
      if (at > end) return;
    }
    for (let left = Math.min(u16(bytes, payload + 6), MOST_RECORDS); left > 0; left--) {
      at = afterName(bytes, at, end);
      if (at + 10 > end) return;
      const type = u16(bytes, at);
      const length = u16(bytes, at + 8);
      at += 10;
      if (at + length > end) return;
      if (type === A && length === 4) this.#named.add(this.#addresses.at(bytes, at, 4));
      else if (type === AAAA && length === 16) this.#named.add(this.#addresses.at(bytes, at, 16));
      at += length;
    }
  }

  has(address: number): boolean {
    return this.#named.has(address);
  }
}

/** Where a name has ended; behind the end of the message when it is cut. */
function afterName(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end;) {
    const length = bytes[at]!;
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    at += 1 + length;
  }
  return end + 1;
}
