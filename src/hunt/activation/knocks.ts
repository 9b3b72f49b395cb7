import type { Moment } from '../moment.ts';
import type { Trigger } from './trigger.ts';

/** What one host tried at another within a minute. */
export interface Knocks {
  readonly ports: Map<number, { readonly moment: Moment; open: boolean }>;
  trigger: Trigger | undefined;
}

const MOST_PAIRS = 4096;
const WITHIN_MICROS = 60e6;
/** So many closed ports in a row are a knock; more are a scan. */
export const LEAST_PORTS = 3;
const MOST_PORTS = 12;
/** Pairs of which one port is remembered; a newer pair takes the place of an older one. */
const SLOTS = 1 << 15;

/**
 * Who asked for which ports of whom lately. Of most pairs it is always the same port: these take no more than a slot in typed
 * arrays; the ones that try several are held one by one, those that did so last.
 */
export class KnockTable {
  readonly #pairs = new Map<number, Knocks>();
  readonly #slotPair = new Float64Array(SLOTS);
  readonly #slotPort = new Uint16Array(SLOTS);
  readonly #slotOpen = new Uint8Array(SLOTS);
  readonly #slotFrame = new Float64Array(SLOTS);
  readonly #slotOffset = new Float64Array(SLOTS);
  readonly #slotMicros = new Float64Array(SLOTS);

  /**
   * Takes note of a port that was asked for.
   *
   * @param pair A number for the two hosts; 0 is none.
   * @returns What is known of the pair, or undefined where it is only this port.
   */
  asked(pair: number, port: number, frame: number, offset: number, micros: number): Knocks | undefined {
    const held = this.#pairs.get(pair);
    if (held !== undefined) return note(held, port, { frame, offset, micros });
    const slot = slotOf(pair);
    const same = this.#slotPair[slot] === pair;
    if (same && this.#slotPort[slot] !== port && this.#slotMicros[slot]! + WITHIN_MICROS >= micros) {
      const knocks: Knocks = { ports: new Map(), trigger: undefined };
      if (this.#pairs.size >= MOST_PAIRS) this.#pairs.delete(this.#pairs.keys().next().value!);
      this.#pairs.set(pair, knocks);
      const before = {
        frame: this.#slotFrame[slot]!,
        offset: this.#slotOffset[slot]!,
        micros: this.#slotMicros[slot]!,
      };
      note(knocks, this.#slotPort[slot]!, before);
      if (this.#slotOpen[slot] === 1) knocks.ports.get(this.#slotPort[slot]!)!.open = true;
      return note(knocks, port, { frame, offset, micros });
    }
    this.#slotPair[slot] = pair;
    this.#slotPort[slot] = port;
    this.#slotOpen[slot] = 0;
    this.#slotFrame[slot] = frame;
    this.#slotOffset[slot] = offset;
    this.#slotMicros[slot] = micros;
    return undefined;
  }

  /** Takes note of a port that answered with a session. */
  opened(pair: number, port: number): void {
    const knock = this.#pairs.get(pair)?.ports.get(port);
    if (knock !== undefined) knock.open = true;
    const slot = slotOf(pair);
    if (this.#slotPair[slot] === pair && this.#slotPort[slot] === port) this.#slotOpen[slot] = 1;
  }
}

function slotOf(pair: number): number {
  return (pair ^ (pair / 2 ** 20)) & (SLOTS - 1);
}

function note(knocks: Knocks, port: number, moment: Moment): Knocks {
  for (const [old, { moment: at }] of knocks.ports) {
    if (at.micros + WITHIN_MICROS >= moment.micros) break;
    knocks.ports.delete(old);
  }
  if (!knocks.ports.has(port) && knocks.ports.size <= MOST_PORTS) knocks.ports.set(port, { moment, open: false });
  return knocks;
}

/** The knocks at closed ports before one at a port, or `scan` where so many ports were tried. */
export function knocksBefore({ ports }: Knocks, port: number): readonly Moment[] | 'scan' {
  if (ports.size > MOST_PORTS) return 'scan';
  return [...ports].filter(([other, { open }]) => !open && other !== port).map(([, { moment }]) => moment);
}
