import { expect, it } from 'vitest';
import { entryOf } from './table.ts';

it('finds what a table has, and nothing that every object has', () => {
  const table = { udp: 17 };

  expect(['udp', 'tcp', '__proto__', 'constructor', 'toString'].map((word) => entryOf(table, word))).toEqual([
    17,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
