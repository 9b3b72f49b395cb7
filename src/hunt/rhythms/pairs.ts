/** So many pairs are remembered; the one not heard for longest makes room for another. */
const MOST = 1 << 20;
const FIRST_ROOM = 1024;
/** Times that differ from the usual one by more than this factor are no part of a rhythm. */
const FAR = 16;
/** From so many times on there is a usual one. */
const USUAL = 3;
/** Calls within this time are one call. */
const ONE_CALL_MICROS = 0.5e6;

/** Columns of the table; a pair is a number, its place in each. */
export interface PairColumns {
  readonly host: Int32Array;
  readonly peer: Int32Array;
  /** The peer's port in the upper half, protocol and depth in the lower. */
  readonly service: Uint32Array;
  readonly lastMicros: Float64Array;
  /** Of the logarithms of the times between calls: how many, their mean, and the sum of squares about it (Welford). */
  readonly gaps: Uint32Array;
  readonly mean: Float32Array;
  readonly squares: Float32Array;
  /** The same of the bytes that went out, over all calls. */
  readonly size: Float32Array;
  readonly sizeSquares: Float32Array;
  /** What is no part of a rhythm: calls soon after another, and pauses. */
  readonly repeats: Uint16Array;
  readonly pauses: Uint16Array;
  /** What was learned of the pair, bit by bit; the owner's. */
  readonly marks: Uint16Array;
}

/**
 * How often and in what rhythm hosts call their peers, 62 bytes a pair with its places in the lists, bounded in number. What
 * is forgotten is counted.
 */
export class Pairs {
  readonly #most: number;
  #room = FIRST_ROOM;
  columns: PairColumns = columnsOf(FIRST_ROOM);
  #heads = new Int32Array(FIRST_ROOM).fill(-1);
  #next = new Int32Array(FIRST_ROOM);
  #older = new Int32Array(FIRST_ROOM);
  #newer = new Int32Array(FIRST_ROOM);
  #oldest = -1;
  #newest = -1;
  size = 0;
  /** Pairs that were forgotten to make room. */
  forgotten = 0;
  readonly #onForget: (pair: number) => void;

  /** @param onForget Is told of each pair that makes room for another. */
  constructor(onForget: (pair: number) => void, most = MOST) {
    this.#onForget = onForget;
    this.#most = most;
  }

  /**
   * Counts a call.
   *
   * @param size Bytes that the host sent.
   * @returns The pair.
   */
  call(host: number, peer: number, service: number, micros: number, size: number): number {
    let pair = this.find(host, peer, service);
    if (pair === -1) pair = this.#begin(host, peer, service, micros);
    else this.#gap(pair, micros);
    const { columns } = this;
    const calls = this.calls(pair);
    const logarithm = Math.log(size + 1);
    const before = logarithm - columns.size[pair]!;
    columns.size[pair]! += before / calls;
    columns.sizeSquares[pair]! += before * (logarithm - columns.size[pair]!);
    return pair;
  }

  /** How often a pair's host has called. */
  calls(pair: number): number {
    return 1 + this.columns.gaps[pair]! + this.columns.repeats[pair]! + this.columns.pauses[pair]!;
  }

  /** Different hosts that call a service of a peer, counted up to a bound. */
  hostsOf(peer: number, service: number, bound: number): number {
    const hosts = new Set<number>();
    const { peer: peers, service: services, host } = this.columns;
    for (let pair = 0; pair < this.size && hosts.size < bound; pair++)
      if (peers[pair] === peer && services[pair] === service) hosts.add(host[pair]!);
    return hosts.size;
  }

