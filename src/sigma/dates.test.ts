import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DATE_PARTS, datePart } from './dates.ts';

it.each([
  ['2026-02-11T03:07:59', [7, 3, 11, 7, 2, 2026]],
  ['2026-02-11 03:07:00.123456+02:00', [7, 3, 11, 7, 2, 2026]],
  ['2026-02-11T23:30:00Z', [30, 23, 11, 7, 2, 2026]],
  ['2026/02/11 3:07', [7, 3, 11, 7, 2, 2026]],
  ['20260211T030759Z', [7, 3, 11, 7, 2, 2026]],
  ['11/Feb/2026:03:07:59 +0000', [7, 3, 11, 7, 2, 2026]],
  ['Wed, 11 Feb 2026 03:07:59 GMT', [7, 3, 11, 7, 2, 2026]],
  ['Feb 11 03:07:59', [7, 3, 11, undefined, 2, undefined]],
  ['Wed Feb 11 03:07:59 UTC 2026', [7, 3, 11, 7, 2, 2026]],
  ['2024-12-30', [undefined, undefined, 30, 1, 12, 2024]],
  ['2027-01-03', [undefined, undefined, 3, 53, 1, 2027]],
  ['2024-02-29', [undefined, undefined, 29, 9, 2, 2024]],
])('%s', (text, parts) => {
  expect(DATE_PARTS.map((part) => datePart(text, part))).toEqual(parts);
});

it.each([
  '',
  'soon',
  '1772582400',
  '2026-02-30',
  '2026-13-01',
  '2026-02-11T24:00:00',
  '2026-02/11',
  '11 Foo 2026',
  '2026-02-11x',
])('%j is no date', (text) => {
  expect(datePart(text, 'month')).toBeUndefined();
});

it('never throws', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'0123456789-/: TZ.,+FebMar') }),
      (text) => void datePart(text, 'week'),
    ),
  );
});
