/** As many wrong answers, before any host has taken the password, as do not lock an account. */
const REFUSALS = 2;

/**
 * One password for all hosts, asked for when the first host wants it.
 *
 * Until a host has taken it, one host after the other tries it, and after two refusals no other is given it: a slip of the
 * hand must not lock the account on forty hosts.
 */
export interface PasswordKeeper {
  /** A copy of the password for this host, or why it gets none. */
  readonly give: (host: string) => Promise<Uint8Array | 'nobody to ask' | 'refused elsewhere'>;
  /** What the host made of it; undefined where that never became known. To be told whenever `give` was called. */
  readonly tell: (host: string, taken: boolean | undefined) => void;
}

/** @param ask Asks a person; gives undefined where nothing was answered. */
export function passwordKeeper(ask: () => Promise<Uint8Array | undefined>): PasswordKeeper {
  let word: Promise<Uint8Array | undefined> | undefined;
  let [known, refusals] = [false, 0];
  let turn: Promise<unknown> = Promise.resolve();
  const ends = new Map<string, () => void>();
  return {
    async give(host) {
      if (!known) {
        const before = turn;
        const { promise: told, resolve } = Promise.withResolvers<void>();
        ends.set(host, resolve);
        turn = Promise.all([before, told]);
        await before;
      }
      if (!known && refusals >= REFUSALS) return 'refused elsewhere';
      const given = await (word ??= ask());
      return given === undefined ? 'nobody to ask' : Uint8Array.from(given);
    },
    tell(host, taken) {
      if (taken === true) known = true;
      if (taken === false) refusals += 1;
      ends.get(host)?.();
      ends.delete(host);
    },
  };
}
