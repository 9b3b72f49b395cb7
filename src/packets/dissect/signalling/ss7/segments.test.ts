import { expect, it } from 'vitest';
import { SccpSegments } from './segments.ts';

const part = (first: boolean, remaining: number, reference = 1) => ({ first, remaining, reference });
const [A, B, C] = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)] as const;

it('puts parts together, whichever comes last', () => {
  const segments = new SccpSegments();

  expect(segments.add('x', part(true, 2), A)).toBeUndefined();
  expect(segments.add('x', part(false, 0), C)).toBeUndefined();
  expect([...(segments.add('x', part(false, 1), B) as Uint8Array)]).toEqual([1, 2, 3]);
  expect(segments.add('x', part(false, 0), C)).toBe('alone');
});

it('keeps senders and references apart', () => {
  const segments = new SccpSegments();
  segments.add('x', part(true, 1), A);

  expect(segments.add('y', part(false, 0), B)).toBe('alone');
  expect(segments.add('x', part(false, 0, 2), B)).toBe('alone');
});

it('takes no part twice, and none that the first did not announce', () => {
  const segments = new SccpSegments();
  segments.add('x', part(true, 2), A);
  segments.add('x', part(false, 1), B);

  expect(segments.add('x', part(false, 1), C)).toBeUndefined();
  expect(segments.add('x', part(false, 9), C)).toBeUndefined();
  expect([...(segments.add('x', part(false, 0), C) as Uint8Array)]).toEqual([1, 2, 3]);
});

it('drops the oldest where too many wait', () => {
  const segments = new SccpSegments();
  for (let reference = 0; reference < 513; reference++) segments.add('x', part(true, 1, reference), A);

  expect(segments.dropped).toBe(1);
  expect(segments.add('x', part(false, 0, 0), B)).toBe('alone');
});
