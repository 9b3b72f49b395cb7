import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { progressOf } from './progress.ts';

/** What a terminal was sent over all steps of some work. */
function shown(total: number): string {
  let text = '';
  const terminal = new Writable({ write: (part, _encoding, done) => ((text += String(part)), done()) });
  const progress = progressOf({ progress: Object.assign(terminal, { isTTY: true, columns: 80 }) }, total, 'hosts');
  for (let step = 0; step < total; step++) progress.step();
  progress.stop();
  return text;
}

it('shows a bar while several things are worked on', () => {
  expect(shown(3)).toMatch(/0 of 3 hosts/);
});

it('shows none for a single thing, nor where there is no terminal', () => {
  const progress = progressOf({ progress: undefined }, 3, 'hosts');
  progress.step();
  progress.stop();

  expect(shown(1)).toBe('');
});
