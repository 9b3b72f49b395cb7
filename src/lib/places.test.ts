import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { resourceFolder } from './places.ts';

it('finds what ships beside the program', () => {
  expect(existsSync(new URL('linux/', resourceFolder('rules')))).toBe(true);
  expect(resourceFolder('site').href.endsWith('/site/')).toBe(true);
});
