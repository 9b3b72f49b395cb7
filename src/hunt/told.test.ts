import { expect, it } from 'vitest';
import { Told } from './told.ts';
import type { NetworkEvent } from './watcher.ts';

const event = (name: string, host: string, peer: string): NetworkEvent => ({
  ...{ name, host, peer, text: '', protocol: 'tcp', path: 'eth/ip/tcp', first: '', last: '' },
  ...{ measures: {}, frames: [], filter: '' },
});

it('lets what has the same name, host and peer through once', () => {
  const told = new Told();
  const events: readonly (readonly [string, string, string])[] = [
    ['a', 'h', 'p'],
    ['a', 'h', 'p'],
    ['a', 'p', 'h'],
    ['b', 'h', 'p'],
  ];

  expect(events.map((one) => told.isNew(event(...one)))).toEqual([true, false, true, true]);
});

it('lets through what became certain, once', () => {
  const told = new Told();
  const sure = { ...event('a', 'h', 'p'), measures: { certain: true } };

  expect([event('a', 'h', 'p'), sure, sure, event('a', 'h', 'p')].map((one) => told.isNew(one))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it('is bounded, and counts what is beyond', () => {
  const told = new Told();
  for (let one = 0; one < 2003; one++) told.isNew(event('a', String(one), 'p'));

  expect([told.beyond, told.isNew(event('b', '0', 'p'))]).toEqual([3, true]);
});

it('takes up what was told before, the latest where it is too much', () => {
  const before = new Told();
  for (let one = 0; one < 15_000; one++) before.isNew(event(`a${one % 10}`, String(one), 'p'));
  const told = new Told();
  told.restore(before.state());
  expect(told.isNew(event('a0', '0', 'p'))).toBe(false);
  for (let one = 0; one < 15_000; one++) told.isNew(event(`b${one % 10}`, String(one), 'p'));

  expect(told.state()).toHaveLength(20_000);
  expect([told.state()[0], told.state().at(-1)]).toEqual(['a0 10000 p', 'b9 14999 p']);
});

it.each([[undefined], [{}], [[1, null, {}]]])('begins anew with a state that is none: %j', (state) => {
  const told = new Told();
  told.restore(state);

  expect(told.isNew(event('a', 'h', 'p'))).toBe(true);
  expect(told.state()).toEqual(['a h p']);
});
