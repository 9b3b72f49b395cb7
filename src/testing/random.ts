/** A stream of numbers that is the same for the same seed. */
export interface Random {
  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number;
  /** An unsigned 32-bit number. */
  word(): number;
  pick<T>(values: readonly T[]): T;
}

/** Marsaglia's xorshift with 32 bits of state: good enough for test data. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0 || 1;
  const word = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>>= 0);
  };
  const below = (limit: number) => Math.floor((word() / 2 ** 32) * limit);
  return {
    word,
    below,
    pick: (values) => {
      const value = values[below(values.length)];
      if (value === undefined) throw new Error('nothing to pick from');
      return value;
    },
  };
}
