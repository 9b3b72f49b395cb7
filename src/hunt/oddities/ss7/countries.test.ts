import { expect, it } from 'vitest';
import { countryOf } from './countries.ts';

it.each([
  ['12125550100', '1'],
  ['79161234567', '7'],
  ['491711234567', '49'],
  ['8613900003', '86'],
  ['35699410525', '356'],
  ['35', undefined],
  ['0491711', undefined],
  ['49a', undefined],
  ['', undefined],
])('reads the country of %s', (digits, country) => expect(countryOf(digits)).toBe(country));
