import { expect, it } from 'vitest';
import { Noted } from './capture-losses.ts';

it('keeps what was noted, up to a bound', () => {
  const noted = new Noted();
  for (let one = 0; one < 1003; one++) noted.note({ reason: `fault ${one}`, offset: one });

  expect(noted.issues).toHaveLength(1001);
  expect(noted.issues.slice(999)).toEqual([
    { reason: 'fault 999', offset: 999 },
    { reason: '3 further faults', offset: 999 },
  ]);
});
