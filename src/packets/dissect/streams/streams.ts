import { u16, u32 } from '../../../lib/endian.ts';
import type { Dissector } from '../dissector.ts';
import { P } from '../protocols.ts';
import { Connections } from './connections.ts';
import { Connection } from './talk.ts';
import type { Half } from './half.ts';
import type { Part } from './part.ts';
import { ACK, AGAIN, FIN, LATE, NEW, PROBE, RST, SYN, weigh } from './sequence.ts';
import { ANY_MORE, UNTIL_CLOSED, type Talk } from './talk.ts';

/** Bytes that all messages together may keep waiting. */
const MOST_HELD = 1 << 26;

/** A message whose first piece is longer is not waited for. */
const LONGEST_FIRST = 1 << 20;

/** No end of a message is known, but that of its stream. */
const FAR = 0x40000000;

/** So many messages of one segment are read. */
const MOST_ROUNDS = 4096;

const TCP = 6;

/** Reads what a connection brings, from `at` to `limit`, with whatever reader fits. */
export type Payload = (d: Dissector, talk: Talk) => void;

type Answer = { -readonly [key in keyof Talk]: Talk[key] };

/**
 * Connections of TCP: puts together what comes in several segments and gives it to a reader, as soon as it is whole.
 *
 * A message whose segments come in several frames is told of in the one that makes it whole. What comes again is not read twice;
 * a segment that is late is read when it comes.
 */
