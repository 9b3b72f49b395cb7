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
const WIDTH = 6;
const [PORT, OPEN, FRAME, OFFSET, MICROS] = [1, 2, 3, 4, 5];

/**
 * Who asked for which ports of whom lately. Of most pairs it is always the same port: these take no more than a slot in typed
 * arrays; the ones that try several are held one by one, those that did so last.
 */
export class KnockTable {
  readonly #pairs = new Map<number, Knocks>();
  /** Of each slot the pair, the port, whether it opened, and the frame, offset and microseconds of when it was asked for. */
  readonly #slots = new Float64Array(SLOTS * WIDTH);

  /**
   * Takes note of a port that was asked for.
   *
   * @param pair A number for the two hosts; 0 is none.
   * @returns What is known of the pair, or undefined where it is only this port.
   */
  asked(pair: number, port: number, frame: number, offset: number, micros: number): Knocks | undefined {
    const held = this.#pairs.get(pair);
    if (held !== undefined) return note(held, port, { frame, offset, micros });
    const slots = this.#slots;
    const slot = slotOf(pair);
    if (slots[slot] === pair && slots[slot + PORT] !== port && slots[slot + MICROS]! + WITHIN_MICROS >= micros) {
      const knocks: Knocks = { ports: new Map(), trigger: undefined };
      if (this.#pairs.size >= MOST_PAIRS) this.#pairs.delete(this.#pairs.keys().next().value!);
      this.#pairs.set(pair, knocks);
      const [first, opened] = [slots[slot + PORT]!, slots[slot + OPEN] === 1];
      note(knocks, first, {
        frame: slots[slot + FRAME]!,
        offset: slots[slot + OFFSET]!,
        micros: slots[slot + MICROS]!,
      });
      knocks.ports.get(first)!.open = opened;
      return note(knocks, port, { frame, offset, micros });
    }
    slots[slot] = pair;
    slots[slot + PORT] = port;
    slots[slot + OPEN] = 0;
    slots[slot + FRAME] = frame;
    slots[slot + OFFSET] = offset;
    slots[slot + MICROS] = micros;
    return undefined;
  }

  /** Takes note of a port that answered with a session. */
  opened(pair: number, port: number): void {
    const knock = this.#pairs.get(pair)?.ports.get(port);
    if (knock !== undefined) knock.open = true;
    const slot = slotOf(pair);
    if (this.#slots[slot] === pair && this.#slots[slot + PORT] === port) this.#slots[slot + OPEN] = 1;
  }
}

function slotOf(pair: number): number {
  return ((pair ^ (pair / 2 ** 20)) & (SLOTS - 1)) * WIDTH;
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
