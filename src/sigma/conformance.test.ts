import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sharedPath } from '../testing/shared.ts';
import { answerCase, ConformanceCase } from './conformance.ts';
import { parseEvent } from './event.ts';

const file = sharedPath('corpus', 'sigma-conformance', 'visible.json');
// Correlations and filters are not evaluated yet.
const LATER = ['correlation', 'filter'];
const Answered = ConformanceCase.extend({
  area: z.string(),
  title: z.string(),
  expect: z.string(),
  limit_ms: z.number().optional(),
});

describe.skipIf(file === undefined)('the conformance cases', () => {
  const { cases } = z
    .object({ cases: z.array(Answered) })
    .parse(file === undefined ? { cases: [] } : parseEvent(readFileSync(file, 'utf8')));

  it.each(cases.filter(({ area }) => !LATER.includes(area)).map((one) => [one.id, one.title, one] as const))(
    '%s: %s',
    (_id, _title, one) => {
      const start = performance.now();
      expect(answerCase(one).outcome).toBe(one.expect);
      expect(performance.now() - start).toBeLessThan(one.limit_ms ?? 1000);
    },
  );
});
