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
const LEAST_PORTS = 3;
const MOST_PORTS = 12;

/** Who asked for which ports of whom lately, for those pairs that did so last. */
export class KnockTable {
  readonly #pairs = new Map<number, Knocks>();

  /** Takes note of a port that was asked for. @returns What is known of the pair. */
  asked(pair: number, port: number, moment: Moment): Knocks {
    let knocks = this.#pairs.get(pair);
    if (knocks === undefined) {
      knocks = { ports: new Map(), trigger: undefined };
      if (this.#pairs.size >= MOST_PAIRS) this.#pairs.delete(this.#pairs.keys().next().value!);
      this.#pairs.set(pair, knocks);
    }
    for (const [old, { moment: at }] of knocks.ports) {
      if (at.micros + WITHIN_MICROS >= moment.micros) break;
      knocks.ports.delete(old);
    }
    if (!knocks.ports.has(port) && knocks.ports.size <= MOST_PORTS) knocks.ports.set(port, { moment, open: false });
    return knocks;
  }

  /** Takes note of a port that answered with a session. */
  opened(pair: number, port: number): void {
    const knock = this.#pairs.get(pair)?.ports.get(port);
    if (knock !== undefined) knock.open = true;
  }
}

/** The knocks before one at a port, or undefined where they are too few or too many. */
export function knocksBefore({ ports }: Knocks, port: number): readonly Moment[] | undefined {
  if (ports.size > MOST_PORTS) return undefined;
  const closed = [...ports].filter(([other, { open }]) => !open && other !== port).map(([, { moment }]) => moment);
  return closed.length >= LEAST_PORTS ? closed : undefined;
}
