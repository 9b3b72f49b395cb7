import { Connection } from './talk.ts';

/** So many connections are remembered at most: those of two generations. */
const MOST = 1 << 17;

/** Two IPv6 addresses, two ports, and what kind it is. */
const KEY_SIZE = 37;

/** Connections by their ends. The memory for them is bounded: those not seen for longest are forgotten, and counted. */
export class Connections {
  #young = new Map<number, Connection>();
  #old = new Map<number, Connection>();
  readonly #key = new Uint8Array(KEY_SIZE);
  readonly #most: number;
  readonly #forget: (connection: Connection) => void;
  forgotten = 0;
  /** Which of its ends sent the packet that was looked up last. */
  side = 0;

  /** @param forget Is told of each that is forgotten. */
  constructor(forget: (connection: Connection) => void = () => undefined, most = MOST) {
    this.#forget = forget;
    this.#most = most / 2;
  }

  /**
   * The connection of a packet; a new one where there is none.
   *
   * @param addresses Where source and destination stand in `bytes`, one behind the other, of `length` bytes each.
   * @param kind Tells connections of different protocols apart.
   */
  of(bytes: Uint8Array, { addresses, length, source, destination, kind }: Ends): Connection {
    const key = this.#key;
    this.side = source < destination || (source === destination && isLower(bytes, addresses, length)) ? 0 : 1;
    const first = addresses + (this.side === 0 ? 0 : length);
    const second = addresses + (this.side === 0 ? length : 0);
    key.fill(0);
    for (let index = 0; index < length; index++) {
      key[index] = bytes[first + index]!;
      key[16 + index] = bytes[second + index]!;
    }
    const [low, high] = this.side === 0 ? [source, destination] : [destination, source];
    key[32] = low >> 8;
    key[33] = low;
    key[34] = high >> 8;
    key[35] = high;
    key[36] = kind;
    const hash = hashOf(key);
    const known = this.#young.get(hash) ?? this.#fromOld(hash);
    if (known !== undefined && isSame(known.ends, key)) return known;
    if (known !== undefined) this.#leave(known);
    const made = new Connection(key.slice());
    this.#keep(hash, made);
    return made;
  }

  /** A connection begins anew between the same ends. */
  renew(connection: Connection): Connection {
    const made = new Connection(connection.ends);
    this.#keep(hashOf(connection.ends), made);
    return made;
  }

  #fromOld(hash: number): Connection | undefined {
    const known = this.#old.get(hash);
    if (known === undefined) return undefined;
    this.#old.delete(hash);
    this.#keep(hash, known);
    return known;
  }

  #leave(connection: Connection): void {
    this.forgotten += 1;
    this.#forget(connection);
  }

  #keep(hash: number, connection: Connection): void {
    this.#young.set(hash, connection);
    if (this.#young.size < this.#most) return;
    for (const one of this.#old.values()) this.#leave(one);
    this.#old = this.#young;
    this.#young = new Map();
  }
}

export interface Ends {
  readonly addresses: number;
  readonly length: number;
  readonly source: number;
  readonly destination: number;
  readonly kind: number;
}

function isLower(bytes: Uint8Array, at: number, length: number): boolean {
  for (let index = 0; index < length; index++) {
    const difference = bytes[at + index]! - bytes[at + length + index]!;
    if (difference !== 0) return difference < 0;
  }
  return true;
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  for (let index = 0; index < KEY_SIZE; index++) if (one[index] !== other[index]) return false;
  return true;
}

/** 52 bits of two hashes. */
function hashOf(key: Uint8Array): number {
  let [one, other] = [0x811c9dc5, 0x1b873593];
  for (let index = 0; index < KEY_SIZE; index++) {
    const byte = key[index]!;
    one = Math.imul(one ^ byte, 0x01000193);
    other = Math.imul((other << 5) ^ (other >>> 3) ^ byte, 0xcc9e2d51);
  }
  one ^= one >>> 15;
  return (one >>> 0) * 0x100000 + (other >>> 12);
}
