import { expect, it } from 'vitest';
import { tally } from './tally.ts';

const TESTS = [
  { name: 'a.test.ts > works', state: 'passed' },
  { name: 'a.test.ts > breaks', state: 'failed' },
  { name: 'a.test.ts > as tcpdump [needs tcpdump of tcpdump] > counts', state: 'skipped' },
  { name: 'a.test.ts > on the corpus [needs ../shared/corpus/filters]', state: 'skipped' },
  { name: 'a.test.ts > later', state: 'skipped' },
  { name: 'a.test.ts > on a slow disk', state: 'skipped', note: 'the disk is fast' },
] as const;

it('counts, and names what was skipped and why', () => {
  expect(tally(TESTS, { ci: false, faults: [] })).toEqual({
    passed: 1,
    failed: 1,
    skipped: 4,
    notes: [
      'skipped: a.test.ts > as tcpdump [needs tcpdump of tcpdump] > counts: needs tcpdump of tcpdump',
      'skipped: a.test.ts > on the corpus [needs ../shared/corpus/filters]: needs ../shared/corpus/filters',
      'skipped: a.test.ts > later: it gives no reason',
      'skipped: a.test.ts > on a slow disk: the disk is fast',
    ],
    line: '1 passed, 1 failed, 4 skipped',
  });
});

it('lets only missing shared data be skipped in continuous integration', () => {
  const { line, notes } = tally(TESTS, { ci: true, faults: [] });

  expect(line).toBe('1 passed, 4 failed, 1 skipped');
  expect(notes.filter((note) => note.startsWith('failed, may not be skipped here'))).toHaveLength(3);
});

it('counts what fails outside of a test', () => {
  expect(tally(TESTS.slice(0, 1), { ci: false, faults: ['b.test.ts does not load'] })).toMatchObject({
    line: '1 passed, 1 failed, 0 skipped',
    notes: ['failed: b.test.ts does not load'],
  });
});

it('takes a run without tests for a failure', () => {
  expect(tally([], { ci: false, faults: [] })).toMatchObject({
    line: '0 passed, 1 failed, 0 skipped',
    notes: ['failed: no test was found'],
  });
});
