import type { NetworkEvent } from './watcher.ts';

/** More events of one name than anybody reads. */
const MOST_ALIKE = 2000;
/** So much is remembered for another capture. */
const MOST = 20_000;

/**
 * Lets each thing through once: what has the same name, host and peer is the same, and what became certain corrects what was
 * not. Bounded for each name; what is beyond is counted.
 */
export class Told {
  readonly #told = new Set<string>();
  readonly #alike = new Map<string, number>();
  /** What was told before this capture. */
  #before: readonly string[] = [];
  #known: ReadonlySet<string> = new Set();
  /** How many events came when no more were let through. */
  beyond = 0;

  isNew({ name, host, peer, measures }: NetworkEvent): boolean {
    const sure = measures['certain'] === true ? ' certain' : '';
    const key = `${name} ${host} ${peer}${sure}`;
    if (this.#told.has(key) || this.#known.has(key)) return false;
    const alike = this.#alike.get(name) ?? 0;
    if (alike >= MOST_ALIKE) {
      this.beyond += 1;
      return false;
    }
    this.#alike.set(name, alike + 1);
    this.#told.add(key);
    return true;
  }

  /** What was told; where it is too much, what was told last. */
  state(): readonly string[] {
    return [...this.#before, ...this.#told].slice(-MOST);
  }

  restore(state: unknown): void {
    if (!Array.isArray(state)) return;
    this.#before = state.filter((one): one is string => typeof one === 'string').slice(-MOST);
    this.#known = new Set(this.#before);
  }
}
