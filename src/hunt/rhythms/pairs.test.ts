import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Pairs } from './pairs.ts';

it('measures the logarithms of times and sizes', () => {
  const pairs = new Pairs(() => undefined);
  const pair = [0, 10e6, 20e6, 30e6].map((micros) => pairs.call(1, 2, 443, micros, 99)).at(-1)!;
  const { gaps, mean, squares, size } = pairs.columns;

  expect([pairs.calls(pair), gaps[pair]]).toEqual([4, 3]);
  expect(squares[pair]).toBeCloseTo(0, 4);
  expect(Math.exp(mean[pair]!)).toBeCloseTo(10e6, -1);
  expect(Math.exp(size[pair]!) - 1).toBeCloseTo(99, 3);
});

it('keeps repeats and pauses out of the rhythm', () => {
  const pairs = new Pairs(() => undefined);
  const times = [0, 60, 120, 180, 180.2, 240, 241, 300, 10_000];
  const pair = times.map((time) => pairs.call(1, 2, 443, time * 1e6, 1)).at(-1)!;
  const { gaps, repeats, pauses } = pairs.columns;

  expect([gaps[pair], repeats[pair], pauses[pair]]).toEqual([5, 2, 1]);
});

it('forgets the pair that was not heard for longest, and says so', () => {
  const forgotten: number[] = [];
  const pairs = new Pairs((pair) => forgotten.push(pairs.columns.peer[pair]!), 1024);
  for (let peer = 0; peer < 1024; peer++) pairs.call(1, peer, 443, peer, 1);
  pairs.call(1, 0, 443, 5000, 1);
  pairs.call(1, 9999, 443, 6000, 1);

  expect([forgotten, pairs.forgotten, pairs.find(1, 1, 443), pairs.find(1, 0, 443) === -1]).toEqual([
    [1],
    1,
    -1,
    false,
  ]);
});

it('counts the hosts of a service up to a bound', () => {
  const pairs = new Pairs(() => undefined);
  for (const host of [1, 2, 3, 4, 4]) pairs.call(host, 9, 443, 0, 1);
  pairs.call(5, 9, 80, 0, 1);

  expect([pairs.hostsOf(9, 443, 3), pairs.hostsOf(9, 443, 10), pairs.hostsOf(8, 443, 3)]).toEqual([3, 4, 0]);
});

it('finds what it was told, as a map would, while it grows and forgets', () => {
  const call = fc.tuple(fc.nat(40), fc.nat(80), fc.nat(1));
  fc.assert(
    fc.property(fc.array(call, { maxLength: 4000 }), (calls) => {
      const pairs = new Pairs(() => undefined, 1024);
      const counts = new Map<string, number>();
      for (const [index, [host, peer, service]] of calls.entries()) {
        pairs.call(host, peer, service, index * 1e6, 1);
        const key = `${host} ${peer} ${service}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      if (pairs.forgotten > 0) return;
      for (const [key, count] of counts) {
        const [host = 0, peer = 0, service = 0] = key.split(' ').map(Number);
        expect(pairs.calls(pairs.find(host, peer, service))).toBe(count);
      }
    }),
    { numRuns: 20 },
  );
});
