/** The entry of a table under a word that came from outside: `__proto__` and `constructor` are in none. */
export function entryOf<Value>(table: Readonly<Record<string, Value>>, word: string): Value | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