export class Streams {
  readonly connections: Connections;
  readonly #payload: Payload;
  #held = 0;
  /** Messages that were given up for want of memory. */
  dropped = 0;
  /** Used again for each segment. */
  readonly #talk: Answer = {
    connection: new Connection(new Uint8Array()),
    side: 0,
    source: 0,
    destination: 0,
    mayAsk: false,
    last: false,
    again: false,
    rest: 0,
    ask: 0,
  };

  constructor(payload: Payload) {
    this.connections = new Connections((connection) => this.#forget(connection));
    this.#payload = payload;
  }

  /** Takes a segment; `header` is where the header of TCP begins, `at` where its payload does. */
  take(d: Dissector, header: number): void {
    const { bytes } = d;
    const [source, destination] = [u16(bytes, header), u16(bytes, header + 2)];
    let connection = this.connectionOf(d, source, destination, TCP);
    if (connection === undefined) return d.left > 0 ? d.enterUnknown() : undefined;
    const { side } = this.connections;
    const flags = bytes[header + 13]!;
    const sequence = u32(bytes, header + 4);
    if ((flags & (SYN | ACK)) === SYN && !connection.halves[side]!.beganWith(sequence)) {
      this.#forget(connection);
      connection = this.connections.renew(connection);
    }
    const half = connection.halves[side]!;
    const place = half.placeOf(sequence);
    shakeHands(connection, d.micros, flags, source, destination);
    const missing = missingOf(d);
    const whole = missing === 0;
    const segment = {
      place,
      length: d.left + missing,
      acknowledges: (flags & ACK) === 0 ? -1 : u32(bytes, header + 8),
      flags,
      window: u16(bytes, header + 14),
      micros: d.micros,
    };
    const kind = weigh(connection, side, segment);
    const talk = this.#talk;
    [talk.connection, talk.side, talk.source, talk.destination] = [connection, side, source, destination];
    [talk.mayAsk, talk.last] = [whole, (flags & FIN) !== 0];
    // What comes with a reset is the reason for it, in words.
    if ((flags & RST) !== 0) return;
    if ((flags & FIN) !== 0 && half.untilClosed && !half.closed) return this.#close(d, half, place);
    if (d.left === 0) return;
    if (kind === PROBE) return d.enterUnknown();
    if (!whole) return kind === NEW ? void this.#read(d, false) : undefined;
    this.#assemble(d, half, place + ((flags & SYN) !== 0 ? 1 : 0), kind);
  }

  /** The connection of what is read, by the innermost network; nothing where there is none. */
  connectionOf(d: Dissector, source: number, destination: number, kind: number): Connection | undefined {
    const network = d.levels === 0 ? -1 : d.network[d.levels - 1]!;
    if (network < 0) return undefined;
    return this.connectionIn(d.data[network]!, d.start[network]!, source, destination, kind);
  }

  /** The connection of a packet of IP that begins at `start`. */
  connectionIn(bytes: Uint8Array, start: number, source: number, destination: number, kind: number): Connection {
    const four = bytes[start]! >> 4 === 4;
    const addresses = start + (four ? 12 : 8);
    return this.connections.of(bytes, { addresses, length: four ? 4 : 16, source, destination, kind });
  }

  /** Lets it be read. How much more is wanted. */
  #read(d: Dissector, again: boolean): number {
    const talk = this.#talk;
    [talk.again, talk.rest, talk.ask] = [again, 0, 0];
    if (d.left > 0) this.#payload(d, talk);
    return talk.mayAsk ? talk.ask : 0;
  }

  #assemble(d: Dissector, half: Half, place: number, kind: number): void {
    const { bytes, limit, frame } = d;
    const next = place + d.left;
    let at = place;
    let from = d.at;
    for (let round = 0; from < limit && round < MOST_ROUNDS; round++) {
      const begun = half.partAt(at);
      if (begun !== undefined && next <= begun.end && begun.frame !== frame) return;
      const part = begun ?? half.partBefore(at);
      const belongs = part?.has(at) === true;
      if (kind === AGAIN || (kind === LATE && !belongs)) return;
      [d.bytes, d.at, d.limit] = [bytes, from, limit];
      const used = belongs ? this.#continue(d, half, part, at, next) : this.#start(d, half, at, next);
      at += used;
      from += used;
    }
  }

  /** Bytes that no message waits for. How many of them were used. */
  #start(d: Dissector, half: Half, at: number, next: number): number {
    const talk = this.#talk;
    const { bytes, at: from, limit, frame } = d;
    const wanted = this.#read(d, false);
    const start = at + talk.rest - from;
    if (wanted !== 0 && next - start <= LONGEST_FIRST && start < next) {
      if (wanted === UNTIL_CLOSED) half.untilClosed = true;
      const part = this.#begin(half, start, endOf(wanted, next, next), frame);
      part.greedy = wanted === ANY_MORE;
      this.#add(part, start, bytes, talk.rest, limit, next >= part.end);
    }
    return limit - from;
  }

  /** Bytes of a message that waits for them. How many of them were used. */
  #continue(d: Dissector, half: Half, part: Part, at: number, next: number): number {
    const talk = this.#talk;
    const { bytes, at: from, frame } = d;
    part.frame = frame;
    const length = part.greedy ? next - at : Math.min(next, part.end) - at;
    const whole = this.#add(part, at, bytes, from, from + length, next >= part.end);
    if (whole && part.greedy) {
      part.greedy = false;
      part.end = Math.max(part.end, next);
    }
    if (!whole) return length;
    [d.bytes, d.at, d.limit] = [part.bytes, 0, part.filled];
    const wanted = part.torn ? 0 : this.#read(d, true);
    if (wanted === 0) {
      d.enter(P['tcp.segments'], 0);
      this.#drop(part);
      return length;
    }
    const waiting = part.start + talk.rest <= at ? part : this.#split(d, half, part, talk.rest, frame);
    waiting.reopen();
    if (wanted === UNTIL_CLOSED) half.untilClosed = true;
    waiting.greedy = wanted === ANY_MORE;
    waiting.end = endOf(wanted, Math.max(wanted === ANY_MORE ? next : at + length, part.end), waiting.start);
    return length;
  }

  /** The first of what a part holds was read; the rest begins a message of its own. */
  #split(d: Dissector, half: Half, part: Part, rest: number, frame: number): Part {
    const made = this.#begin(half, part.start + rest, part.end, frame);
    this.#add(made, made.start, part.bytes, rest, part.filled, false);
    part.end = made.start;
    d.enter(P['tcp.segments'], 0);
    this.#drop(part);
    return made;
  }

  /** The sender closes: what was kept until then is whole. */
  #close(d: Dissector, half: Half, place: number): void {
    half.closed = true;
    const part = half.partBefore(d.left > 0 ? place + 1 : place);
    if (part?.has(place - 1) !== true && part?.has(place) !== true) return;
    if (!this.#add(part, place, d.bytes, d.at, d.limit, true)) return;
    [d.bytes, d.at, d.limit] = [part.bytes, 0, part.filled];
    d.enter(P['tcp.segments'], 0);
    this.#talk.mayAsk = false;
    this.#read(d, false);
    this.#drop(part);
  }

  #add(part: Part, place: number, bytes: Uint8Array, from: number, to: number, last: boolean): boolean {
    const before = part.bytes.length;
    const open = !part.closed;
    const whole = part.add(place, bytes, from, to, last);
    this.#held += part.bytes.length - before;
    if (this.#held > MOST_HELD) this.#drop(part);
    if (open && part.closed) this.dropped += 1;
    return whole && !part.closed;
  }

  #begin(half: Half, start: number, end: number, frame: number): Part {
    if (half.isFull) this.#held -= half.shift();
    return half.begin(start, end, frame);
  }

  #drop(part: Part): void {
    this.#held -= part.bytes.length;
    part.close();
  }

  #forget(connection: Connection): void {
    for (const half of connection.halves) {
      this.#held -= half.held;
      half.release();
    }
  }
}

function endOf(wanted: number, after: number, start: number): number {
  if (wanted === UNTIL_CLOSED) return start + FAR;
  return wanted === ANY_MORE ? after + 1 : after + wanted;
}

/** Who called whom, and how long the handshake took. */
function shakeHands(connection: Connection, micros: number, flags: number, source: number, destination: number): void {
  if (connection.startedAt < 0) connection.startedAt = micros;
  if ((flags & SYN) !== 0) connection.server = (flags & ACK) === 0 ? destination : source;
  else if ((flags & ACK) !== 0 && connection.server === destination && connection.roundTrip === 0)
    connection.roundTrip = micros - connection.startedAt;
}

/** How many bytes of the innermost packet the capture left off. Of one that fragments brought nothing is missing. */
function missingOf(d: Dissector): number {
  const network = d.network[d.levels - 1]!;
  if (d.missing === 0 || d.data[network] !== d.bytes) return 0;
  const { bytes } = d;
  const start = d.start[network]!;
  const end = start + (bytes[start]! >> 4 === 4 ? u16(bytes, start + 2) : 40 + u16(bytes, start + 4));
  return Math.min(d.missing, Math.max(0, end - d.limit));
}
