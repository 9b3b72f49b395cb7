const FIRST_ROOM = 1024;
/** So many are held; then the older half is forgotten. */
const MOST = 1 << 19;

/**
 * When a pair of numbers was first seen, for a million pairs at most: 16 bytes each. Pairs that were not seen for longest are
 * forgotten by generations.
 */
export class FirstSeen {
  #now = new Generation(FIRST_ROOM);
  #before: Generation | undefined;
  /** How often older pairs were forgotten. */
  forgotten = 0;

  /** @returns Microseconds, or -1 where the pair was never seen. */
  get(a: number, b: number): number {
    const found = this.#now.get(a, b);
    return found === -1 && this.#before !== undefined ? this.#before.get(a, b) : found;
  }

  /** Remembers a pair that is seen now. @returns When it was first seen before, or -1. */
  see(a: number, b: number, micros: number): number {
    const found = this.#now.get(a, b);
    if (found !== -1) return found;
    const before = this.#before === undefined ? -1 : this.#before.get(a, b);
    if (this.#now.size >= MOST) {
      if (this.#before !== undefined) this.forgotten += 1;
      this.#before = this.#now;
      this.#now = new Generation(FIRST_ROOM);
    }
    this.#now.add(a, b, before === -1 ? micros : before);
    return before;
  }
}

class Generation {
  #room: number;
  /** Both numbers of each pair, side by side. */
  #pairs: Int32Array;
  #micros: Float64Array;
  size = 0;

  constructor(room: number) {
    this.#room = room;
    this.#pairs = new Int32Array(2 * room).fill(-1);
    this.#micros = new Float64Array(room);
  }

  get(a: number, b: number): number {
    const place = this.#place(a, b);
    return this.#pairs[2 * place] === -1 ? -1 : this.#micros[place]!;
  }

  add(a: number, b: number, micros: number): void {
    if (this.size * 2 >= this.#room) this.#grow();
    const place = this.#place(a, b);
    this.#pairs[2 * place] = a;
    this.#pairs[2 * place + 1] = b;
    this.#micros[place] = micros;
    this.size += 1;
  }

  /** Where a pair is, or where it would stand. */
  #place(a: number, b: number): number {
    const pairs = this.#pairs;
    const mask = this.#room - 1;
    const hash = Math.imul(Math.imul(a, 0x9e3779b1) ^ (b + (a << 7)), 0x85ebca6b);
    let place = (hash ^ (hash >>> 15)) & mask;
    while (pairs[2 * place] !== -1 && (pairs[2 * place] !== a || pairs[2 * place + 1] !== b))
      place = (place + 1) & mask;
    return place;
  }

  #grow(): void {
    const [pairs, micros] = [this.#pairs, this.#micros];
    this.#room *= 2;
    this.#pairs = new Int32Array(2 * this.#room).fill(-1);
    this.#micros = new Float64Array(this.#room);
    this.size = 0;
    for (let index = 0; index < micros.length; index++)
      if (pairs[2 * index] !== -1) this.add(pairs[2 * index]!, pairs[2 * index + 1]!, micros[index]!);
  }
}
