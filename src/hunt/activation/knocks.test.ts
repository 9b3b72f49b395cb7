import { expect, it } from 'vitest';
import { KnockTable, knocksBefore, type Knocks } from './knocks.ts';

const PAIR = 3 * 2 ** 20 + 4;

/** Asks for ports one second after the other; gives what is known in the end. */
function asked(table: KnockTable, ports: readonly number[], from = 1): Knocks | undefined {
  let knocks: Knocks | undefined;
  for (const [index, port] of ports.entries()) knocks = table.asked(PAIR, port, index + 1, 0, (from + index) * 1e6);
  return knocks;
}

it('holds nothing of a pair that asks for one port again and again', () => {
  expect(asked(new KnockTable(), [80, 80, 80])).toBeUndefined();
});

it('gives the knocks before a port, without those that opened', () => {
  const table = new KnockTable();
  asked(table, [7000]);
  table.opened(PAIR, 7000);
  const knocks = asked(table, [8000, 9000, 22, 5002])!;
  const frames = knocksBefore(knocks, 5002);

  expect(frames === 'scan' ? frames : frames.map(({ frame }) => frame)).toEqual([1, 2, 3]);
});

it('forgets knocks of more than a minute ago', () => {
  const table = new KnockTable();
  asked(table, [1, 2, 3]);
  const knocks = asked(table, [4, 5], 100)!;

  expect(knocksBefore(knocks, 5)).toHaveLength(1);
});

it('calls many ports a scan', () => {
  const knocks = asked(
    new KnockTable(),
    Array.from({ length: 30 }, (_, port) => port + 1),
  )!;

  expect([knocksBefore(knocks, 99), knocks.ports.size]).toEqual(['scan', 13]);
});
