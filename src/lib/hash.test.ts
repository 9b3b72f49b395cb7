import { expect, it } from 'vitest';
import { idOf, sha256 } from './hash.ts';

it('hashes as sha256sum does', () => {
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(sha256(new Uint8Array())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

it('gives the same words the same id, and keeps words apart', () => {
  expect(idOf('rule', 'host')).toMatch(/^[0-9a-f]{16}$/);
  expect(idOf('rule', 'host')).toBe(idOf('rule', 'host'));
  expect(new Set([idOf('a', 'bc'), idOf('ab', 'c'), idOf('abc'), idOf('a', 'b', 'c'), idOf('a","bc')]).size).toBe(5);
});
