import { expect, it } from 'vitest';
import { faultsOf } from '../testing/registry.ts';
import { detectors } from './index.ts';

it('lists what the folder exports', async () => {
  expect(await faultsOf(new URL('.', import.meta.url), detectors, (value) => 'detect' in value)).toEqual([]);
});