  #gap(pair: number, micros: number): void {
    const { columns } = this;
    this.#touch(pair);
    const gap = micros - columns.lastMicros[pair]!;
    if (gap < ONE_CALL_MICROS) return count(columns.repeats, pair);
    columns.lastMicros[pair] = micros;
    const logarithm = Math.log(gap);
    const before = logarithm - columns.mean[pair]!;
    if (columns.gaps[pair]! >= USUAL && Math.abs(before) > Math.log(FAR))
      return count(before < 0 ? columns.repeats : columns.pauses, pair);
    columns.gaps[pair]! += 1;
    columns.mean[pair]! += before / columns.gaps[pair]!;
    columns.squares[pair]! += before * (logarithm - columns.mean[pair]!);
  }

  /** The pair, or -1. */
  find(host: number, peer: number, service: number): number {
    const key = keyOf(host, peer, service);
    const { host: hosts, peer: peers, service: services } = this.columns;
    for (let pair = this.#heads[key & (this.#room - 1)]!; pair !== -1; pair = this.#next[pair]!)
      if (hosts[pair] === host && peers[pair] === peer && services[pair] === service) return pair;
    return -1;
  }

  #begin(host: number, peer: number, service: number, micros: number): number {
    const pair = this.#place();
    const { columns } = this;
    columns.gaps[pair] = columns.mean[pair] = columns.squares[pair] = 0;
    columns.size[pair] =
      columns.sizeSquares[pair] =
      columns.repeats[pair] =
      columns.pauses[pair] =
      columns.marks[pair] =
        0;
    columns.host[pair] = host;
    columns.peer[pair] = peer;
    columns.service[pair] = service;
    columns.lastMicros[pair] = micros;
    const head = keyOf(host, peer, service) & (this.#room - 1);
    this.#next[pair] = this.#heads[head]!;
    this.#heads[head] = pair;
    this.#append(pair);
    return pair;
  }

  #place(): number {
    if (this.size >= this.#room && this.#room < this.#most) this.#grow();
    if (this.size < this.#room) return this.size++;
    const pair = this.#oldest;
    this.#onForget(pair);
    this.forgotten += 1;
    const { host, peer, service } = this.columns;
    const head = keyOf(host[pair]!, peer[pair]!, service[pair]!) & (this.#room - 1);
    let before = -1;
    for (let one = this.#heads[head]!; one !== pair; one = this.#next[one]!) before = one;
    if (before === -1) this.#heads[head] = this.#next[pair]!;
    else this.#next[before] = this.#next[pair]!;
    this.#unlink(pair);
    return pair;
  }

  #append(pair: number): void {
    this.#older[pair] = this.#newest;
    this.#newer[pair] = -1;
    if (this.#newest === -1) this.#oldest = pair;
    else this.#newer[this.#newest] = pair;
    this.#newest = pair;
  }

  #unlink(pair: number): void {
    const [older, newer] = [this.#older[pair]!, this.#newer[pair]!];
    if (older === -1) this.#oldest = newer;
    else this.#newer[older] = newer;
    if (newer === -1) this.#newest = older;
    else this.#older[newer] = older;
  }

  #touch(pair: number): void {
    if (pair === this.#newest) return;
    this.#unlink(pair);
    this.#append(pair);
  }

  #grow(): void {
    const room = this.#room * 2;
    const wider = columnsOf(room);
    for (const name of Object.keys(wider) as (keyof PairColumns)[])
      (wider[name] as Float64Array).set(this.columns[name]);
    this.columns = wider;
    [this.#next, this.#older, this.#newer] = [this.#next, this.#older, this.#newer].map((list) => {
      const longer = new Int32Array(room);
      longer.set(list);
      return longer;
    }) as [Int32Array<ArrayBuffer>, Int32Array<ArrayBuffer>, Int32Array<ArrayBuffer>];
    this.#heads = new Int32Array(room).fill(-1);
    this.#room = room;
    for (let pair = 0; pair < this.size; pair++) {
      const head = keyOf(wider.host[pair]!, wider.peer[pair]!, wider.service[pair]!) & (room - 1);
      this.#next[pair] = this.#heads[head]!;
      this.#heads[head] = pair;
    }
  }
}

/** Counts up to what fits. */
function count(column: Uint16Array, pair: number): void {
  if (column[pair]! < 0xffff) column[pair]! += 1;
}

function keyOf(host: number, peer: number, service: number): number {
  const key = Math.imul(host, 0x9e3779b1) ^ Math.imul(peer, 0x85ebca6b) ^ Math.imul(service, 0xc2b2ae35);
  const mixed = Math.imul(key ^ (key >>> 15), 0x27d4eb2f);
  return mixed ^ (mixed >>> 13);
}

function columnsOf(room: number): PairColumns {
  return {
    host: new Int32Array(room),
    peer: new Int32Array(room),
    service: new Uint32Array(room),
    lastMicros: new Float64Array(room),
    gaps: new Uint32Array(room),
    mean: new Float32Array(room),
    squares: new Float32Array(room),
    size: new Float32Array(room),
    sizeSquares: new Float32Array(room),
    repeats: new Uint16Array(room),
    pauses: new Uint16Array(room),
    marks: new Uint16Array(room),
  };
}
