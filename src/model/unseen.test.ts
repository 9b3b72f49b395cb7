import { expect, it } from 'vitest';
import { isUnseen, seen, unseen } from './unseen.ts';

it.each([
  [{ unseen: 'denied' }, true],
  [{ unseen: 'somehow' }, false],
  [{ unseen: 'denied', more: 1 }, false],
  [{ unseen: 1 }, false],
  [['unseen'], false],
  [null, false],
  ['unseen', false],
])('%j is unseen: %s', (value, expected) => {
  expect(isUnseen(value)).toBe(expected);
});

it('gives a value that was seen, false and null included', () => {
  expect([seen(false), seen(null), seen(unseen('denied'))]).toEqual([false, null, undefined]);
});
