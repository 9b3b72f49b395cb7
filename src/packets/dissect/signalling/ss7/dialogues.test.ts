import { expect, it } from 'vitest';
import { Dialogues } from './dialogues.ts';

it('remembers the newest, and counts what it forgets', () => {
  const dialogues = new Dialogues();
  for (let number = 0; number <= 1 << 14; number++) dialogues.remember(String(number), number);

  expect([dialogues.userOf('0'), dialogues.userOf('1'), dialogues.userOf(String(1 << 14))]).toEqual([
    undefined,
    1,
    1 << 14,
  ]);
  expect(dialogues.forgotten).toBe(1);
});

it('takes what was said last', () => {
  const dialogues = new Dialogues();
  dialogues.remember('a', 1);
  dialogues.remember('a', 2);

  expect(dialogues.userOf('a')).toBe(2);
});
