/** So many transactions are remembered. */
const MOST = 1 << 14;

/** What dialogues are about: their first messages tell it, later ones do not. Of too many the oldest are forgotten, and counted. */
export class Dialogues {
  readonly #users = new Map<string, number>();
  forgotten = 0;

  /** @param origin Who knows the transaction by which number, and with whom it shares it. */
  remember(origin: string, user: number): void {
    this.#users.delete(origin);
    this.#users.set(origin, user);
    if (this.#users.size <= MOST) return;
    this.#users.delete(this.#users.keys().next().value!);
    this.forgotten += 1;
  }

  userOf(origin: string): number | undefined {
    return this.#users.get(origin);
  }
}
