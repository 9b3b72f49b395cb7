import { Hands } from './hands.ts';

/** A key is at most so many bytes, three for an arrow; enciphered in frames it is one of these sizes, always the same. */
const MOST_KEY = 4;
const FRAME = { least: 16, most: 96 };
/** An echo may have a line end more, or move the cursor; it comes within this time. */
const MOST_MORE = 2;
const ECHO_MICROS = 2e6;
/** The two directions may be enciphered with different headers. */
const MOST_FRAME_MORE = 32;
const LEAST_KEYS = 20;
const MOSTLY = 0.7;
/** What a command prints, beyond echoes; so many times at least. */
const OUTPUT = 8;
const LEAST_OUTPUTS = 2;

const MOST_LINE = 240;
const LEAST_LINES = 6;
const LEAST_PROMPTS = 4;

const LF = 10;
const PROMPT_ENDS: ReadonlySet<number> = new Set(Array.from('#$>%', (letter) => letter.charCodeAt(0)));

export type Typed = 'keys' | 'lines';

/** Follows what one side of a connection sends as if a person typed, and what the other side makes of it. */
export class Typing {
  readonly hands = new Hands();
  #packets = 0;
  keys = 0;
  echoes = 0;
  outputs = 0;
  readonly #frame = new Vote();
  readonly #echo = new Vote();
  #waitingFor = 0;
  #waitingSince = 0;
  #heads = 0;
  #lastHead = -1;
  lines = 0;
  prompts = 0;

  /** Takes what the side that may type has sent. */
  sent(bytes: Uint8Array, at: number, end: number, micros: number): void {
    const size = end - at;
    this.#packets += 1;
    this.hands.move(micros);
    this.#frame.vote(size);
    this.#waitingFor = 0;
    if (size <= MOST_KEY || (size === this.#frame.value && size >= FRAME.least && size <= FRAME.most)) {
      this.keys += 1;
      this.#waitingFor = size;
      this.#waitingSince = micros;
      if (bytes[at] !== this.#lastHead) this.#heads += 1;
      this.#lastHead = bytes[at]!;
    }
    if (size <= MOST_LINE && bytes[end - 1] === LF && bytes[end - 2] !== 13) this.lines += 1;
  }

  /** Takes what the other side has sent. */
  heard(bytes: Uint8Array, at: number, end: number, micros: number): void {
    const size = end - at;
    const waits = this.#waitingFor > 0 && micros - this.#waitingSince <= ECHO_MICROS;
    if (waits) this.#echo.vote(size);
    if (waits && this.#isEcho(size)) this.echoes += 1;
    else if (size > OUTPUT) this.outputs += 1;
    this.#waitingFor = 0;
    if (bytes[end - 1] === 32 && PROMPT_ENDS.has(bytes[end - 2]!)) this.prompts += 1;
  }

  /** What a person types, once it is sure that one does. */
  get typed(): Typed | undefined {
    if (
      this.keys >= LEAST_KEYS &&
      this.keys >= MOSTLY * this.#packets &&
      this.echoes >= MOSTLY * this.keys &&
      this.outputs >= LEAST_OUTPUTS &&
      this.#heads >= MOSTLY * this.keys &&
      this.hands.human()
    )
      return 'keys';
    if (this.lines >= LEAST_LINES && this.lines >= MOSTLY * this.#packets && this.prompts >= LEAST_PROMPTS)
      return this.hands.human('lines') ? 'lines' : undefined;
    return undefined;
  }

  /** As long as the key, or in a frame of its own that is always the same. */
  #isEcho(size: number): boolean {
    const more = size - this.#waitingFor;
    if (more >= 0 && more <= MOST_MORE) return true;
    return this.#waitingFor >= FRAME.least && size === this.#echo.value && Math.abs(more) <= MOST_FRAME_MORE;
  }
}

/** The number that comes more often than all others together, if one does (Boyer and Moore). */
class Vote {
  value = 0;
  #lead = 0;

  vote(value: number): void {
    if (this.#lead === 0) this.value = value;
    this.#lead += value === this.value ? 1 : -1;
  }
}
