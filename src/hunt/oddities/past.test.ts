import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Past } from './past.ts';

const learned = () => {
  const past = new Past({ messages: 3, micros: 100 });
  for (const micros of [0, 50, 100]) past.isNew('a', 1, micros);
  return past;
};

it('takes what comes after a quiet past for new, once', () => {
  const past = learned();

  expect([past.isNew('a', 2, 150), past.isNew('a', 2, 160), past.isNew('a', 3, 170), past.isNew('a', 3, 400)]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

it.each<[why: string, past: Past, micros: number]>([
  ['it is too short', learned(), 90],
  ['it has too few messages', new Past({ messages: 3, micros: 0 }), 1000],
])('says nothing of a past where %s', (_, past, micros) => expect(past.isNew('a', 2, micros)).toBe(false));

it('asks for a quiet as long as the learning was', () => {
  const past = learned();
  past.isNew('a', 2, 1000);

  expect([past.isNew('a', 3, 1500), past.isNew('a', 4, 3100)]).toEqual([false, true]);
});

it('is silent where values never end', () => {
  const past = new Past({ messages: 1, micros: 1 });

  expect(Array.from({ length: 2000 }, (_, value) => past.isNew('a', value, value)).filter(Boolean).length).toBeLessThan(
    256,
  );
  expect(past.isNew('a', 'another', 1e9)).toBe(false);
});

it('takes no value of a key for new twice', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(9), fc.nat(1000))), (seen) => {
      const past = new Past({ messages: 2, micros: 10 });
      const told = seen
        .filter(([key, value, micros]) => past.isNew(key, value, micros))
        .map(([key, value]) => `${key} ${value}`);

      expect(new Set(told).size).toBe(told.length);
    }),
  );
});
