import { Fragments } from './fragments.ts';

/** More layers than any honest frame has; several messages in one frame count one by one. */
const MOST_LAYERS = 120;
/** So deep may networks lie in networks. */
export const MOST_NETWORKS = 8;

/**
 * Reads what comes next in a frame: enters its layer and says which protocol stands behind it, 0 where nothing more is known.
 * It is called where `at` is the first byte of its header.
 */
export type Step = (d: Dissector) => number;

/** What is read above the transports; each is called where its payload begins, and says what that is. */
export interface Uppers {
  udp(d: Dissector, source: number, destination: number): number;
  /** @param header Where in `bytes` the header of TCP begins. */
  tcp(d: Dissector, header: number): number;
  /** @param header Where in `bytes` the common header of SCTP begins. */
  sctp(d: Dissector, header: number): number;
}

/** How captures are read: the first step of each link type, the step of each protocol, and what stands above the transports. */
export interface Reading {
  readonly links: Readonly<Record<number, Step>>;
  readonly steps: readonly (Step | undefined)[];
  readonly uppers: Uppers;
}

/**
 * The layers of one frame after the other, outermost first, in arrays that are used again: `protocol[i]` begins at byte
 * `start[i]` of `data[i]` and ends before `end[i]`. A layer that several frames brought lies in bytes of its own.
 *
 * A frame that holds several messages has them one behind the other, each with what it carries, as Wireshark lists them.
 */
export class Dissector {
  readonly #reading: Reading;
  readonly uppers: Uppers;
  readonly fragments = new Fragments();

  count = 0;
  readonly protocol = new Uint8Array(MOST_LAYERS);
  readonly start = new Int32Array(MOST_LAYERS);
  readonly end = new Int32Array(MOST_LAYERS);
  readonly data: Uint8Array[] = [];

  /** The innermost network and transport layer, and those of each level of nesting; -1 where there is none. */
  levels = 0;
  readonly network = new Int8Array(MOST_NETWORKS);
  readonly transport = new Int8Array(MOST_NETWORKS);

  /** Where the next header begins, and where what it may have ends. */
  bytes: Uint8Array = new Uint8Array();
  at = 0;
  limit = 0;

  /** Something stands in the frame that is not told apart: what follows it is not listed, for its path is not known. */
  #hidden = false;

  /** Number of the frame, from 1, and its time in microseconds. */
  frame = 0;
  micros = 0;
  /** Bytes at its end that the capture did not keep. */
  missing = 0;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.uppers = reading.uppers;
  }

  /**
   * Takes a frame apart that lies in `bytes` from `at` to `limit`.
   *
   * @param link How it begins, by the registry of link types. One that is not known has no layers.
   */
  dissect(link: number, bytes: Uint8Array, at: number, limit: number): void {
    this.count = 0;
    this.levels = 0;
    this.#hidden = false;
    this.bytes = bytes;
    this.at = at;
    this.limit = limit;
    const first = this.#reading.links[link];
    if (first !== undefined) this.follow(first(this));
  }

  /** Goes on from `at` with a protocol until nothing more is known. */
  follow(protocol: number): void {
    let next = protocol;
    while (next !== 0 && this.count < MOST_LAYERS) {
      const step = this.#reading.steps[next];
      if (step === undefined) {
        this.enter(next, 0);
        return;
      }
      next = step(this);
    }
  }

  /** A message inside of a layer that others may follow: afterwards `at` and `limit` are as they were. */
  inside(protocol: number, at: number, limit: number): void {
    const { bytes, at: before, limit: end } = this;
    this.at = at;
    this.limit = limit;
    this.follow(protocol);
    this.bytes = bytes;
    this.at = before;
    this.limit = end;
  }

  /** How many bytes are left. */
  get left(): number {
    return this.limit - this.at;
  }

  /** What comes here is none of the protocols that are told apart. */
  enterUnknown(): void {
    this.#hidden = true;
  }

  /** A layer begins here, and what it carries `header` bytes later. */
  enter(protocol: number, header: number): void {
    const { count } = this;
    if (count < MOST_LAYERS && !this.#hidden) {
      this.protocol[count] = protocol;
      this.start[count] = this.at;
      this.end[count] = this.limit;
      this.data[count] = this.bytes;
      this.count = count + 1;
    }
    this.at = Math.min(this.at + header, this.limit);
  }

  /** A network layer begins: a level of nesting. False where there are too many. */
  enterNetwork(protocol: number, header: number): boolean {
    if (this.levels >= MOST_NETWORKS || this.#hidden) return false;
    this.network[this.levels] = this.count;
    this.transport[this.levels] = -1;
    this.levels += 1;
    this.enter(protocol, header);
    return true;
  }

  /** A transport layer of the innermost network begins. */
  enterTransport(protocol: number, header: number): void {
    if (this.levels > 0) this.transport[this.levels - 1] = this.count;
    this.enter(protocol, header);
  }
}
