import { afterEach, expect, it, vi } from 'vitest';
import { directoryOf } from './files.ts';
import { needs, needsRoot, needsShared } from './tools.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('finds a program on the path', () => {
  expect(needs('sh', 'dash')).toEqual({ missing: false, label: '[needs sh of dash]' });
});

it('takes for missing what is not there or is no program', () => {
  vi.stubEnv('PATH', directoryOf({ 'a-text': 'not executable' }));

  expect(needs('a-text')).toEqual({ missing: true, label: '[needs a-text of a-text]' });
  expect(needs('no-such-program-anywhere').missing).toBe(true);
});

it('knows root', () => {
  expect(needsRoot()).toEqual({ missing: process.getuid?.() !== 0, label: '[needs root]' });
});

it('says where shared data would be', () => {
  expect(needsShared('no/such/data')).toMatchObject({ missing: true, label: '[needs ../shared/no/such/data]' });
});
